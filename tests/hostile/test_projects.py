"""Files that are none, modules in circles, later Pythons' syntax, bytes of copies, interrupts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import driver
from conduitc.analysis import Analysis, analyse
from tests.hostile.box import SOAK, outcome
from tests.hostile.shape import APP

REPO = Path(__file__).parents[2]


def _said(analysis: Analysis) -> list[str]:
    return [f"{one.rule.code} {one.span.file}:{one.span.line} {one.message}" for one in analysis.diagnostics]


def _program(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "app.py"


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "folder.py").mkdir()
    assert _said(analyse(tmp_path / "pipe.py"))[0].endswith("pipe.py: it is no regular file")
    assert _said(analyse("/dev/null")) == ["CDT100 :0 cannot read /dev/null: it is no regular file"]
    assert "too many levels of symbolic links" in _said(analyse(tmp_path / "loop.py"))[0]
    assert "a folder, not a package" in _said(analyse(tmp_path / "folder.py"))[0]
    for name in ("missing.py", "a" * 300 + ".py", "\udcff.py", "", "a/b", "a:b"):
        assert _said(analyse(name))[0].startswith("CDT10")
    entry = _program(tmp_path, app=f"import pipe, loop, folder\n{APP}")
    assert all(one.startswith("CDT") for one in _said(analyse(entry)))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_module_that_may_not_be_read_is_told_at_its_import(tmp_path: Path) -> None:
    entry = _program(tmp_path, app=f"\nimport closed\n{APP}", closed="X = 1\n")
    (tmp_path / "closed.py").chmod(0)
    assert _said(analyse(entry)) == ["CDT100 app.py:2 cannot read closed.py: permission denied"]


NEWER = [
    "type X = int\n",
    "class A[T]:\n    x: T\n",
    "def f[T](x: T) -> T:\n    return x\n",
    "x = f'{'a'}'\n",
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
    "y = 1\nx = t'{y}'\n",
]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads most of them")
@pytest.mark.parametrize("text", NEWER)
def test_newer_syntax_is_listed_and_the_rest_goes_on(text: str, tmp_path: Path) -> None:
    entry = _program(tmp_path, app=f"from later import x\n{APP}", later=f"{text}\nx = 1\n")
    analysis = analyse(entry)
    (found,) = _said(analysis)
    assert found.startswith("CDT122 later.py:") and "written for a Python newer than" in found
    assert analysis.app is not None and len(analysis.app.routes) == 1
    assert any(one.what == "module later" for one in analysis.app.unresolved)
    assert outcome(tmp_path).built

    alone = analyse(_program(tmp_path / "alone", app=APP + text))
    (found,) = _said(alone)
    assert found.startswith("CDT102 app.py:") and "a Python newer than" in found


@pytest.mark.parametrize(
    "text", ["type X =\n", "def f[](x): pass\n", "x = f'{a b}'\n", "except ValueError, x:\n"]
)
def test_wrong_syntax_stays_wrong(text: str, tmp_path: Path) -> None:
    entry = _program(tmp_path, app=f"import later\n{APP}", later=text)
    (found,) = _said(analyse(entry))
    assert found.startswith("CDT102 later.py:") and "newer" not in found


def test_imports_in_circles_and_in_long_chains(tmp_path: Path) -> None:
    assert (
        outcome(_program(tmp_path / "self", app=f"import app\nfrom app import index\n{APP}").parent).problems
        == []
    )
    modules = {f"m{n}": f"import m{n + 1}\nfrom m{n + 1} import x\nx = 1\n" for n in range(400)}
    made = outcome(
        _program(tmp_path / "chain", app=f"import m0\n{APP}", m400="import m0\nx = 1\n", **modules).parent
    )
    assert made.problems == []
    package = "__".join(f"p{n}" for n in range(60))
    files = {
        "__".join([*package.split("__")[: n + 1], "__init__"]).replace("____", "__"): "" for n in range(60)
    }
    for n in range(60):
        folder = tmp_path / "deep" / "/".join(f"p{k}" for k in range(n + 1))
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    (folder / "last.py").write_text("x = 1\n")
    name = ".".join(f"p{n}" for n in range(60))
    assert (
        files and outcome(_program(tmp_path / "deep", app=f"from {name}.last import x\n{APP}").parent).built
    )


def test_many_modules(tmp_path: Path) -> None:
    count = 2_000 if SOAK else 150
    modules = {
        f"m{n}": f"from m{(n * 7 + 1) % count} import nothing_{n}\n" if n % 50 == 0 else "x = 1\n"
        for n in range(count)
    }
    imports = "".join(f"import m{n}\n" for n in range(count))
    made = outcome(_program(tmp_path, app=imports + APP, **modules).parent)
    assert made.problems == [] and set(made.errors) <= {"CDT110", "CDT112"}


ENCODINGS = {
    "utf-8": "é☃日", "utf-8-sig": "é☃日", "latin-1": "é", "cp1252": "€", "iso-8859-15": "€", "cp437": "é",
    "shift-jis": "ソ日本", "euc-jp": "日本", "iso-2022-jp": "日本", "gb18030": "日本€", "big5": "日本",
    "koi8-r": "Жд", "utf-7": "é☃日",
}  # fmt: skip
ENDS = {"LF": ["\n"], "CRLF": ["\r\n"], "CR": ["\r"], "mixed": ["\n", "\r\n", "\r"]}


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_copies_keep_their_bytes(encoding: str, ends: str, tmp_path: Path) -> None:
    words = ENCODINGS[encoding]
    head = "" if encoding.startswith("utf-8") else f"# coding: {encoding}\n"
    text = (
        head
        + APP
        + f"# {words}\n@app.get('/{words}', summary='{words}')\n"
        + f"def words():\n    return '''{words}\n'''  # {words}"
    )
    lines = text.split("\n")
    joined = "".join(line + ENDS[ends][n % len(ENDS[ends])] for n, line in enumerate(lines[:-1])) + lines[-1]
    data = joined.encode(encoding)
    here = tmp_path / "program"
    here.mkdir()
    (here / "app.py").write_bytes(data)
    driver.build(here / "app.py", tmp_path / "dist", kind="python")
    copied = (tmp_path / "dist/src/app.py").read_bytes()
    assert copied != data
    assert re.sub(rb"(?:, )?_slot=\d+", b"", copied) == data


def test_an_interrupt_that_python_tells_as_a_fault_of_a_text(tmp_path: Path) -> None:
    """It does where it loads `unicodedata` just then, for a name in a text."""
    program = """import sys, conduitc.__main__ as main
class Interrupted:
    def find_spec(self, name, *more):
        if name == 'unicodedata':
            raise KeyboardInterrupt
sys.modules.pop('unicodedata', None)
sys.meta_path.insert(0, Interrupted())
main._dispatch = lambda arguments: compile(r"'\\N{BULLET}'", 'text.py', 'eval')
main.main()
"""
    environment = {**os.environ, "PYTHONPATH": f"{REPO}:{REPO / 'runtime'}"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("delay", [0.05, 0.2, 0.4, 0.8] if not SOAK else [n / 50 for n in range(1, 101)])
def test_an_interrupt_ends_check(delay: float, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP + "x = 1\n" * 100_000)
    program = "import sys, conduitc.__main__ as m; print('up', flush=True); sys.argv[1:] = %r; m.main()"
    # An interrupt between two of coverage's own lines leaves its lock held, and the process waits for ever.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = {**unmeasured, "PYTHONPATH": f"{REPO}:{REPO / 'runtime'}"}
    with subprocess.Popen(
        [sys.executable, "-c", program % ["check", "app.py"]],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == b"up\n"
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGINT)
        out, err = child.communicate()
    assert child.returncode in (0, 130), err
    assert b"Traceback" not in out + err
