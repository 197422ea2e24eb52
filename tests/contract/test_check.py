"""``conduitc check --against``: exit codes, formats, baselines, and files that are no contract."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import driver
from tests.contract.programs import HEAD, given, tool

ROOT = Path(__file__).parents[2]


def conduitc(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'runtime'}", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "conduitc", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A program, and what it promised in a build that was made before."""
    (tmp_path / "app.py").write_text(tool("a: int = 1"))
    driver.build(tmp_path / "app.py", tmp_path / "dist", kind="python")
    (tmp_path / "dist/metadata.json").rename(tmp_path / "contract.json")
    return tmp_path


def test_kept(project: Path) -> None:
    done = conduitc("check", "app.py", "--against", "contract.json", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems found\n", "")


def test_broken(project: Path) -> None:
    (project / "app.py").write_text(tool("a: str"))
    done = conduitc("check", "app.py", "--against=contract.json", cwd=project)
    line = HEAD.count("\n") + 4
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"error[CDT473]: `a` of the tool `f` is required now\n  --> app.py:{line}:7\n"
    )
    assert "error[CDT474]: `a` of the tool `f` takes string now, and took integer\n" in done.stdout
    assert f"in contract.json it stood at app.py:{line - 1}:2" in done.stdout
    assert done.stdout.endswith("\n2 errors\n")
    assert conduitc("check", "app.py", cwd=project).returncode == 0
    assert (
        conduitc("check", "app.py", "--against", "contract.json", "--exit-zero", cwd=project).returncode == 0
    )


def test_from_elsewhere(project: Path) -> None:
    (project / "app.py").write_text(tool("a: str"))
    there = f"{project.name}/app.py"
    done = conduitc("check", there, "--against", f"{project.name}/contract.json", cwd=project.parent)
    assert done.returncode == 1 and f"--> {there}:" in done.stdout


def test_formats(project: Path) -> None:
    (project / "app.py").write_text(tool("a: str = ''"))
    arguments = ("check", "app.py", "--against", "contract.json", "--format")
    found = json.loads(conduitc(*arguments, "json", cwd=project).stdout)["diagnostics"]
    assert [(one["code"], one["place"]["file"]) for one in found] == [("CDT474", "app.py")]
    [run] = json.loads(conduitc(*arguments, "sarif", cwd=project).stdout)["runs"]
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == ["CDT474"]
    assert run["results"][0]["partialFingerprints"]
    assert conduitc(*arguments, "github", cwd=project).stdout.startswith("::error ")


def test_with_other_findings_and_a_baseline(project: Path) -> None:
    (project / "app.py").write_text(tool("a: str = ''") + "@app.get('users')\ndef users(): return 1\n")
    arguments = ("check", "app.py", "--against", "contract.json")
    done = conduitc(*arguments, cwd=project)
    assert {line[:13] for line in done.stdout.split("\n") if line.startswith("error")} == {
        "error[CDT474]",
        "error[CDT201]",
    }
    assert conduitc(*arguments, "--write-baseline", "known.json", cwd=project).returncode == 0
    assert conduitc(*arguments, "--baseline", "known.json", cwd=project).returncode == 0
    assert conduitc("check", "app.py", "--baseline", "known.json", cwd=project).returncode == 0


def test_the_build_itself(project: Path) -> None:
    driver.build(project / "app.py", project / "dist", kind="python")
    assert conduitc("check", "app.py", "--against", "dist", cwd=project).returncode == 0


def test_a_comment_does_not_silence_it(project: Path) -> None:
    """Without ``--against`` it would silence nothing."""
    (project / "app.py").write_text(
        tool("a: str = ''").replace("-> str:", "-> str:  # conduit: ignore[CDT474]")
    )
    done = conduitc("check", "app.py", "--against", "contract.json", cwd=project)
    assert done.returncode == 1 and "CDT474" in done.stdout


def metadata(**changes: object) -> str:
    made: dict[str, object] = {"schema": "1.0.0", "app": {}, "resources": []}
    return json.dumps({**made, **changes})


OLD_TOOL = {"id": "tool:app.f", "kind": "tool", "name": "f", "facts": {}}
WRONG = {
    "no JSON": ("{", "is no metadata.json of a build: "),
    "another document": ('{"openapi": "3.1.0"}', "is no metadata.json of a build: "),
    "a list": ("[]", "is no metadata.json of a build: "),
    "nothing": ("", "is no metadata.json of a build: "),
    "nested": ("[" * 100_000, "is no metadata.json of a build: "),
    "a later version": (
        metadata(schema="2.0.0"),
        "is metadata of version 2.0.0, and this conduitc reads 1.x",
    ),
    "an earlier conduitc": (metadata(resources=[OLD_TOOL]), "did not write down what tools take"),
    "a schema that is none": (
        metadata(resources=[{**OLD_TOOL, "facts": {"input": {"value": {"type": "object", "required": 1}}}}]),
        "holds no JSON Schema of the input of tool:app.f: see `$.required`",
    ),
    "wrong in the middle": (metadata(resources=[{"id": 1}]), "is no metadata.json of a build: "),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_contract(what: str, project: Path) -> None:
    text, why = WRONG[what]
    (project / "contract.json").write_text(text)
    done = conduitc("check", "app.py", "--against", "contract.json", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("conduitc check: contract.json ") and why in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_new_schema_that_is_none(project: Path) -> None:
    (project / "app.py").write_text(given('{"type": "object", "properties": {"a": {"minimum": "x"}}}'))
    done = conduitc("check", "app.py", "--against", "contract.json", cwd=project)
    assert done.returncode == 1 and "CDT455" in done.stdout and "CDT47" not in done.stdout


def test_where_there_is_none(project: Path) -> None:
    for arguments, why in (
        (("app.py", "--against", "nowhere.json"), "there is no nowhere.json"),
        (("app.py", "--against", "."), "there is no metadata.json"),
        (("app.py", "--against", os.devnull), f"{os.devnull} is no file"),
        (("app.py", "app.py", "--against", "contract.json"), "--against is for one app at a time"),
    ):
        done = conduitc("check", *arguments, cwd=project)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith(f"conduitc check: {why}")


def test_extra_members_of_later_versions_are_passed_over(project: Path) -> None:
    found = json.loads((project / "contract.json").read_text())
    found |= {"schema": "1.7.0", "later": True}
    found["app"]["mcp"]["later"] = found["resources"][0]["later"] = 1
    (project / "contract.json").write_text(json.dumps(found))
    assert conduitc("check", "app.py", "--against", "contract.json", cwd=project).returncode == 0
