"""Golden cases: plain text files, each program beside the App and the messages made of it.

A file holds cases, each headed by ``[case name]``; in a case ``[file NAME]`` starts a module (``app.py``
where there is none), ``[app]`` the printed App and ``[report]`` the text report. ``make golden`` rewrites the
last two from what the compiler says now; read the diff.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conduitc import frontend, passes
from conduitc.diagnostics import CompileError
from conduitc.ir.printer import printed
from conduitc.report.text import render

HERE = Path(__file__).parent
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
_HEAD = re.compile(r"^\[(case|file|app|report)(?: ([^\]]+))?\]\n", re.M)


@dataclass
class Case:
    name: str
    files: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)


def cases(path: Path) -> list[Case]:
    parts = _HEAD.split(path.read_text(encoding="utf-8"))
    found: list[Case] = []
    for kind, name, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "case":
            found.append(Case(name))
            if text.strip():
                found[-1].files["app.py"] = text.strip("\n") + "\n"
        elif kind == "file":
            found[-1].files[name] = text.strip("\n") + "\n"
        else:
            found[-1].expected[kind] = text.strip("\n")
    return found


def outcome(case: Case, folder: Path) -> dict[str, str]:
    """What the compiler makes of a case."""
    for name, text in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    try:
        loaded = frontend.load(folder / next(iter(case.files)))
    except CompileError as error:
        return {"report": render(error.diagnostics, case.files)}
    if loaded.app is None:
        return {"report": render(loaded.diagnostics, case.files)}
    app, found = passes.run(loaded.app)
    said = (*loaded.diagnostics, *found)
    return {"app": printed(app).strip("\n"), "report": render(said, case.files)}


def written(all_: list[Case]) -> str:
    lines = []
    for case in all_:
        lines.append(f"[case {case.name}]")
        for name, text in case.files.items():
            lines += [f"[file {name}]", text.rstrip("\n"), ""]
        for kind, text in case.expected.items():
            lines += [f"[{kind}]", text, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


FILES = sorted(HERE.glob("*.test"))
ALL = [(path, case) for path in FILES for case in cases(path)]


@pytest.mark.skipif(UPDATE, reason="being rewritten")
@pytest.mark.parametrize(("path", "case"), ALL, ids=[f"{path.stem}-{case.name}" for path, case in ALL])
def test_case(path: Path, case: Case, tmp_path: Path) -> None:
    found = outcome(case, tmp_path)
    for kind in ("app", "report"):
        assert found.get(kind, "") == case.expected.get(kind, ""), f"{path.name}: {case.name} [{kind}]"


@pytest.mark.skipif(not UPDATE, reason="CONDUIT_GOLDEN=update rewrites the cases")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rewrite(path: Path, tmp_path: Path) -> None:
    found = cases(path)
    for number, case in enumerate(found):
        case.expected = outcome(case, tmp_path / str(number))
    path.write_text(written(found), encoding="utf-8")
