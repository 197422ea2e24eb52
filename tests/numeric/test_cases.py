"""Golden cases: which loops are compiled, with what types, and why others are left alone.

A file holds cases, each headed by ``[case name]``; in a case ``[loops]`` is what the compiler says of the
module. ``make golden`` rewrites that; read the diff.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conduitc.ir.loops import NumericLoops, printed
from tests.numeric.compiled import read

HERE = Path(__file__).parent
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
_HEAD = re.compile(r"^\[(case|loops)(?: ([^\]]+))?\]\n", re.MULTILINE)

Case = tuple[str, str, str]


def cases(path: Path) -> list[Case]:
    parts = _HEAD.split(path.read_text("utf-8"))
    found: list[Case] = []
    for kind, name, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "case":
            found.append((name, body.strip("\n") + "\n", ""))
        else:
            found[-1] = (*found[-1][:2], body.strip("\n"))
    return found


def described(loops: NumericLoops) -> Iterator[str]:
    for module in loops.modules:
        yield f"asked for {module.where} {module.place.line}:{module.place.column}"
        for loop in module.loops:
            yield from printed(loop)
    for one in loops.left:
        yield f"left {one.span.line} {one.function}: {one.reason}"


@pytest.mark.parametrize("name", ["left", "typed"])
def test_golden(name: str, tmp_path: Path) -> None:
    path = HERE / f"{name}.test"
    found = [
        (case, text, "\n".join(described(read(text, tmp_path / str(index)))))
        for index, (case, text, _) in enumerate(cases(path))
    ]
    if UPDATE:
        parts = [f"[case {case}]\n{text}[loops]\n{result}\n" for case, text, result in found]
        path.write_text("\n".join(parts), "utf-8")
    for (case, _, expected), (_, _, result) in zip(cases(path), found, strict=True):
        assert result == expected, case
