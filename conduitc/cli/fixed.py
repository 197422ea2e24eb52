"""``check --fix``: a target → what is left of it, and lines that say what was changed."""

import os
from pathlib import Path

from conduitc.analysis import Analysis, analyse
from conduitc.diagnostics import Diagnostic
from conduitc.fixing import fix
from conduitc.frontend.quoted import root_of


def fixed(target: str) -> tuple[Analysis, list[str]]:
    """Apply the safe fixes of a program."""
    done = fix(lambda: analyse(target, compiled=True))
    root = root_of(target)
    base = Path(os.path.relpath(root)).as_posix() if root is not None else "."

    def here(file: str) -> str:
        return file if base == "." else f"{base}/{file}"

    lines = [f"fixed {here(_place(one))} {one.rule.code}: {_title(one)}" for one in done.applied]
    lines += [f"not fixed {here(file)}: {why}" for file, why in sorted(done.refused.items())]
    return done.analysis, lines


def _place(one: Diagnostic) -> str:
    assert one.fix is not None
    return str(one.fix.span)


def _title(one: Diagnostic) -> str:
    assert one.fix is not None
    return one.fix.title
