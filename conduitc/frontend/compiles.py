"""Modules of a project → what Python's compiler refuses of them though its parser does not.

A ``return`` outside of a function, a name that is global and a parameter, ``nonlocal`` at the top: such a
module cannot be imported. Nothing is executed; the code that is made is thrown away.
"""

import warnings
from collections.abc import Iterator

from conduitc.diagnostics import Diagnostic
from conduitc.frontend.project import Project
from conduitc.frontend.source import NO_FILE, SYNTAX, Source, inside


def refused(project: Project) -> Iterator[Diagnostic]:
    """One finding for each module that cannot be compiled; what is too deep for it is told elsewhere."""
    for scope in project.scopes.values():
        if scope.source.file:
            try:
                _compile(scope.source)
            except SyntaxError as error:
                span = inside(scope.source.lines, scope.source.file, error)
                yield SYNTAX.at(span, why=error.msg or "invalid syntax")
            except (ValueError, OverflowError, SystemError, RecursionError, MemoryError):
                continue


def _compile(source: Source) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(source.tree, NO_FILE, "exec", dont_inherit=True)
