"""No code of the user's runs while a build is made, no directive of theirs is obeyed, nobody is contacted."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.build.test_output_faults import strace_works
from tests.build.trees import SOAK, build_command, conduitc
from tests.cli.servers import environment
from tests.service.ways import ask, request

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
NATIVE = pytest.mark.skipif(
    not Path(sysconfig.get_path("include"), "Python.h").is_file() or not shutil.which("cc"),
    reason="needs a C compiler and Python's header files",
)
TARGETS = ["python", pytest.param("cython", marks=NATIVE)]

#: What a module does where somebody runs it.
TRACE = "open({trace!r}, 'a').write(__name__ + '\\n')\n"
APP = '''import socket
import subprocess
import sys

from conduit import Conduit

import json
import random
import helper

app = Conduit(title="Hostile", description="""# distutils: extra_compile_args=-DEVIL
# cython: language_level=2
include "evil.pxi"
cdef extern from "evil.h":
    int evil()
""")


@app.get("/# distutils: sources=evil.c")
def first():
    """
# distutils: include_dirs=/evil
# cython: boundscheck=True
include "evil.pxi"
"""
    return "cdef extern from 'evil.h': pass"


@app.get("/{a}")
def second(a: str, b: str = """
# cython: profile=True
include 'evil.pxi'
cdef extern from "evil.h": int evil()
"""):
    return b


open({trace!r}, "a").write(__name__)
socket.create_connection(("192.0.2.1", 9))
subprocess.run(["touch", {trace!r}])
sys.exit(3)
while True:
    pass
'''
#: Names that the compiler or the tools it uses import.
SHADOWS = (
    *("json", "random", "hashlib", "tempfile", "subprocess", "ast", "tokenize", "tomllib", "gzip", "logging"),
    *("setuptools", "distutils", "Cython", "cython", "jinja2", "conftest"),
    *("setup", "helper", "dispatch", "adapters", "pyximport", "concurrent", "ctypes", "fcntl"),
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project that leaves a trace where any of it is executed or obeyed."""
    work, home = tmp_path / "work", tmp_path / "home"
    home.mkdir()
    (work / "temporary").mkdir(parents=True)
    trace = str(tmp_path / "trace")
    (work / "app.py").write_text(APP.replace("{trace!r}", repr(trace)))
    for name in SHADOWS:
        (work / f"{name}.py").write_text(TRACE.format(trace=trace))
    for name in ("setuptools", "Cython", "distutils"):
        (work / name).mkdir()
        (work / name / "__init__.py").write_text(TRACE.format(trace=trace))
    for name in ("dispatch.pxd", "adapters.pxd", "_conduit.pxd", "evil.pxi", "evil.h", "evil.c"):
        (work / name).write_text("#error this is obeyed\ncdef evil this is obeyed\n")
    options = f"[build_ext]\ninclude_dirs={work}\nlibraries=evil\n[build]\ncompiler=evil\n"
    for path in (work / "setup.cfg", home / ".pydistutils.cfg", home / "pydistutils.cfg"):
        path.write_text(options)
    site = home / ".local" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    site.mkdir(parents=True)
    (work / "evil.pth").write_text(f"import sys; open({trace!r}, 'a').write('pth')\n")
    for name in ("sitecustomize", "usercustomize"):
        (work / f"{name}.py").write_text(TRACE.format(trace=trace))
    (site / "Cython.py").write_text(TRACE.format(trace=trace))
    return work


def given(work: Path) -> dict[str, str]:
    home = str(work.parent / "home")
    return {"HOME": home, "XDG_CACHE_HOME": f"{work.parent}/cache", "TMPDIR": str(work / "temporary")}


