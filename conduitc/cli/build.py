"""``conduitc build``: compile, then say what was built."""

import sys
from collections.abc import Iterable
from pathlib import Path

from conduitc.cli.findings import shown
from conduitc.cli.summary import summary
from conduitc.codegen.emit import Target
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.report.text import wants_color


def build_command(target: str, folder: Path, kind: Target | None, jobs: int, fold: bool, quiet: bool) -> int:
    """Build ``target`` into ``folder``; 0, or 1 where it failed."""
    from conduitc.driver import build

    try:
        built = build(target, folder, kind=kind, fold=fold, jobs=jobs)
    except CompileError as error:
        _complain(error.diagnostics, target)
        return 1
    _complain(built.diagnostics, target)
    if not quiet:
        print(summary(built))
    return 0


def _complain(diagnostics: Iterable[Diagnostic], target: str) -> None:
    """Errors and warnings; hints are for ``check``."""
    worth = [one for one in diagnostics if one.severity != "info"]
    if worth:
        print(shown(worth, target, color=wants_color(sys.stderr)), file=sys.stderr)
