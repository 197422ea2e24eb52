"""Where a build may go: never to a folder that it did not make, and a refusal touches nothing."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conduitc import driver, output
from conduitc.diagnostics import CompileError
from conduitc.places import MARK
from tests.build.trees import MARKED, beside, conduitc, tree
from tests.service.programs import HELLO

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a project in it; the home folder is beside."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    project = tmp_path / "work" / "project"
    (project / "shop").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    (project / "shop" / "__init__.py").write_text(HELLO)
    (project / "app.py").write_text(HELLO)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def forged(folder: Path) -> Path:
    """With a mark like ours."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_bytes(MARKED)
    return folder


def linked(work: Path, to: str) -> str:
    (work / "link").symlink_to(to)
    return "link"


def foreign(work: Path, mark: bytes | None, *more: str) -> str:
    folder = work / "foreign"
    folder.mkdir()
    (folder / "precious.txt" if mark is None else folder / MARK).write_bytes(mark or b"keep")
    for name in more:
        (folder / name).write_text("keep")
    return "foreign"


def a_file(work: Path) -> str:
    (work / "file").write_text("keep")
    return "file"


REFUSED: dict[str, tuple[Callable[[Path], str], str]] = {
    "the root": (lambda work: "/", "holds it"),
    "the home folder": (lambda work: str(work.parent / "home"), "is the home folder"),
    "above the home folder": (lambda work: str(forged(work.parent)), "holds it"),
    "a tilde": (lambda work: "~/dist", "no shell has replaced"),
    "here": (lambda work: ".", "is the working folder"),
    "here, ours": (lambda work: str(forged(work)), "is the working folder"),
    "above": (lambda work: "..", "is the working folder, or holds it"),
    "above, by a detour": (lambda work: "project/../..", "is the working folder, or holds it"),
    "the sources": (lambda work: "project", "holds the sources"),
    "the sources, with a mark": (lambda work: str(forged(work / "project")), "holds the sources"),
    "a file": (a_file, "is not a folder"),
    "the source file": (lambda work: "project/app.py", "is not a folder"),
    "a link to an empty folder": (lambda work: linked(work, str(work.parent / "home")), "symbolic link"),
    "a link to our own": (lambda work: linked(work, str(forged(work / "dist"))), "symbolic link"),
    "a dangling link": (lambda work: linked(work, "nowhere"), "symbolic link"),
    "a link to itself": (lambda work: linked(work, "link"), "symbolic link"),
    "foreign": (lambda work: foreign(work, None), "neither empty nor"),
    "an empty mark": (lambda work: foreign(work, b""), "neither empty nor"),
    "a mark that is no object": (lambda work: foreign(work, b"[]"), "neither empty nor"),
    "a mark without inputs": (lambda work: foreign(work, b'{"compiler": "0.1.0"}'), "neither empty nor"),
    "a mark of another tool": (
        lambda work: foreign(work, b'{"inputs": {}, "abi": "x"}'),
        "neither empty nor",
    ),
    "a mark too deep": (lambda work: foreign(work, b"[" * 100_000), "neither empty nor"),
    "a mark, and files of others": (lambda work: foreign(work, MARKED, "data.db"), "holds 'data.db'"),
    "a mark, and a repository": (lambda work: foreign(work, MARKED, ".git"), "holds '.git'"),
}


@POSIX
@pytest.mark.parametrize("name", REFUSED)
def test_refused_and_nothing_touched(work: Path, name: str) -> None:
    make, why = REFUSED[name]
    place = make(work)
    before = tree(work.parent)
    with pytest.raises(CompileError, match="CDT501") as refused:
        driver.build(work / "project" / "app.py", Path(place), kind="python")
    assert why in str(refused.value)
    assert tree(work.parent) == before


@POSIX
def test_a_package_does_not_become_its_build(work: Path) -> None:
    forged(work / "project" / "shop")
    before = tree(work)
    with pytest.raises(CompileError, match="holds the sources"):
        driver.build(work / "project" / "shop", work / "project" / "shop", kind="python")
    assert tree(work) == before


@POSIX
def test_the_command_says_it_in_a_line(work: Path) -> None:
    done = conduitc("build", "project/app.py", "-o", "..", "--target", "python", folder=work)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error[CDT501]: .. is the working folder, or holds it\n")


@POSIX
def test_a_mount_point_is_refused(work: Path) -> None:
    (work / "disk").mkdir()
    command = ["mount", "-t", "tmpfs", "tmpfs", str(work / "disk")]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(CompileError, match="is a mount point: name a folder in it"):
            driver.build(work / "project" / "app.py", work / "disk", kind="python")
        driver.build(work / "project" / "app.py", work / "disk" / "dist", kind="python")
    finally:
        subprocess.run(["umount", str(work / "disk")], check=True)


@POSIX
def test_a_link_above_is_followed(work: Path) -> None:
    (work / "real").mkdir()
    (work / "link").symlink_to("real")
    driver.build(work / "project" / "app.py", Path("link/inner/../dist"), kind="python")
    assert (work / "real" / "dist" / MARK).is_file() and (work / "link").is_symlink()


@POSIX
def test_the_folders_own_mode_stays_and_what_is_in_it_is_for_all(work: Path) -> None:
    before = os.umask(0o077)
    try:
        driver.build(work / "project" / "app.py", Path("dist"), kind="python")
    finally:
        os.umask(before)
    assert (work / "dist").stat().st_mode & 0o777 == 0o755
    modes = {value[0] & 0o777 for path, value in tree(work / "dist").items() if path != "."}
    assert modes == {0o755, 0o644}
    (work / "dist").chmod(0o700)
    driver.build(work / "project" / "app.py", Path("dist"), kind="python")
    assert (work / "dist").stat().st_mode & 0o777 == 0o700


@POSIX
def test_an_old_build_made_read_only_goes_all_the_same(tmp_path: Path) -> None:
    output.write(tmp_path / "dist", {MARK: MARKED, "src/app.py": b"X = 1"})
    for path in (tmp_path / "dist" / "src", tmp_path / "dist"):
        path.chmod(0o555)
    output.write(tmp_path / "dist", {MARK: MARKED, "src/app.py": b"X = 2"})
    assert (tmp_path / "dist" / "src" / "app.py").read_text() == "X = 2" and beside(
        tmp_path / "dist"
    ) == set()


def test_folders_made_above_go_again_where_the_build_fails(tmp_path: Path) -> None:
    with pytest.raises(CompileError, match="CDT505"):
        output.write(tmp_path / "a" / "b" / "dist", {"x" * 300: b""})
    assert list(tmp_path.iterdir()) == []
