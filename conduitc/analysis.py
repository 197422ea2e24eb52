"""A target → what is known of the program: its project, its App, and all that was found in it.

The first half of every story: ``check`` ends here, so nothing that writes code is imported.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from conduitc import frontend, passes
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.frontend.project import Project
from conduitc.ir.nodes import App
from conduitc.span import Span
from conduitc.suppress import silence


class Analysis(Struct, frozen=True):
    """What is known of a program without writing anything; ``app`` is None where none was found.

    ``heeded`` are the places of suppression comments that took a finding out.
    """

    project: Project | None
    app: App | None
    diagnostics: tuple[Diagnostic, ...]
    heeded: tuple[Span, ...] = ()


def analyse(
    target: str | Path,
    *,
    fold: bool = True,
    module: str | None = None,
    line: int | None = None,
    also: Sequence[Path] = (),
) -> Analysis:
    """Read a program and check it. ``target`` is a file, a package, or ``module:variable``.

    ``module``, ``line`` and ``also`` are what a running app knows more (see ``frontend.load``).
    """
    try:
        loaded = frontend.load(target, module=module, line=line, also=also)
    except CompileError as error:
        return Analysis(None, None, error.diagnostics)
    app, found = loaded.app, loaded.diagnostics
    if app is not None:
        app, more = passes.run(app, fold=fold)
        found = (*found, *more)
    left = silence(loaded.project, found)
    return Analysis(loaded.project, app, left.diagnostics, left.heeded)
