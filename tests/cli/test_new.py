"""``conduitc new``: every template builds and passes its own test at once; nothing there is touched."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conduitc.cli.main import Template
from conduitc.scaffold import TEMPLATES, Refused, create, files

ROOT = Path(__file__).parents[2]


def conduitc(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return python("-m", "conduitc", *arguments, cwd=cwd)


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_templates_are_the_folders() -> None:
    folders = {folder.name: folder for folder in (ROOT / "templates" / "new").iterdir() if folder.is_dir()}
    assert set(TEMPLATES) == set(folders) == {one.value for one in Template}
    for name, paths in TEMPLATES.items():
        there = {path.name.removesuffix(".jinja") for path in folders[name].iterdir()}
        assert there == {path.removeprefix(".") for path in paths}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_it_works_at_once(template: str, tmp_path: Path) -> None:
    made = conduitc("new", "my-notes", "--template", template, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    project = tmp_path / "my-notes"
    assert {path.name for path in project.iterdir()} == set(TEMPLATES[template])
    checked = conduitc("check", "app.py", cwd=project)
    assert (checked.returncode, checked.stdout) == (0, "no problems found\n")
    tested = python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    assert tested.returncode == 0, tested.stdout
    built = conduitc("build", "app.py", cwd=project)
    assert built.returncode == 0, built.stderr
    asked = conduitc("introspect", "dist", "routes", cwd=project)
    assert "/notes" in asked.stdout


def test_the_test_of_the_project_can_fail(tmp_path: Path) -> None:
    create(tmp_path / "notes", "api")
    app = tmp_path / "notes" / "app.py"
    app.write_text(app.read_text().replace("status=201", "status=200"))
    tested = python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path / "notes")
    assert tested.returncode == 1


@pytest.mark.parametrize("name", ["a", "Shop", "my.shop_2", "x-1"])
def test_a_name_appears_where_it_should(name: str) -> None:
    made = files(name, "api")
    assert tomllib.loads(made["pyproject.toml"])["project"]["name"] == name
    compile(made["app.py"], "app.py", "exec")


@pytest.mark.parametrize("name", ["", "-x", "a b", 'a"', "ü", "a\n", "{{ 1 }}", "'''"])
def test_a_bad_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        files(name, "api")


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("full", "file", "link"):
        done = conduitc("new", name, cwd=tmp_path)
        assert done.returncode == 2, name
        assert "is there already" in done.stderr
    assert (tmp_path / "full" / "mine").read_text() == (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_folder_and_a_folder_to_be_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert conduitc("new", "empty", cwd=tmp_path).returncode == 0
    assert conduitc("new", "deep/er/notes", cwd=tmp_path).returncode == 0
    assert (tmp_path / "deep" / "er" / "notes" / "app.py").is_file()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = conduitc("new", "file/notes", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("conduitc new: file/notes: ")
    assert conduitc("new", "x", "--template", "none", cwd=tmp_path).returncode == 2