def directives(text: str) -> list[str]:
    """Lines that Cython would obey, but for what stands in our own first line."""
    found = re.findall(
        r"^\s*(?:#\s*(?:distutils|cython)\s*:.*|include\s.*|cdef extern.*)", text, re.MULTILINE
    )
    return [line for line in found if "evil" in line.lower() or "distutils" in line]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_of_the_users_is_executed_or_obeyed(hostile: Path, target: str) -> None:
    done = conduitc("build", "app.py", "-o", "dist", "--target", target, folder=hostile, given=given(hostile))
    assert done.returncode == 0, done.stderr
    assert not (hostile.parent / "trace").exists(), (hostile.parent / "trace").read_text()
    for path in (hostile / "dist" / "_conduit").glob("*.py*"):
        assert directives(path.read_text()) == []


@pytest.mark.parametrize("target", TARGETS)
def test_modules_on_pythonpath_are_the_apps(hostile: Path, target: str) -> None:
    """Python itself runs a sitecustomize on its path, before us; here there is none."""
    for name in ("sitecustomize", "usercustomize"):
        (hostile / f"{name}.py").unlink()
    more = hostile.parent / "more"
    more.mkdir()
    for name in (*SHADOWS, "msgspec", "typer", "libcst", "_conduit"):
        (more / f"{name}.py").write_text(TRACE.format(trace=str(hostile.parent / "trace")))
    paths = os.pathsep.join([str(hostile), str(more), "", environment()["PYTHONPATH"]])
    variables = {**given(hostile), "PYTHONPATH": paths, "PYTHONSTARTUP": str(hostile / "json.py")}
    done = conduitc("build", "app.py", "-o", "dist", "--target", target, folder=hostile, given=variables)
    assert done.returncode == 0, done.stderr
    assert not (hostile.parent / "trace").exists(), (hostile.parent / "trace").read_text()


