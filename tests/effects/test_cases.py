"""Golden cases: functions, and what their bodies are known to do.

A file holds cases, each headed by ``[case name]``; in a case ``[file NAME]`` starts a further module, and
``[effects]`` what the compiler says of every function. ``make golden`` rewrites that; read the diff.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conduitc import frontend
from conduitc.ir.nodes import App, Function
from conduitc.ir.types import text

HERE = Path(__file__).parent
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
_HEAD = re.compile(r"^\[(case|file|effects)(?: ([^\]]+))?\]\n", re.MULTILINE)

Case = tuple[str, dict[str, str], str]


def cases(path: Path) -> list[Case]:
    parts = _HEAD.split(path.read_text("utf-8"))
    found: list[Case] = []
    for kind, name, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "case":
            found.append((name, {"app.py": body.strip("\n") + "\n"}, ""))
        elif kind == "file":
            found[-1][1][name] = body.strip("\n") + "\n"
        else:
            found[-1] = (*found[-1][:2], body.strip("\n"))
    return found


def read(files: dict[str, str], folder: Path) -> App:
    for name, body in files.items():
        (folder / name).write_text(body, "utf-8")
    app = frontend.load(folder / "app.py").app
    assert app is not None
    return app


def described(function: Function) -> Iterator[str]:
    """A function's effects, a line each."""
    effects = function.effects
    yield f"{function.module}.{function.qualname}{' awaits' if effects.awaits else ''}"
    for one in effects.blocking:
        yield f"  blocks {one.span.line}:{one.span.column} {one.reason} -> {one.help}"
    for one in effects.unproven:
        yield f"  unproven {one.span.line}:{one.span.column} {one.reason}"
    if effects.calls:
        yield f"  calls {', '.join(call.removeprefix('function:') for call in effects.calls)}"
    for use in effects.request_uses:
        yield f"  uses {use.parameter}.{use.attribute}{f'[{use.key!r}]' if use.key is not None else ''}"
    if effects.unused_parameters:
        yield f"  unused {', '.join(effects.unused_parameters)}"
    if effects.constant is not None:
        yield f"  constant {effects.constant.value!r}"
    if effects.returned is not None:
        yield f"  returns {text(effects.returned)}"


def outcome(files: dict[str, str], folder: Path) -> str:
    return "\n".join(line for one in read(files, folder).functions for line in described(one))


FILES = sorted(HERE.glob("*.test"))
ALL = [(path, case) for path in FILES for case in cases(path)]


@pytest.mark.skipif(UPDATE, reason="being rewritten")
@pytest.mark.parametrize(("path", "case"), ALL, ids=[f"{path.stem}-{case[0]}" for path, case in ALL])
def test_case(path: Path, case: Case, tmp_path: Path) -> None:
    name, files, expected = case
    assert outcome(files, tmp_path) == expected, f"{path.name}: {name}"


@pytest.mark.skipif(not UPDATE, reason="CONDUIT_GOLDEN=update rewrites the cases")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rewrite(path: Path, tmp_path: Path) -> None:
    lines = []
    for number, (name, files, _) in enumerate(cases(path)):
        folder = tmp_path / str(number)
        folder.mkdir()
        lines += [f"[case {name}]", files["app.py"]]
        for file, body in files.items():
            lines += [f"[file {file}]", body] if file != "app.py" else []
        lines += ["[effects]", outcome(files, folder), ""]
    path.write_text("\n".join(lines), "utf-8")
