"""The dist folder: what is in it, when it is refused, and that it works whatever the source is called."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from conduitc import copied, driver, exchange
from conduitc.codegen.wiring import ABI
from conduitc.diagnostics import CompileError
from conduitc.ir.nodes import App
from conduitc.places import MARK
from conduitc.toolchain import file_name
from tests.service.programs import HELLO, SHOP
from tests.service.ways import ask, request


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def built(tmp_path: Path, files: dict[str, str], entry: str = "app.py", **options: object) -> Path:
    source = written(tmp_path / "source", files)
    driver.build(source / entry, tmp_path / "dist", kind="python", **options)  # type: ignore[arg-type]
    return tmp_path / "dist"


#: What decides about a build of one file, the files that are not there included.
INPUTS = {"app.py", "conduit-patterns.toml", "pyproject.toml"}


def test_a_build_holds_what_the_specification_lists(tmp_path: Path) -> None:
    dist = built(tmp_path, {"app.py": SHOP})
    files = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    expected = {"app.py", "src/app.py", "_conduit/dispatch.py", "_conduit/adapters.py", "_conduit/wiring.py"}
    expected |= {"conduit/_abi.py", "metadata.json", "metadata.json.gz", "metadata.idx", "openapi.json"}
    expected |= {"ai.txt", "deploy/manifest.json", "requirements.txt", MARK}
    assert expected <= files
    assert not any(name.startswith("conduit/introspect/") for name in files)
    facts = json.loads((dist / MARK).read_text())
    assert facts["target"] == "python" and facts["inputs"].keys() == INPUTS
    assert all(line.count("==") == 1 for line in (dist / "requirements.txt").read_text().splitlines())


def test_the_compiled_protocol_goes_with_the_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of this Python, where there is one; nothing of what it is made of."""
    native = file_name("_native")
    parts = (
        "__init__.py",
        "server/__init__.py",
        "server/_native.pyx",
        "server/wire.h",
        "server/_native.other.so",
    )
    written(tmp_path, dict.fromkeys(parts, ""))
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(copied, "find_spec", lambda name: spec)
    app = cast(App, SimpleNamespace(modules=(), mcp=None, introspection=None))
    assert set(copied.runtime_files(app)) == {"conduit/__init__.py", "conduit/server/__init__.py"}
    written(tmp_path, {f"server/{native}": ""})
    assert copied.runtime_files(app)[f"conduit/server/{native}"] == tmp_path / "server" / native


def test_the_copied_source_differs_by_its_slots_alone(tmp_path: Path) -> None:
    dist = built(tmp_path, {"app.py": HELLO})
    copied = (dist / "src" / "app.py").read_text()
    assert copied.count("_slot=") == 3
    lines = copied.replace(", _slot=1", "").replace(", _slot=2", "").replace("_slot=0", "")
    assert lines == HELLO


@pytest.mark.parametrize("name", ["app", "main", "my_service"])
def test_any_module_name_is_served_as_app(tmp_path: Path, name: str) -> None:
    dist = built(tmp_path, {f"{name}.py": HELLO}, f"{name}.py")
    assert ask(dist, [request("GET", "/")])[0][0] == 200


def test_a_variable_of_another_name_is_served_as_app(tmp_path: Path) -> None:
    for name in ("app", "main"):
        dist = built(tmp_path / name, {f"{name}.py": HELLO.replace("app", "api")}, f"{name}.py")
        assert ask(dist, [request("GET", "/users/1")])[0][0] == 200


def test_a_package_called_app_is_served_as_app(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "from app.app import api\nfrom app import routes\n",
        "app/app.py": "from conduit import Conduit\n\napi = Conduit()\n",
        "app/routes.py": 'from app.app import api\n\n\n@api.get("/")\ndef index():\n    return "ok"\n',
    }
    dist = built(tmp_path, files, "app")
    assert (dist / "src" / "app" / "routes.py").is_file()
    assert ask(dist, [request("GET", "/")])[0][2] == '"ok"'
    code = "from app import app; app._conduit._served.core; print(type(app._conduit).__name__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=dist, capture_output=True, text=True, check=False)
    assert done.stdout == "Conduit\n", done.stderr


def test_modules_of_a_project_keep_their_import_names(tmp_path: Path) -> None:
    files = {
        "main.py": "from conduit import Conduit\nfrom shop.routes import users\n\napp = Conduit()\n"
        'app.include(users, prefix="/api")\n',
        "shop/__init__.py": "",
        "shop/routes.py": "from conduit import Router\n\nusers = Router(prefix='/users')\n\n\n"
        '@users.get("/{id:int}")\ndef user(id: int):\n    return id\n',
        "shop/unused.py": "X = 1\n",
    }
    dist = built(tmp_path, files, "main.py")
    assert (dist / "src" / "shop" / "unused.py").is_file(), "whole packages are copied"
    assert ask(dist, [request("GET", "/api/users/5")])[0][2] == "5"


def test_a_source_changed_after_the_build_is_refused(tmp_path: Path) -> None:
    dist = built(tmp_path, {"app.py": HELLO})
    source = dist / "src" / "app.py"
    source.write_text(source.read_text() + "\n# changed\n")
    with pytest.raises(AssertionError, match=r"changed since it was built: app\.py"):
        ask(dist, [request("GET", "/")])


