"""The GitHub Action and the pre-commit hooks: well formed, and their steps do what they say when they run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.servers import ROOT, environment
from tests.report.programs import CONFLICT, FINE, UNREAD, write

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
SOAK = pytest.mark.skipif(not os.environ.get("CONDUIT_SOAK"), reason="CONDUIT_SOAK=1 installs from the index")
BASH = pytest.mark.skipif(shutil.which("bash") is None, reason="the action's steps are bash")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout, and the command as the install step leaves it."""
    (tmp_path / "work").mkdir()
    script = tmp_path / "conduitc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m conduitc "$@"\n')
    script.chmod(0o755)
    return tmp_path / "work"


def step(name: str, workspace: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does: its expressions evaluated in ``env`` only, then its script by bash."""
    known = {f"inputs.{key}": str(value.get("default", "")) for key, value in ACTION["inputs"].items()}
    known |= {f"inputs.{key.replace('_', '-')}": value for key, value in inputs.items()}
    known["steps.install.outputs.conduitc"] = str(workspace.parent / "conduitc")
    known["github.action_path"] = str(workspace.parent / "source")
    env = {
        key: re.sub(r"\$\{\{\s*(\S+)\s*\}\}", lambda found: known[found[1]], value)
        for key, value in STEPS[name]["env"].items()
    }
    files = {
        "GITHUB_OUTPUT": str(workspace.parent / "output"),
        "RUNNER_TEMP": str(workspace.parent / "runner"),
    }
    script = workspace.parent / "step.sh"
    script.write_text(STEPS[name]["run"])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace,
        env={**environment(), **files, "GITHUB_WORKSPACE": str(workspace), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def clone(folder: Path) -> Path:
    """What a checkout of this repository has that an installation takes; it may be written to."""
    folder.mkdir()
    for name in ("action.yml", ".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, folder)
    for name in ("conduitc", "runtime", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    return folder


def test_the_action_is_well_formed() -> None:
    assert set(ACTION) <= {"name", "description", "author", "branding", "inputs", "outputs", "runs"}
    assert ACTION["runs"]["using"] == "composite"
    for name, value in ACTION["inputs"].items():
        assert re.fullmatch(r"[a-z-]+", name) and value["description"] and isinstance(value["default"], str)
    for one in ACTION["runs"]["steps"]:
        assert ("run" in one) != ("uses" in one)
        assert "run" not in one or one["shell"] == "bash"
        assert "uses" not in one or re.fullmatch(r"[\w-]+(/[\w-]+)+@v\d+", one["uses"])


def test_no_script_has_an_expression_in_it() -> None:
    for one in STEPS.values():
        assert "${{" not in one.get("run", "")
        named = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(one)))
        assert named <= set(ACTION["inputs"])
    used = set(re.findall(r"inputs\.([a-z-]+)", json.dumps(list(STEPS.values()))))
    assert used == set(ACTION["inputs"])


@BASH
def test_a_conflict_fails_the_step_and_is_annotated(workspace: Path) -> None:
    write(workspace, app=CONFLICT)
    done = step("Check", workspace)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=app.py,line=11,col=10,") and done.stderr == ""


@BASH
def test_the_planted_conflict_of_the_examples(workspace: Path) -> None:
    shutil.copytree(ROOT / "examples/planted_conflict", workspace / "my examples/planted")
    done = step("Check", workspace, paths="my examples/planted/app.py\n")
    assert done.returncode == 1
    assert "::error file=my examples/planted/app.py,line=10," in done.stdout
    assert "my examples/planted/accounts.py:8:13: `get_account` answers" in done.stdout


@BASH
def test_a_clean_app_passes_and_sarif_is_written(workspace: Path) -> None:
    write(workspace, app=FINE)
    assert step("Check", workspace).returncode == 0
    write(workspace, other=UNREAD)
    done = step("Check", workspace, paths="app.py\r\n\n  \nother.py", sarif_file="out/of here/found.sarif")
    assert done.returncode == 1, done.stderr
    found = json.loads((workspace / "out/of here/found.sarif").read_text())
    assert [one["ruleId"] for one in found["runs"][0]["results"]] == ["CDT343"]


@BASH
def test_options_and_the_baseline_reach_the_command(workspace: Path) -> None:
    write(workspace, app=CONFLICT)
    assert step("Check", workspace, args="--exit-zero  -q\n").returncode == 0
    assert step("Check", workspace, baseline="known file.json").returncode == 2
    assert step("Check", workspace, args="--write-baseline known.json").returncode == 0
    assert step("Check", workspace, baseline="known.json").returncode == 0


HOSTILE = [
    "$(touch owned)",
    "`touch owned`",
    "; touch owned",
    '"; touch owned; "',
    "x' && touch owned '",
    "a\n$(touch owned)",
    "--exit-zero",
    "-q;touch owned",
    "* | touch owned",
]


@BASH
@pytest.mark.parametrize("text", HOSTILE)
def test_inputs_are_never_commands(text: str, workspace: Path) -> None:
    write(workspace, app=CONFLICT)
    for done in (
        step("Check", workspace, paths=text, baseline=text, sarif_file=text),
        step("Check", workspace, args=text, sarif_file=text),
        step("Install conduitc", workspace, version=text),
    ):
        assert done.returncode != 0 or text == "--exit-zero"
    assert not [one for one in (*workspace.rglob("*"), *workspace.parent.iterdir()) if one.name == "owned"]


@BASH
def test_no_path_is_said(workspace: Path) -> None:
    done = step("Check", workspace, paths=" \n")
    assert (done.returncode, done.stdout) == (2, "::error title=conduitc::the input 'paths' names nothing\n")


@BASH
@SOAK
def test_the_install_step_installs_the_command(workspace: Path) -> None:
    clone(workspace.parent / "source")
    done = step("Install conduitc", workspace)
    assert done.returncode == 0, done.stderr
    installed = (workspace.parent / "output").read_text().removeprefix("conduitc=").strip()
    write(workspace, app=CONFLICT)
    command = [installed, "check", "app.py"]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    assert subprocess.run(command, cwd=workspace, env=env, check=False, capture_output=True).returncode == 1


def test_the_hooks_are_well_formed() -> None:
    assert [hook["id"] for hook in HOOKS] == ["conduitc-check", "conduitc-fix"]
    for hook in HOOKS:
        assert set(hook) <= {
            "id", "name", "description", "entry", "args", "language", "types", "pass_filenames",
        }  # fmt: skip
        assert hook["language"] == "python" and hook["pass_filenames"] is False
        assert hook["entry"].startswith("conduitc check")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_what_a_hook_runs(hook: dict[str, Any], workspace: Path) -> None:
    for text, code in ((FINE, 0), (CONFLICT, 1)):
        write(workspace, app=text)
        command = [sys.executable, "-m", *hook["entry"].split(), *hook["args"]]
        done = subprocess.run(command, cwd=workspace, env=environment(), check=False, capture_output=True)
        assert done.returncode == code, done.stderr


@SOAK
def test_pre_commit_runs_the_hook(workspace: Path) -> None:
    venv, source = workspace.parent / "venv", clone(workspace.parent / "source")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([venv / "bin/pip", "install", "--quiet", "pre-commit"], check=True)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main"]
    for folder in (source, workspace):
        subprocess.run([*git, "init", "--quiet", folder], check=True)
    subprocess.run([*git, "-C", source, "add", "."], check=True)
    subprocess.run([*git, "-C", source, "commit", "--quiet", "-m", "all"], check=True)
    head = subprocess.run(
        [*git, "-C", source, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    config = {
        "repos": [{"repo": str(source), "rev": head.stdout.strip(), "hooks": [{"id": "conduitc-check"}]}]
    }
    (workspace / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    env["PRE_COMMIT_HOME"] = str(workspace.parent / "cache")
    for text, code, said in ((FINE, 0, "Passed"), (CONFLICT, 1, "error[CDT240]")):
        write(workspace, app=text)
        subprocess.run([*git, "-C", workspace, "add", "."], check=True)
        command = [venv / "bin/pre-commit", "run", "--all-files"]
        done = subprocess.run(command, cwd=workspace, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == code and said in done.stdout, done.stdout + done.stderr
