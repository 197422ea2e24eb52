"""A target → what is known of the program: its project, its App, and all that was found in it.

The first half of every story: ``check`` ends here, so nothing that writes code is imported.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from conduitc import curation, frontend, passes, places
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.frontend import compiles
from conduitc.frontend.limits import TOO_LARGE
from conduitc.frontend.project import Project, find_target
from conduitc.ir.nodes import App
from conduitc.kept import Kept
from conduitc.span import Span
from conduitc.suppress import silence

S = TypeVar("S", bound=str | Path)
P = ParamSpec("P")
R = TypeVar("R")


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
    compiled: bool = False,
    kept: Kept | None = None,
) -> Analysis:
    """Read a program and check it. ``target`` is a file, a package, or ``module:variable``.

    ``module``, ``line`` and ``also`` are what a running app knows more (see ``frontend.load``). ``compiled``:
    would Python compile its modules, too? That takes 3 ms per 1,000 lines. ``kept`` is what
    earlier analyses in this process left.
    """
    if kept is not None:
        kept.turn()
    try:
        return _analyse(target, fold, module, line, also, compiled, kept)
    except CompileError as error:
        return Analysis(None, None, error.diagnostics)


def bounded(run: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """``run(target, …)``, where whatever is too deep or too large all the same ends in a diagnostic.

    The net below ``frontend.limits``: what nests or grows is bounded where it is read.
    """

    @wraps(run)
    def within(target: S, /, *arguments: P.args, **keywords: P.kwargs) -> R:
        try:
            return run(target, *arguments, **keywords)
        except RecursionError:
            what = "something in this program is nested too deeply"
        except MemoryError:
            what = "this program needs more memory than there is"
        root, file = find_target(target).root, places.entry_file(places.split(str(target))[0])
        name = file.relative_to(root).as_posix() if file is not None else ""
        raise CompileError(TOO_LARGE.at(Span(name, 1, 1, 1, 1), what=what))

    return within


@bounded
def _analyse(
    target: str | Path,
    fold: bool,
    module: str | None,
    line: int | None,
    also: Sequence[Path],
    compiled: bool,
    kept: Kept | None,
) -> Analysis:
    loaded = frontend.load(target, module=module, line=line, also=also, kept=kept)
    app, found = loaded.app, loaded.diagnostics
    found = (*found, *curation.read(curation.file_of(loaded.project.root), loaded.project.root).diagnostics)
    if compiled:
        found = (*found, *compiles.refused(loaded.project))
    if app is not None:
        app, more = passes.run(app, fold=fold)
        found = (*found, *more)
    left = silence(loaded.project, found)
    return Analysis(loaded.project, app, left.diagnostics, left.heeded)
