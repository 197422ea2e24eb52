"""A place → the text that stands there, as an example to be copied."""

from __future__ import annotations

from textwrap import dedent

from conduitc.frontend.project import Project
from conduitc.span import Span

#: Characters of an example; of a longer one the lines that fit.
LONGEST = 1_500


def shown(project: Project, span: Span) -> str:
    """The whole lines of ``span``, without their common indentation."""
    for scope in project.scopes.values():
        if scope.source.file == span.file:
            text = dedent("\n".join(scope.source.lines[span.line - 1 : span.end_line]))
            return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0] + "\n    ..."
    return ""
