"""What docs/ci.md tells a person to type works, and prints what it says; its examples match the action."""

import re
import subprocess
import sys
from pathlib import Path

import yaml

from tests.cli.servers import ROOT, environment
from tests.house.pages import blocks, prints
from tests.report.test_action import ACTION, HOOKS

PAGE = ROOT / "docs/ci.md"


def test_its_commands_print_what_it_says(tmp_path: Path) -> None:
    script = tmp_path / "conduitc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m conduitc "$@"\n')
    script.chmod(0o755)
    env = {**environment(), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    env.pop("COLUMNS", None)
    printed, roles = "", []
    for block in blocks(PAGE, 8000):
        roles.append(block.role)
        if block.role == "file":
            (tmp_path / block.name).write_text(block.text, encoding="utf-8")
        elif block.role == "run":
            command = ["sh", "-ec", block.text]
            done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
            printed = done.stdout + done.stderr
            assert done.returncode == block.exit, f"{PAGE}:{block.line}\n{printed}"
        else:
            assert prints(block.text, printed), f"{PAGE}:{block.line}: printed\n{printed}"
    assert {"file", "run", "output"} == set(roles)


def test_its_examples_are_what_the_action_and_the_hooks_take() -> None:
    text = PAGE.read_text(encoding="utf-8")
    workflow, config = (yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", text, re.S))
    assert set(workflow["jobs"]["check"]["steps"][1]["with"]) <= set(ACTION["inputs"])
    assert config["repos"][0]["hooks"][0]["id"] in {hook["id"] for hook in HOOKS}
    table = text.partition("| input |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) - {"false"} == set(ACTION["inputs"])


def test_the_rules_it_names_exist() -> None:
    from conduitc.report.explain import find
    from conduitc.report.rules import all_rules

    named = re.findall(r"conduit: ignore\[([^\]]+)\]", PAGE.read_text(encoding="utf-8"))
    assert all(find(name, all_rules()) for one in named for name in one.split(","))