@pytest.mark.parametrize("target", TARGETS)
def test_what_looked_like_directives_is_still_text(tmp_path: Path, target: str) -> None:
    text = APP.partition("open({trace!r}")[0].replace("import json\nimport random\nimport helper\n", "")
    (tmp_path / "app.py").write_text(text)
    done = conduitc("build", "app.py", "-o", "dist", "--target", target, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    answers = ask(tmp_path / "dist", [request("GET", "/# distutils: sources=evil.c"), request("GET", "/x")])
    assert [status for status, *_ in answers] == [200, 200]
    assert json.loads(answers[1][2]).startswith("\n# cython: profile=True\ninclude")


@pytest.mark.parametrize("target", TARGETS)
def test_watched_from_within(hostile: Path, target: str) -> None:
    """Where there is no strace: code executed, processes started, sockets, files written."""
    log = hostile.parent / "log"
    command = [sys.executable, "-m", "tests.build.watched", str(log)]
    command += build_command(hostile / "app.py", hostile / "dist", "--target", target)[3:]
    done = subprocess.run(
        command, env={**environment(), **given(hostile)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"exec", "write", "subprocess.Popen"} <= {words[0] for words in seen}
    executed = [words[1] for words in seen if words[0] == "exec"]
    assert not [name for name in executed if name.startswith((str(hostile), "src/"))]
    assert {name.partition(".")[0] for name, *_ in seen} <= {"exec", "write", "subprocess"}
    assert [words for words in seen if words[0] == "write" and not allowed(words[1], hostile)] == []
    tools = {os.path.basename(words[1].strip("'")) for words in seen if words[0] == "subprocess.Popen"}
    assert tools <= {os.path.basename(sys.executable), "gcc", "cc", "x86_64-linux-gnu-gcc", "clang"}


def allowed(path: str, hostile: Path) -> bool:
    """Where a build may write: its cache, the temporary folder, beside its output."""
    if path in (os.devnull, "/dev/tty"):
        return True
    places = (hostile.parent / "cache", hostile / "temporary")
    staged = re.match(re.escape(f"{hostile}/") + r"\.conduitc-\w{8}(/|-|$)", path)
    return staged is not None or any(path.startswith(f"{one}/") for one in places)


#: What a build may start: Python (whose ``platform`` asks uname), the C compiler and what that is made of.
PROGRAMS = re.compile(
    r"(python[\d.]*|uname|cc|gcc|c\+\+|clang|cc1|as|ld(\.\w+)?|collect2|.*-(gcc|as|ld|cpp)[\w.-]*)"
)


@pytest.mark.skipif(not strace_works(), reason="strace is missing, or not permitted")
@pytest.mark.parametrize("target", TARGETS)
def test_traced_from_outside(hostile: Path, target: str) -> None:
    """Every process of the build: programs executed, sockets, files opened for writing."""
    log = hostile.parent / "log"
    strace = shutil.which("strace") or "strace"
    calls = (
        "execve,execveat,socket,connect,bind,listen,sendto,openat,open,creat,rename,renameat,renameat2,link"
    )
    options = ["-f", "--seccomp-bpf", "-qq", "-y", "-s", "4096", "-o", str(log), "-e", f"trace={calls}"]
    command = build_command(hostile / "app.py", hostile / "dist", "--target", target)
    done = subprocess.run(
        [strace, *options, *command],
        env={**environment(), **given(hostile), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        cwd=hostile,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split(None, 1)[1] for line in log.read_text().splitlines() if "(" in line]
    worked = [line for line in lines if not re.search(r"= -1 E\w+", line)]
    programs = {
        os.path.basename(found) for found in re.findall(r'^execve\("([^"]*)"', "\n".join(worked), re.M)
    }
    assert len(programs) > (2 if target == "cython" else 0)
    assert [name for name in programs if not PROGRAMS.fullmatch(name)] == []
    assert [one for one in lines if re.match("(socket|connect|bind|listen|sendto)[(]", one)] == []
    opened = [one for one in worked if re.match(r"(openat|open|creat)\(", one)]
    found = [
        re.search(r'\((?:AT_FDCWD<([^>]*)>, )?"([^"]*)"', one)
        for one in opened
        if re.search("O_WRONLY|O_RDWR|O_CREAT", one)
    ]
    placed = [os.path.normpath(os.path.join(one[1] or hostile, one[2])) for one in found if one]
    assert len(placed) == len(found) > 50
    assert [one for one in placed if not allowed(one, hostile)] == []
    assert not (hostile.parent / "trace").exists()


#: A C compiler that writes down what it was given, and refuses.
CURIOUS = """#!/bin/sh
case "$*" in *probe.c* | *--version*) exit 0 ;; esac
{ env; ulimit -c; ulimit -t; ulimit -v; ulimit -f; pwd; ls; } > "$SEEN"
exit 1
"""


@NATIVE
def test_the_compilers_process_has_a_clean_environment_and_limits(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get("/")\ndef f(): ...\n'
    )
    (tmp_path / "cc").write_text(CURIOUS)
    (tmp_path / "cc").chmod(0o755 | stat.S_IXUSR)
    variables = {
        "CC": f"env SEEN={tmp_path}/seen {tmp_path}/cc",
        **dict.fromkeys(("SECRET", "CPATH", "GCC_EXEC_PREFIX", "PYTHONSTARTUP", "DISTUTILS_DEBUG"), "EVIL"),
    }
    done = conduitc(
        *("build", "app.py", "-o", "dist", "--target", "cython", "-j", "1"), folder=tmp_path, given=variables
    )
    assert done.returncode == 1 and "error[CDT511]" in done.stderr and "Traceback" not in done.stderr
    seen = (tmp_path / "seen").read_text()
    assert "EVIL" not in seen and "PYTHONPATH" not in seen and "LC_ALL=C" in seen
    assert re.search(r"\n0\n900\n\d+\n\d+\n\S*/\.conduitc-\w{8}\n", seen), seen
    assert not (tmp_path / "dist").exists()


@pytest.mark.skipif(not SOAK, reason="starts the command in nine ways")
@pytest.mark.parametrize(
    "command", [["check", "app.py"], ["introspect", "app.py"], ["introspect", "app.py", "routes"]]
)
def test_other_commands_run_nothing_either(hostile: Path, command: list[str]) -> None:
    done = conduitc(*command, folder=hostile, given=given(hostile))
    assert "Traceback" not in done.stderr and not (hostile.parent / "trace").exists()
