"""What is looked for inside functions without reading them all: imports, misplaced declarations.

The text says where to look, so a module without such lines costs one search.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from conduitc.frontend.imports import Execute, import_from, import_statement
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Frame, Scope
from conduitc.frontend.values import Function

#: Line ends are found fast, which ``^`` is not; a first line is never indented.
_INDENTED_IMPORT = re.compile(r"\n[ \t]+(?:import|from)[ \t]")


def inner_imports(project: Project, execute: Execute) -> None:
    """Follow the imports inside functions: their modules belong to the project, run or not."""
    done = 0
    while done < len(project.scopes):
        scope = list(project.scopes.values())[done]
        done += 1
        for function in functions_at(scope, matches(scope, _INDENTED_IMPORT)):
            frame = Frame(scope, {})
            frame.under(project.new_test())
            for node in ast.walk(function.node):
                if isinstance(node, ast.Import):
                    import_statement(frame, node, execute)
                elif isinstance(node, ast.ImportFrom):
                    import_from(frame, node, execute)


def lines_at(text: str, offsets: Iterable[int]) -> list[int]:
    """The lines on which characters stand, given in rising order."""
    line, done, lines = 1, 0, []
    for offset in offsets:
        line += text.count("\n", done, offset)
        done = offset
        lines.append(line)
    return lines


def matches(scope: Scope, pattern: re.Pattern[str]) -> list[int]:
    """The lines on which matches of ``pattern`` end."""
    return lines_at(scope.source.text, (found.end() for found in pattern.finditer(scope.source.text)))


def functions_at(scope: Scope, lines: list[int]) -> Iterator[Function]:
    """The functions that one of the lines stands in, each once."""
    if not lines:
        return
    for function in scope.functions:
        index = bisect_left(lines, function.node.lineno)
        if index < len(lines) and lines[index] <= (function.node.end_lineno or 0):
            yield function
