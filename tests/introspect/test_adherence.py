"""bench/adherence.py: what a model is asked, how its answers are judged, and what is counted."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import Codebase

from tests.introspect.completions import standing_in

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "bench"))
from adherence_task import Task, called_for, codebase_of, judge, tasks  # noqa: E402

SOLUTIONS = Path(__file__).with_name("solutions")
SLOPPY = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/memories")
def memories():
    return []
"""


@cache
def codebase(about: str) -> Codebase:
    return codebase_of(str(ROOT / about))


def bench(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    command = [sys.executable, str(ROOT / "bench/adherence.py"), *words]
    surroundings = {**os.environ, "PYTHONPATH": paths, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)


def solution(name: str) -> str:
    """What a model should write for a task."""
    return (SOLUTIONS / f"{name}.py").read_text("utf-8")


def reminded(messages: list[dict[str, Any]]) -> str:
    """Writes badly first, and well once it is told what is wrong."""
    code = solution("list") if len(messages) > 2 else SLOPPY
    return f"Here it is:\n\n```python\n{code}```\n\nTell me if it should be otherwise."


def test_without_a_model_nothing_is_measured() -> None:
    done = bench()
    assert (done.returncode, done.stdout) == (0, "not measured: no model was given (--url, --model)\n")


def test_a_model_that_learns() -> None:
    with standing_in(reminded, busy=1) as stand:
        done = bench("--url", stand.url, "--model", "small", "list", OPENAI_API_KEY="k-1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "with the answers: 1 of 1 tasks done, 2.00 answers on average" in done.stdout
    assert "met    adherence after 2 answers: 1.00" in done.stdout
    assert {(one.path, one.token) for one in stand.heard} == {("/v1/chat/completions", "Bearer k-1")}
    _, *asked = [one.body["messages"] for one in stand.heard]
    helped, again, alone, alone_again = asked
    assert [one["role"] for one in again] == ["system", "user", "assistant", "user"]
    assert "CurrentUser" in helped[1]["content"] and "CurrentUser" not in alone[1]["content"]
    assert "no GET /api/v1/reminders" in again[3]["content"]
    assert "template: " in again[3]["content"] and "CurrentUser" in again[3]["content"]
    assert "conventions of this project are not followed" in alone_again[3]["content"]
    assert "CurrentUser" not in alone_again[3]["content"]


def test_a_model_that_never_learns_misses_the_goal() -> None:
    with standing_in(lambda messages: SLOPPY) as stand:
        done = bench("--url", stand.url, "--model", "small", "--iterations", "2", "list", OPENAI_API_KEY="")
    assert done.returncode == 1
    assert "with the answers: 0 of 1 tasks done, none" in done.stdout and "MISSED" in done.stdout
    assert len(stand.heard) == 4 and stand.heard[0].token == ""


def test_a_server_that_is_none_is_told() -> None:
    done = bench("--url", "http://127.0.0.1:9/v1", "--model", "small", "list")
    assert done.returncode == 1 and "127.0.0.1: " in done.stdout


def test_there_are_enough_tasks() -> None:
    assert len(tasks()) >= 12
    assert len({one.name for one in tasks()}) == len(tasks())


@pytest.mark.parametrize("task", tasks(), ids=lambda one: one.name)
def test_every_convention_of_a_task_is_mined(task: Task) -> None:
    """None is followed by nothing, and a file that does not exist yet cannot follow it."""
    wanted = called_for(codebase(f"{task.code}/{task.entry}"), task)
    assert len(wanted) == len(task.follow) and not (ROOT / task.code / task.file).exists()
    judged = judge(task, "", wanted, ROOT / task.code)
    assert len(judged.missing) == len(wanted)
    assert bool(judged.findings) == bool(task.wire)


@pytest.mark.parametrize("task", tasks(), ids=lambda one: one.name)
def test_a_task_can_be_done(task: Task) -> None:
    wanted = called_for(codebase(f"{task.code}/{task.entry}"), task)
    judged = judge(task, solution(task.name), wanted, ROOT / task.code)
    assert (judged.missing, judged.findings) == ((), ())


def test_what_is_no_python_is_a_finding() -> None:
    task = tasks()[0]
    judged = judge(task, "def", [], ROOT / task.code)
    assert not judged.done and "is no Python" in judged.findings[0]
