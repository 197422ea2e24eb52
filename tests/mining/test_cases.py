"""Golden cases: small programs as plain text, each with the patterns that are mined from it.

A file of ``cases/`` holds cases, each headed by ``[case name]``; ``[file NAME]`` starts a file (``app.py``
where there is none), ``[patterns]`` what is mined: a line each, and below it who does otherwise.
``CONDUIT_GOLDEN=update`` rewrites the last from what is mined now; read the diff.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from conduitc.analysis import analyse
from conduitc.ir.patterns import Pattern
from conduitc.mined import patterns_of
from conduitc.mining.rematch import rematch

HERE = Path(__file__).with_name("cases")
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
_HEAD = re.compile(r"^\[(case|file|patterns)(?: ([^\]]+))?\]\n", re.M)


class Case(NamedTuple):
    name: str
    files: dict[str, str]
    expected: str


def cases(path: Path) -> Iterator[Case]:
    parts = _HEAD.split(path.read_text("utf-8"))
    name, files, expected = "", {}, ""
    for kind, named, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "case":
            if name:
                yield Case(name, files, expected)
            name, files, expected = named, {}, ""
            if text.strip():
                files["app.py"] = text
        elif kind == "file":
            files[named] = text
        else:
            expected = text.strip("\n")
    yield Case(name, files, expected)


FILES = sorted(HERE.glob("*.test"))
ALL = [pytest.param(path, one, id=f"{path.stem}-{one.name}") for path in FILES for one in cases(path)]


def mined(folder: Path, files: dict[str, str]) -> tuple[Pattern, ...]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return patterns_of(analyse(folder / "app.py"))


def told(patterns: tuple[Pattern, ...]) -> str:
    lines = []
    for one in patterns:
        template = one.template.replace("\n", " ⏎ ")
        lines.append(f"{one.category} {one.support}/{one.n} {one.population}: {template}")
        lines += [f"  but {x.span.file}:{x.span.line} {x.why}".rstrip() for x in one.exceptions]
    return "\n".join(lines)


@pytest.mark.parametrize(("path", "case"), ALL)
def test_case(path: Path, case: Case, tmp_path: Path) -> None:
    patterns = mined(tmp_path, case.files)
    got = told(patterns)
    if UPDATE:
        text = path.read_text("utf-8")
        head, _, rest = text.partition(f"[case {case.name}]\n")
        body, mark, after = rest.partition("[case ")
        program = body.partition("[patterns]\n")[0]
        path.write_text(
            f"{head}[case {case.name}]\n{program}[patterns]\n{got}\n\n{mark}{after}".rstrip() + "\n"
        )
        return
    assert got == case.expected
    for one in patterns:
        assert rematch(one.template, one.example_text) is not None, (one.template, one.example_text)
