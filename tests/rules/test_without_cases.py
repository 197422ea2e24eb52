"""Rules whose programs are too large to be shown, or that speak of more than one program's text."""

import sys
from pathlib import Path

import pytest

from conduitc.copied import user_sources
from conduitc.diagnostics import CompileError
from conduitc.driver import analyse
from tests.rules.cases import analysed, said_of, written

APP = "from conduit import Conduit\n\napp = Conduit()\n"


def test_changed_during_build(tmp_path: Path) -> None:
    path = written(tmp_path, {"app.py": APP}) / "app.py"
    found = analyse(path)
    assert found.app is not None and found.project is not None
    path.write_text(APP + "\n")
    with pytest.raises(CompileError) as raised:
        user_sources(found.app, found.project)
    assert [one.rule.code for one in raised.value.diagnostics] == ["CDT502"]


def test_too_large(tmp_path: Path) -> None:
    assert [one.rule.code for one in analysed(tmp_path, f"{APP}x = 0x{'f' * 4000}\n")] == ["CDT120"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows the statement")
def test_newer_syntax(tmp_path: Path) -> None:
    folder = written(tmp_path, {"app.py": APP + "import names\n", "names.py": "type Name = str\n"})
    assert "CDT122" in [one.rule.code for one in said_of(folder)]


def test_ignores_error(tmp_path: Path) -> None:
    case = f'{APP}\n@app.get("users")  # conduit: ignore[CDT201]\ndef users():\n    return []\n'
    assert {one.rule.code for one in analysed(tmp_path, case)} == {"CDT192", "CDT201"}
