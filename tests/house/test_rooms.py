"""The house rules a machine can hold: who imports whom, how long a file may be, what ships."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = {
    "conduitc": ROOT / "conduitc",
    "conduit": ROOT / "runtime/conduit",
    "conduitc/templates": ROOT / "templates",
}
LONGEST = 400
SHIPPED = {".py", ".pyx", ".pxd", ".pxi", ".h", ".pyi", ".jinja", ".json", ".typed"}
READ = {".py", ".pyx", ".pxd", ".pxi", ".h"}


def sources(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in READ and "__pycache__" not in path.parts
    )


def test_rooms_import_only_what_the_contract_allows() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "path", sources("conduitc", "runtime", "bench", "tests"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_file_fits_the_house(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    if path.suffix == ".py" and text:
        assert ast.get_docstring(ast.parse(text)), "a module says what comes in and what goes out"


def test_every_room_is_a_declared_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = set()
    for name, folder in ROOMS.items():
        for init in folder.rglob("__init__.py"):
            below = init.parent.relative_to(folder).parts
            found.add(".".join([*name.split("/"), *below]))
    assert found == set(project["tool"]["setuptools"]["packages"])


def test_what_the_native_module_is_made_of_makes_it_anew() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    modules = project["tool"]["setuptools"]["ext-modules"]
    assert all(module["optional"] for module in modules)
    [module] = [one for one in modules if one["name"] == "conduit.server._native"]
    folder = ROOT / "runtime/conduit/server"
    files = {path for suffix in ("*.h", "*.pxd", "*.pxi") for path in folder.glob(suffix)}
    assert module["depends"] == sorted(path.relative_to(ROOT).as_posix() for path in files)


def test_a_wheel_carries_every_file_of_both_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w"]
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("conduitc", "runtime", "templates", "pyproject.toml", "setup.py", "README.md", "LICENSE"):
        (tree / name).symlink_to(ROOT / name)
    # without a C compiler the native module is left out: that must not fail either
    variables = {**os.environ, "CC": "/no/such/compiler"}
    command += [str(tmp_path), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=variables)
    assert done.returncode == 0, done.stderr
    [wheel] = tmp_path.glob("*.whl")
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in ROOMS.items()
        for path in folder.rglob("*")
        if path.suffix in SHIPPED and "__pycache__" not in path.parts
    }
    assert wanted - shipped == set()
