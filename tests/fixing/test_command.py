"""``check --fix`` as it is typed: what it prints, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.fixing.test_files import RIGHT, WRONG

ROOT = Path(__file__).parent.parent.parent


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    modules = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    return subprocess.run(
        [sys.executable, "-m", "conduitc", "check", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": modules, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/app.py").write_text(WRONG)
    done = check(tmp_path, "shop/app.py", "--fix")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "fixed shop/app.py:6:11 CDT201: begin with a slash\n\nno problems found\n"
    assert (tmp_path / "shop/app.py").read_text() == RIGHT
    again = check(tmp_path, "shop/app.py", "--fix")
    assert (again.returncode, again.stdout) == (0, "no problems found\n")


def test_something_is_left(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WRONG + '\n\n@app.get("/b")\ndef g(x):\n    return x\n')
    (tmp_path / "other.py").write_text(WRONG)
    (tmp_path / "other.py").chmod(0o444)
    done = check(tmp_path, "app.py", "other.py", "--fix")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "fixed app.py:6:11 CDT201: begin with a slash\n\nnot fixed other.py: is read-only\n\nerror[CDT"
    )
    assert done.stdout.endswith("2 errors\n")


def test_a_machine_reads_the_rest(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WRONG)
    done = check(tmp_path, "app.py", "--fix", "--format", "json")
    assert json.loads(done.stdout)["diagnostics"] == []
    assert done.stderr.startswith("fixed app.py:6:11 CDT201")
