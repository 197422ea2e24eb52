"""``conduitc build``: compile, then say what was built."""

import sys
from pathlib import Path

from conduitc.cli.findings import shown
from conduitc.cli.summary import summary
from conduitc.codegen.emit import Target
from conduitc.diagnostics import CompileError
from conduitc.report.text import wants_color


def build_command(target: str, folder: Path, kind: Target | None, jobs: int, fold: bool, quiet: bool) -> int:
    """Build ``target`` into ``folder``; 0, or 1 where it failed."""
    from conduitc.driver import build

    try:
        built = build(target, folder, kind=kind, fold=fold, jobs=jobs)
    except CompileError as error:
        print(shown(error.diagnostics, target, color=wants_color(sys.stderr)), file=sys.stderr)
        return 1
    worth = [d for d in built.diagnostics if d.severity != "info"]
    if worth:
        print(shown(worth, target, color=wants_color(sys.stderr)), file=sys.stderr)
    if not quiet:
        print(summary(built))
    return 0
