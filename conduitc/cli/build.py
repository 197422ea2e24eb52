"""``conduitc build``: compile, then say what was built."""

import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from conduitc.cli.findings import shown
from conduitc.cli.out import put
from conduitc.cli.summary import summary
from conduitc.codegen.emit import Target
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.report.text import wants_color

if TYPE_CHECKING:
    from conduitc.options import Options

#: The target is what is wrong, not the program.
_WHICH = ("which-app", "no-such-app")


def build_command(
    target: str, folder: Path, kind: Target | None, jobs: int, options: "Options", quiet: bool
) -> int:
    """Build ``target`` into ``folder``; 0, 1 where it failed, 2 where it does not say which app is meant."""
    from conduitc.driver import build

    signal.signal(signal.SIGTERM, _ended)
    try:
        built = build(target, folder, kind=kind, options=options, jobs=jobs)
    except CompileError as error:
        _complain(error.diagnostics, target)
        return 2 if any(one.rule.slug in _WHICH for one in error.diagnostics) else 1
    _complain(built.diagnostics, target)
    if not quiet:
        put(summary(built))
    return 0


def _ended(number: int, frame: object) -> None:
    """Asked to end: leave as an exception does, so that compilers are stopped and folders removed."""
    raise SystemExit(128 + number)


def _complain(diagnostics: Iterable[Diagnostic], target: str) -> None:
    """Errors and warnings; hints are for ``check``."""
    worth = [one for one in diagnostics if one.severity != "info"]
    if worth:
        print(shown(worth, target, color=wants_color(sys.stderr)), file=sys.stderr)
