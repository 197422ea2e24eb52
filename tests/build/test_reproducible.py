"""The same program gives the same bytes, wherever, whenever and by whom it is built, and tells of none."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from conduitc import bytecode
from tests.build.trees import SOAK, build_command, tree
from tests.cli.servers import ROOT, environment
from tests.service.programs import MIXED

FILES = {
    "app.py": MIXED + '\nfrom shop.routes import users\n\napp.include(users, prefix="/more")\n',
    "shop/__init__.py": "",
    "shop/routes.py": "from conduit import Router\n\nusers = Router(prefix='/users')\n\n\n"
    "@users.get('/{id:int}')\ndef user(id: int):\n    return {'a', 'b', str(id)} and id\n",
    "shop/zebra.py": "SET = {'one', 'two', 'three'}\n\n\ndef has(x):\n    return x in {'one', 'two', '3'}\n",
    "shop/aardvark.py": "X = 'shared text' + 'shared text'\n",
    "assets/b.txt": "b",
    "assets/a.txt": "a",
    "pyproject.toml": '[tool.conduit]\ninclude = ["assets"]\n',
}
#: Python's clock, moved: nothing else about a process changes.
CLOCK = "import time\ntime.time, time.time_ns = lambda: 946684800.5, lambda: 946684800 * 10**9\n"
#: A name that nothing of ours could hold by chance.
NAME = "Zwölfaxing-Qux"
NATIVE = pytest.mark.skipif(
    not Path(sysconfig.get_path("include"), "Python.h").is_file() or not shutil.which("cc"),
    reason="needs a C compiler and Python's header files",
)
TARGETS = ["python", pytest.param("cython", marks=NATIVE)]


def project(folder: Path, *, backwards: bool = False, time: int | None = None) -> Path:
    for name, text in sorted(FILES.items(), reverse=backwards):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if time is not None:
            os.utime(path, (time, time))
    return folder / "app.py"


def built(app: Path, dist: Path, target: str, *options: str, **given: str) -> dict[str, tuple[int, str]]:
    variables = {**environment(), "XDG_CACHE_HOME": str(dist.parent / "cache"), **given}
    command = build_command(app, dist, "--target", target, *options)
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tree(dist)


@pytest.mark.parametrize("target", TARGETS)
def test_byte_for_byte(tmp_path: Path, target: str) -> None:
    first = built(project(tmp_path / "one"), tmp_path / "dist", target, "-j1")
    ways: dict[str, dict[str, str]] = {
        "another seed and locale": {"PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Asia/Kathmandu"},
        "UTF-8 mode off, warnings, no optimisation": {"PYTHONUTF8": "0", "PYTHONWARNINGS": "always"},
        "optimised": {"PYTHONHASHSEED": "78", "PYTHONOPTIMIZE": "2", "LC_ALL": "C.UTF-8", "TZ": "UTC-9"},
        "bytecode elsewhere": {"PYTHONPYCACHEPREFIX": str(tmp_path / "elsewhere"), "PYTHONHASHSEED": "79"},
    }
    if target == "cython" and not SOAK:
        ways = {"all of it": {name: value for way in ways.values() for name, value in way.items()}}
    for number, (way, given) in enumerate(ways.items()):
        place = tmp_path / f"{NAME} {number}" / "a much longer path"
        app = project(place, backwards=True, time=1_000_000_000 + number)
        found = built(app, place / "out" / "dist", target, "-j2", **given)
        assert found == first, way
    assert built(tmp_path / "one" / "app.py", tmp_path / "dist", target) == first, "with a cache"
    assert not (tmp_path / "elsewhere").exists() or not list((tmp_path / "elsewhere").rglob("*dist*"))


@pytest.mark.parametrize("target", TARGETS)
def test_another_clock_and_umask(tmp_path: Path, target: str) -> None:
    if target == "cython" and not SOAK:
        pytest.skip("takes seconds; the clock is not asked by what makes native modules")
    app = project(tmp_path / "source")
    first = built(app, tmp_path / "one" / "dist", target)
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK)
    before = os.umask(0o077)
    try:
        paths = f"{tmp_path / 'clock'}{os.pathsep}{environment()['PYTHONPATH']}"
        assert built(app, tmp_path / "two" / "dist", target, PYTHONPATH=paths) == first
    finally:
        os.umask(before)


def test_what_a_process_did_before_is_not_in_bytecode() -> None:
    """Python's own format says which objects are shared: by chance, or by what else is alive."""
    source = b"def unheard(parameter_of: int):\n    return {'a', 'b'} and parameter_of.attribute_of\n"
    first = bytecode.compiled("app.py", source)
    kept = [sys.intern(one) for one in ("un" + "heard", "parameter" + "_of", "attribute" + "_of", "app.py")]
    assert first is not None and kept and bytecode.compiled("app.py", source) == first


#: Becomes somebody else who may still read this Python, wherever it is installed.
BECOME = (
    "setpriv",
    "--reuid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)


def becoming() -> tuple[str, ...]:
    """What to put before a command, for another user to run it; nothing where that cannot be."""
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("setpriv") is None:
        return ()
    command = [*BECOME, sys.executable, "-c", "import conduitc.driver, conduit"]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False, cwd="/")
    return BECOME if done.returncode == 0 else ()


@pytest.mark.parametrize("target", TARGETS)
def test_another_user_and_no_trace_of_either(tmp_path: Path, target: str) -> None:
    """Neither the folder nor the home, the user's or the machine's name are in any file of a build."""
    home = tmp_path / f"home-of-{NAME}"
    place = home / f"work-{NAME}"
    app = project(place)
    (place / "temporary").mkdir()
    given = {**environment(), "HOME": str(home), "USER": NAME, "LOGNAME": NAME, "HOSTNAME": NAME}
    given |= {"TMPDIR": str(place / "temporary"), "XDG_CACHE_HOME": str(home / "cache")}
    become = becoming()
    if become:
        for path in [home, *home.rglob("*")]:
            os.chown(path, 65534, -1)
        for folder in [tmp_path, *tmp_path.parents][:3]:
            folder.chmod(0o755)
    command = [*become, *build_command(app, place / "dist", "--target", target)]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, cwd=place)
    assert done.returncode == 0, done.stderr
    found = tree(place / "dist")
    assert not become or (place / "dist").stat().st_uid == 65534
    assert found == built(project(tmp_path / "mine"), tmp_path / "dist", target)
    words = [NAME, str(tmp_path), str(Path.home()) + "/", str(ROOT), os.uname().nodename]
    for path in (place / "dist").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for word in words:
            assert len(word) < 6 or word.encode() not in content, (path, word)
    assert sys.prefix.encode() not in b"".join(
        path.read_bytes() for path in (place / "dist").rglob("*") if path.is_file()
    )
