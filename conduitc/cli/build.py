"""``conduitc build``: compile, then say what was built; where nothing changed, only that.

What a build needs is imported once it is clear that there is something to build.
"""

import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from conduitc import unchanged
from conduitc.cache import Cache, user_cache
from conduitc.cli.out import put
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.kept import Kept
from conduitc.options import PLAIN, Options

if TYPE_CHECKING:
    from conduitc.codegen.emit import Target

#: The target is what is wrong, not the program.
_WHICH = ("which-app", "no-such-app")


def build_command(
    target: str,
    folder: Path = Path("dist"),
    kind: "Target | None" = None,
    jobs: int = 2,
    options: Options = PLAIN,
    quiet: bool = False,
    no_cache: bool = False,
    watch: bool = False,
) -> int:
    """Build ``target`` into ``folder``; 0, 1 where it failed, 2 where it does not say which app is meant."""
    signal.signal(signal.SIGTERM, _ended)

    kept = Kept() if watch else None

    def build() -> int:
        cache = Cache() if no_cache else user_cache()
        told = unchanged.find(target, folder, kind, options, cache)
        if told is not None:
            return _same(told, target, folder, quiet)
        return _made(target, folder, kind, jobs, options, quiet, cache, kept)

    if watch:
        from conduitc.dev.rebuild import rebuild

        return rebuild(target, folder, build, _silent if quiet else put)
    return build()


def _silent(text: str) -> None:
    """With ``-q`` only problems are printed."""


def _same(told: unchanged.Told, target: str, folder: Path, quiet: bool) -> int:
    _complain(told.diagnostics, target)
    if not quiet:
        routes = f"{told.routes} route{'s' if told.routes != 1 else ''}"
        lines = [f"nothing changed: {folder} is {told.app} ({routes}, {told.target} target)"]
        put("\n".join([*lines, *(f"note: {note}" for note in told.notes)]))
    return 0


def _made(
    target: str,
    folder: Path,
    kind: "Target | None",
    jobs: int,
    options: Options,
    quiet: bool,
    cache: Cache,
    kept: Kept | None,
) -> int:
    from conduitc.cli.summary import notes, summary
    from conduitc.driver import build

    try:
        built = build(target, folder, kind=kind, options=options, jobs=jobs, cache=cache, kept=kept)
    except CompileError as error:
        _complain(error.diagnostics, target)
        return 2 if any(one.rule.slug in _WHICH for one in error.diagnostics) else 1
    _complain(built.diagnostics, target)
    if not quiet:
        put(summary(built))
    worth = tuple(one for one in built.diagnostics if one.severity != "info")
    app = f"{built.app.module}:{built.app.variable}"
    told = unchanged.Told(app, built.target, len(built.app.routes), worth, tuple(notes(built)))
    unchanged.remember(built.mark, told, cache)
    cache.trim()
    return 0


def _ended(number: int, frame: object) -> None:
    """Asked to end: leave as an exception does, so that compilers are stopped and folders removed."""
    raise SystemExit(128 + number)


def _complain(diagnostics: Iterable[Diagnostic], target: str) -> None:
    """Errors and warnings; hints are for ``check``."""
    worth = [one for one in diagnostics if one.severity != "info"]
    if worth:
        from conduitc.cli.findings import shown
        from conduitc.report.text import wants_color, width_for

        color, width = wants_color(sys.stderr), width_for(sys.stderr)
        print(shown(worth, target, color=color, width=width), file=sys.stderr)