def test_a_build_of_another_abi_is_refused(tmp_path: Path) -> None:
    dist = built(tmp_path, {"app.py": HELLO})
    wiring = dist / "_conduit" / "wiring.py"
    wiring.write_text(wiring.read_text().replace(f"ABI = {ABI}", "ABI = 0"))
    for bytecode in (dist / "_conduit" / "__pycache__").iterdir():
        bytecode.unlink()
    with pytest.raises(AssertionError, match="this build speaks ABI 0"):
        ask(dist, [request("GET", "/")])


def test_an_error_leaves_the_old_build(tmp_path: Path) -> None:
    dist = built(tmp_path, {"app.py": HELLO})
    before = {path: path.read_bytes() for path in dist.rglob("*") if path.is_file()}
    with pytest.raises(CompileError):
        built(
            tmp_path, {"app.py": HELLO + "\n@app.get('/users/{name}')\ndef other(name):\n    return name\n"}
        )
    assert {path: path.read_bytes() for path in dist.rglob("*") if path.is_file()} == before


def test_a_second_build_replaces_the_first_and_leaves_nothing(tmp_path: Path) -> None:
    built(tmp_path, {"app.py": HELLO})
    dist = built(tmp_path, {"app.py": SHOP})
    assert ask(dist, [request("GET", "/items")])[0][0] == 405
    assert {path.name for path in tmp_path.iterdir()} == {"source", "dist"}


def test_data_named_by_a_literal_or_by_include_is_copied_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "app.py": HELLO,
        "assets/logo.svg": "<svg/>",
        ".env": "SECRET=1",
        "notes.txt": "no",
        "pyproject.toml": '[tool.conduit]\ninclude = ["assets", ".env"]\n',
    }
    dist = built(tmp_path, files)
    copied = {
        path.relative_to(dist / "src").as_posix() for path in (dist / "src").rglob("*") if path.is_file()
    }
    assert {name for name in copied if "__pycache__" not in name} == {"app.py", "assets/logo.svg"}


def test_include_beside_src(tmp_path: Path) -> None:
    files = {
        "src/shop/__init__.py": HELLO,
        "src/shop/data.txt": "data",
        "more/notes.txt": "notes",
        "pyproject.toml": '[tool.conduit]\ninclude = ["src/shop/*.txt", "more"]\n',
    }
    source = written(tmp_path / "source", files)
    driver.build(source / "src" / "shop", tmp_path / "dist", kind="python")
    copied = {
        path.relative_to(tmp_path / "dist" / "src").as_posix() for path in tmp_path.rglob("dist/src/**/*.txt")
    }
    assert copied == {"shop/data.txt", "more/notes.txt"}


@pytest.mark.parametrize("pattern", ["../*", "/etc/*"])
def test_include_cannot_leave_the_project(tmp_path: Path, pattern: str) -> None:
    files = {"app.py": HELLO, "pyproject.toml": f'[tool.conduit]\ninclude = ["{pattern}"]\n'}
    with pytest.raises(CompileError, match="CDT503"):
        built(tmp_path, files)


def test_foreign_folders_files_and_links_are_refused(tmp_path: Path) -> None:
    foreign = written(tmp_path / "foreign", {"precious.txt": "keep"})
    link = tmp_path / "link"
    link.symlink_to(foreign)
    source = written(tmp_path / "source", {"app.py": HELLO})
    for target in (foreign, foreign / "precious.txt", link, Path("/")):
        with pytest.raises(CompileError, match="CDT501"):
            driver.build(source / "app.py", target, kind="python")
    assert (foreign / "precious.txt").read_text() == "keep"


def test_without_renameat2_the_folder_is_still_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "exchanged", lambda one, other: False)
    built(tmp_path, {"app.py": HELLO})
    dist = built(tmp_path, {"app.py": SHOP})
    assert (dist / "src" / "app.py").read_text().count("_slot") == 4
    assert {path.name for path in tmp_path.iterdir()} == {"source", "dist"}


def test_two_builds_of_one_program_are_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for number in ("one", "two"):
        dist = built(tmp_path / number, {"app.py": SHOP})
        trees.append({p.relative_to(dist): p.read_bytes() for p in dist.rglob("*") if p.is_file()})
    assert trees[0] == trees[1]


@pytest.mark.parametrize("text", ["[tool.conduit", "[tool.conduit]\ninclude = 3\n"])
def test_settings_that_are_none_are_a_diagnostic(tmp_path: Path, text: str) -> None:
    with pytest.raises(CompileError, match="CDT504"):
        built(tmp_path, {"app.py": HELLO, "pyproject.toml": text})


def test_an_earlier_build_inside_the_package_is_not_copied(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": HELLO,
        "shop/extra.py": "X = 1\n",
        "shop/environment/pyvenv.cfg": "",
        "shop/environment/lib.py": "",
        "pyproject.toml": '[tool.conduit]\ninclude = ["shop"]\n',
    }
    source = written(tmp_path, files)
    for _ in range(2):
        driver.build(source / "shop", source / "shop" / "dist", kind="python")
    copied = {path.relative_to(source / "shop/dist/src") for path in (source / "shop/dist/src").rglob("*.py")}
    assert Path("shop/extra.py") in copied and not any("dist" in path.parts for path in copied)
