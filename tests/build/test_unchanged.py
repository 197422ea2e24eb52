"""A build that is not made again is the one that would be made: held to fresh builds over random edits."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from conduitc import identity, places, unchanged
from conduitc.cache import Cache
from conduitc.cli.build import build_command
from conduitc.options import PLAIN, Options
from conduitc.toolchain import file_name
from tests.build.test_dist import written
from tests.build.test_interrupted import tree
from tests.cli.servers import environment

ROUNDS = 400 if os.environ.get("CONDUIT_SOAK") else 20

APP = """\
from conduit import Conduit

import helpers
from shop.routes import router

app = Conduit()
app.include(router)


@app.get("/")
def index():
    return helpers.GREETING
"""
ROUTES = """\
from conduit import Router

from shop import names

router = Router(prefix="/shop")


@router.get("/{item:int}")
def item(item: int):
    return {"item": item, "name": names.NAME}
"""
PROGRAM = {
    "app.py": APP,
    "helpers.py": 'GREETING = "hello"\n',
    "shop/__init__.py": "",
    "shop/names.py": 'NAME = "thing"\n',
    "shop/routes.py": ROUTES,
    "shop/late.py": "LATE = 1\n",
    "data/words.txt": "one two\n",
    "pyproject.toml": '[tool.conduit]\ninclude = ["data"]\n',
}


class Place:
    """A program, a build of it that is kept up to date, and what asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = written(folder / "source", PROGRAM)
        self.dist = folder / "dist"
        self.options = PLAIN
        self.target = "app.py"

    def asked(self) -> str:
        return str(self.source / self.target)

    def told(self) -> unchanged.Told | None:
        return unchanged.find(self.asked(), self.dist, "python", self.options, caches())

    def build(self, folder: Path, *, no_cache: bool = False) -> int:
        return build_command(self.asked(), folder, "python", 1, self.options, True, no_cache)


def caches() -> Cache:
    from conduitc.cache import user_cache

    return user_cache()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr("conduitc.exchange.synced", lambda *arguments, **named: None)  # waits for the disk
    found = Place(tmp_path)
    assert found.build(found.dist) == 0
    assert found.told() is not None
    return found


def append(path: str, text: str) -> Callable[[Place], object]:
    return lambda place: (place.source / path).open("a").write(text)


def put(path: str, text: str) -> Callable[[Place], object]:
    return lambda place: written(place.source, {path: text})


def drop(path: str) -> Callable[[Place], object]:
    return lambda place: (place.source / path).unlink()


def choose(**chosen: bool) -> Callable[[Place], object]:
    return lambda place: setattr(place, "options", Options(**chosen))


def ask(target: str) -> Callable[[Place], object]:
    return lambda place: setattr(place, "target", target)


def spoil(path: str) -> Callable[[Place], object]:
    return lambda place: (place.dist / path).write_bytes((place.dist / path).read_bytes()[:-1])


CHANGES = {
    "a byte in a source": append("helpers.py", "# more\n"),
    "a byte in a module that no import names": append("shop/late.py", "# more\n"),
    "a byte in data": append("data/words.txt", "three\n"),
    "a byte in the settings": append("pyproject.toml", "# more\n"),
    "a module that hides the one imported": put("helpers/__init__.py", 'GREETING = "other"\n'),
    "a module that is new in a package": put("shop/new.py", "X = 1\n"),
    "a package around the module": put("__init__.py", ""),
    "new data": put("data/more.txt", "more"),
    "data in a new folder": put("data/deep/more.txt", "more"),
    "a standard module hidden": put("conduit.py", "X = 1\n"),
    "data gone": drop("data/words.txt"),
    "a module gone": drop("shop/late.py"),
    "other options": choose(fold=False),
    "a variable named": ask("app.py:app"),
    "an output changed": spoil("metadata.json"),
    "bytecode changed": spoil(f"src/__pycache__/app.{sys.implementation.cache_tag}.pyc"),
    "the mark changed": spoil(places.MARK),
    "an output gone": lambda place: (place.dist / "openapi.json").unlink(),
    "an output more": lambda place: (place.dist / "src" / "more.py").write_text(""),
    "an empty folder more": lambda place: (place.dist / "src" / "more").mkdir(),
    "an output that is a link": lambda place: (
        (place.dist / "openapi.json").rename(place.folder / "aside"),
        (place.dist / "openapi.json").symlink_to(place.folder / "aside"),
    ),
    "no cache": lambda place: shutil.rmtree(place.folder / "caches"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_noticed(place: Place, change: str) -> None:
    CHANGES[change](place)
    assert place.told() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda place: os.utime(place.source / "app.py", (1, 1)),
        put("other.py", "X = 1\n"),
        put("src/helpers.py", "X = 1\n"),
        put("notes.txt", "notes"),
        put("shop/.hidden.py", "X = 1\n"),
        put("data.txt", "no data of the build"),
        put("app.py", APP),
    ],
)
def test_what_plays_no_part_is_no_change(place: Place, change: Callable[[Place], object]) -> None:
    change(place)
    assert place.told() is not None
    fresh = place.folder / "fresh"
    assert place.build(fresh, no_cache=True) == 0
    assert tree(fresh) == tree(place.dist)


