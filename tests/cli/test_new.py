"""``conduitc new``: every template builds and passes its own test at once; nothing there is touched."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conduitc import toolchain
from conduitc.cli.main import Template
from conduitc.scaffold import TEMPLATES, Refused, create, files

ROOT = Path(__file__).parents[2]
WITHOUT_COMPILER = pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")
#: What is asked of a build, and names a note.
ASKED = {"api": ("routes",), "mcp": ("resources",)}


def conduitc(*arguments: str, cwd: Path, told: str = "") -> subprocess.CompletedProcess[str]:
    return python("-m", "conduitc", *arguments, cwd=cwd, told=told)


def python(*arguments: str, cwd: Path, told: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        input=told,
        capture_output=True,
        text=True,
        check=False,
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
    asked = conduitc("introspect", "dist", *ASKED[template], cwd=project)
    assert "notes" in asked.stdout.replace("my-notes", "")


@pytest.mark.parametrize(
    "kind", ["python", pytest.param("cython", marks=[pytest.mark.native, WITHOUT_COMPILER])]
)
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_its_test_holds_of_a_build(template: str, kind: str, tmp_path: Path) -> None:
    project = tmp_path / "notes"
    create(project, template)
    built = conduitc("build", "app.py", "--target", kind, cwd=project)
    assert built.returncode == 0, built.stderr
    (project / "app.py").unlink()
    options = ("-o", "pythonpath=dist", "--import-mode=importlib", "-p", "no:cacheprovider")
    tested = python("-m", "pytest", "-q", *options, cwd=project)
    assert tested.returncode == 0, tested.stdout


def test_a_client_starts_the_build_as_the_readme_says(tmp_path: Path) -> None:
    project = tmp_path / "notes"
    create(project, "mcp")
    assert conduitc("build", "app.py", "--target", "python", cwd=project).returncode == 0
    readme = (project / "README.md").read_text()
    [said] = json.loads(readme.partition("```json")[2].partition("```")[0])["mcpServers"].values()
    assert said["command"] == "conduitc"
    words = [word.replace("/path/to", str(project)) for word in said["args"]]
    asked = [
        {"id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25"}},
        {"id": 2, "method": "tools/list"},
    ]
    told = "".join(json.dumps({"jsonrpc": "2.0", **one}) + "\n" for one in asked)
    served = conduitc(*words, cwd=tmp_path, told=told)
    listed = json.loads(served.stdout.splitlines()[-1])["result"]["tools"]
    assert [one["name"] for one in listed] == ["add_note", "find_notes"]


def test_the_contract_of_the_readme(tmp_path: Path) -> None:
    project = tmp_path / "notes"
    create(project, "mcp")
    assert conduitc("build", "app.py", "--target", "python", cwd=project).returncode == 0
    (project / "dist/metadata.json").rename(project / "contract.json")
    against = ("check", "app.py", "--against", "contract.json")
    assert conduitc(*against, cwd=project).returncode == 0
    app = project / "app.py"
    app.write_text(app.read_text().replace("max_length=1000", "max_length=100"))
    broken = conduitc(*against, cwd=project)
    assert broken.returncode == 1 and "CDT474" in broken.stdout


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
