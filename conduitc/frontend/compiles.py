"""Modules of a project → what Python's compiler refuses of them though its parser does not.

A ``return`` outside of a function, a name that is global and a parameter, ``nonlocal`` at the top: such a
module cannot be imported. Nothing is executed; the code that is made is thrown away.
"""

import warnings
from collections.abc import Iterator
from functools import partial

from conduitc.diagnostics import Diagnostic
from conduitc.frontend.project import Project
from conduitc.frontend.source import NO_FILE, SYNTAX, Source, inside


def refused(project: Project) -> Iterator[Diagnostic]:
    """One finding for each module that cannot be compiled; what is too deep for it is told elsewhere."""
    kept = project.kept
    for scope in project.scopes.values():
        source = scope.source
        if source.file:
            if kept is None:
                yield from _refused(source)
            else:
                yield from kept.get("compiles", (source.file, source.sha256), partial(_refused, source))


def _refused(source: Source) -> tuple[Diagnostic, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.tree, NO_FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return (SYNTAX.at(inside(source.lines, source.file, error), why=error.msg or "invalid syntax"),)
    except (ValueError, OverflowError, SystemError, RecursionError, MemoryError):
        pass
    return ()