def test_another_place_for_the_same_program_is_no_change(place: Place) -> None:
    place.source = place.source.rename(place.folder / "elsewhere")
    place.dist = place.dist.rename(place.folder / "elsewhere" / "out")
    assert place.told() is not None


@pytest.mark.parametrize("what", ["python_digest", "compiler_digest"])
def test_another_toolchain_is_noticed(place: Place, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr("conduitc.cache." + what, lambda: "another")
    assert place.told() is None


def test_a_native_module_compiled_anew_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(identity, "find_spec", lambda name: spec)
    known = set()
    for content in (b"old", b"new"):
        (tmp_path / file_name("_native")).write_bytes(content)
        known.add(identity.compiler_digest.__wrapped__())
    assert len(known) == 2


def test_a_new_package_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity.python_digest()
    monkeypatch.syspath_prepend(str(written(tmp_path, {"thing-1.0.dist-info/METADATA": ""})))
    assert identity.python_digest() != before


def test_the_c_compiler_and_its_flags_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {identity.c_compiler_digest()}
    compiler = tmp_path / "cc"
    for version in ("1", "2"):
        compiler.write_text(f"#!/bin/sh\necho {version}\n")
        compiler.chmod(0o755)
        monkeypatch.setenv("CC", str(compiler))
        known.add(identity.c_compiler_digest())
    monkeypatch.setenv("CFLAGS", "-O3")
    known.add(identity.c_compiler_digest())
    monkeypatch.setenv("CC", str(tmp_path / "none"))
    known.add(identity.c_compiler_digest())
    assert len(known) == 5


def restore(place: Place) -> None:
    """The program as it was."""
    shutil.rmtree(place.source)
    written(place.source, PROGRAM)
    place.options, place.target = PLAIN, "app.py"


EDITS = [
    *CHANGES.values(),
    *(choose(fold=fold, strip=strip) for fold in (True, False) for strip in (True, False)),
    put("shop/routes.py", ROUTES + "# more\n"),
    put("app.py", APP.replace('"/"', '"/other"')),
    put("pyproject.toml", ""),
    put("data/words.txt", "other\n"),
    lambda place: os.utime(place.source / "app.py", (1, 1)),
    lambda place: shutil.rmtree(place.dist),
]


def test_over_random_edits_a_build_equals_a_fresh_one(place: Place) -> None:
    """400 rounds under CONDUIT_SOAK."""
    chance = random.Random(3)
    kept = 0
    for number in range(ROUNDS):
        if chance.random() < 0.25:
            restore(place)
        for edit in chance.sample(EDITS, chance.choice([0, 0, 1, 2])):
            try:
                edit(place)
            except OSError:
                continue  # nothing there to be changed
        fresh = place.folder / "fresh"
        told = place.told()
        kept += told is not None
        status = place.build(place.dist)
        assert place.build(fresh, no_cache=True) == status, number
        if status == 0:
            assert tree(place.dist) == tree(fresh), number
        assert told is None or status == 0
    assert ROUNDS / 20 < kept < ROUNDS / 2, "both ways were taken"


def conduitc(place: Place, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "conduitc", *arguments],
        cwd=place.source,
        env=environment() | more,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_a_build_said_is_said_again(place: Place) -> None:
    written(place.source, {"token.py": "X = 1\n", "helpers.py": 'import token\n\nGREETING = "hello"\n'})
    command = ("build", "app.py", "-o", "out", "--target", "python")
    first, second = conduitc(place, *command), conduitc(place, *command)
    assert first.returncode == second.returncode == 0
    assert "CDT105" in first.stderr and second.stderr == first.stderr
    assert first.stdout.startswith("Conduit app")
    assert second.stdout == "nothing changed: out is app:app (2 routes, python target)\n"
    assert "Conduit app" in conduitc(place, *command, "--no-cache").stdout


def test_nothing_large_is_imported_to_see_that_nothing_changed(place: Place) -> None:
    command = ("build", "app.py", "-o", "out", "--target", "python")
    conduitc(place, *command)
    again = conduitc(place, *command, PYTHONPROFILEIMPORTTIME="1")
    assert again.stdout.startswith("nothing changed")
    for module in ("typer", "libcst", "jinja2", "conduitc.frontend", "conduitc.codegen", "asyncio"):
        assert f"| {module}" not in again.stderr.replace("|   ", "| ").replace("|  ", "| "), module


def test_the_mark_says_what_a_build_is_made_of_and_no_more(place: Place) -> None:
    text = (place.dist / places.MARK).read_text()
    facts = json.loads(text)
    assert str(place.folder) not in text and os.path.expanduser("~") not in text
    assert {*PROGRAM, places.PATTERNS} == set(facts["inputs"])
    assert facts["names"]["conduit"] is None and facts["names"]["shop.routes"] == "shop/routes.py"
    assert set(facts["outputs"]) | {places.MARK} == {path.as_posix() for path in tree(place.dist)}
    for part in ("inputs", "names", "outputs", "third_parties"):
        assert list(facts[part]) == sorted(facts[part])


@pytest.mark.parametrize("name", ["../etc", "a b", "ü.txt", "new\nline"])
def test_data_of_any_name_is_an_input(place: Place, name: str) -> None:
    written(place.source, {f"data/{name.replace('/', '_')}": "data"})
    assert place.told() is None
    assert place.build(place.dist) == 0
    assert place.told() is not None
