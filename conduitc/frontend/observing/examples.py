"""A place → the text that stands there, as an example to be copied."""

from __future__ import annotations

from textwrap import dedent

from conduitc.diagnostics import CompileError
from conduitc.frontend.project import Project
from conduitc.frontend.source import read
from conduitc.span import Span

#: Characters of an example; of a longer one the lines that fit.
LONGEST = 1_500


def shown(project: Project, span: Span) -> str:
    """The whole lines of ``span``, without their common indentation."""
    lines = next((one.source.lines for one in project.scopes.values() if one.source.file == span.file), None)
    if lines is None:
        try:
            lines = read(project.root / span.file, span.file).lines
        except CompileError:
            return ""
    text = dedent("\n".join(lines[span.line - 1 : span.end_line]))
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n    ..."
