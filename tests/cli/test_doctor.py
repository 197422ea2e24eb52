"""``conduitc doctor``: what it finds is so, and what it says of a machine that lacks something helps."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import doctor, toolchain

ROOT = Path(__file__).parents[2]


def run(*arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")]), **more}
    return subprocess.run(
        [sys.executable, "-m", "conduitc", "doctor", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def found(name: str) -> doctor.Finding:
    return next(one for one in doctor.examine() if one.name == name)


def test_this_machine_can_run_its_own_tests(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "the package conduit" in done.stdout
    assert not list(tmp_path.iterdir())


def test_json(tmp_path: Path) -> None:
    document = json.loads(run("--format", "json", cwd=tmp_path).stdout)
    assert document["version"] == 1
    names = [one["name"] for one in document["findings"]]
    assert {"Python", "C compiler", "cython", "libcst", "uvicorn", "build cache"} <= set(names)
    assert all(one["status"] in ("ok", "optional", "missing") for one in document["findings"])


def test_no_compiler_is_no_fault(tmp_path: Path) -> None:
    done = run(cwd=tmp_path, CC="/no/such/compiler")
    assert done.returncode == 0
    assert "builds use the Python target" in done.stdout
    assert "it would be better with: " in done.stdout


def test_a_foreign_conduit(tmp_path: Path) -> None:
    """A package of that name, found before ours."""
    (tmp_path / "site" / "conduit").mkdir(parents=True)
    (tmp_path / "site" / "conduit" / "__init__.py").write_text("")
    path = os.pathsep.join([str(tmp_path / "site"), str(ROOT), str(ROOT / "runtime")])
    done = run(cwd=tmp_path, PYTHONPATH=path)
    assert done.returncode == 2
    assert "another package of that name is found first" in done.stdout
    assert "missing: the package conduit" in done.stdout


def test_a_distribution_that_shares_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path / "conduit-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: conduit\nVersion: 1.0\n")
    (metadata / "RECORD").write_text("conduit/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    one = found("the package conduit")
    assert (one.status, one.found) == ("missing", "shared with conduit")
    assert one.get is not None and "pip uninstall conduit" in one.get


def test_every_required_distribution_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise doctor.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.importlib.metadata, "version", absent)
    missing = {one.name: one for one in doctor.examine() if one.status == "missing"}
    assert {"cython", "jinja2", "libcst", "msgspec", "setuptools", "typer", "uvicorn"} <= set(missing)
    assert missing["libcst"].get == "pip install libcst"
    assert "uvloop" not in missing


def test_the_compiled_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "conduit" / "server"
    server.mkdir(parents=True)
    monkeypatch.setattr(doctor, "_places", lambda: [tmp_path / "conduit"])
    one = found("compiled protocol")
    assert one.status == "optional"
    assert one.get is not None and "C compiler" in one.get
    (server / toolchain.file_name("_native")).write_bytes(b"")
    assert found("compiled protocol").status == "ok"


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 1 << 80)
    assert found("temporary folder").status == "missing"


def test_a_cache_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    one = found("build cache")
    assert one.status == "optional"
    assert one.get


@pytest.mark.parametrize(
    ("platform", "tool", "says"),
    [
        ("darwin", "", "xcode-select"),
        ("win32", "", "Visual Studio"),
        ("linux", "apk", "apk add"),
        ("linux", "", "gcc or clang"),
    ],
)
def test_how_to_get_a_compiler(platform: str, tool: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", platform)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: name if name == tool else None)
    monkeypatch.setattr(toolchain, "available", lambda: "no C compiler found (cc)")
    one = found("C compiler")
    assert one.status == "optional"
    assert one.get is not None and says in one.get
