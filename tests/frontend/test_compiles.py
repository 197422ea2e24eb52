"""What Python's parser takes and its compiler refuses is found where a program is checked or built."""

from pathlib import Path

import pytest

from conduitc import driver
from conduitc.analysis import analyse
from conduitc.diagnostics import CompileError, has_errors

APP = """\
from conduit import Conduit
import helper

app = Conduit()


@app.get("/")
def index():
    return 1
"""


@pytest.mark.parametrize(
    ("helper", "says", "line"),
    [
        ("x = 1\nreturn 3\n", "'return' outside function", 2),
        ("def f(a):\n    global a\n", "name 'a' is parameter and global", 2),
        ("def f(a, a):\n    pass\n", "duplicate argument 'a' in function definition", 1),
        ("nonlocal x\n", "nonlocal declaration not allowed at module level", 1),
        ("for x in y:\n    pass\nbreak\n", "'break' outside loop", 3),
        ("def f():\n    x = 1\n    from a import *\n", "import * only allowed at module level", 3),
    ],
)
def test_told_at_its_place(helper: str, says: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "helper.py").write_text(helper)
    found = [
        one for one in analyse(tmp_path / "app.py", compiled=True).diagnostics if one.severity == "error"
    ]
    assert [(one.rule.code, one.message, one.span.file, one.span.line) for one in found] == [
        ("CDT102", says, "helper.py", line)
    ]
    with pytest.raises(CompileError):
        driver.build(tmp_path / "app.py", tmp_path / "dist", kind="python")
    assert not (tmp_path / "dist").exists()


def test_what_compiles_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from __future__ import annotations\n" + APP)
    (tmp_path / "helper.py").write_text(
        "async def f():\n    return [x async for x in g()]\n\n\nassert (1, 'x')\n"
    )
    assert not has_errors(analyse(tmp_path / "app.py", compiled=True).diagnostics)


def test_a_file_of_that_name_elsewhere_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python reads the line of an error from the file it was given the name of, wherever that leads."""
    (tmp_path / "here").mkdir()
    (tmp_path / "app.py").write_text("from conduit import Conduit\n\napp = Conduit(\n")
    (tmp_path / "here" / "app.py").write_text("a\nb\nc\n")
    places = []
    for folder in (tmp_path, tmp_path / "here"):
        monkeypatch.chdir(folder)
        [found] = analyse(tmp_path / "app.py").diagnostics
        places.append((found.span.line, found.span.column))
    assert places == [(3, 14)] * 2
