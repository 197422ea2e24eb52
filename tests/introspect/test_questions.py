"""What newcomers ask: the right answer is among the first five for at least 90 % of the questions of a file.

``questions/*.toml`` were written, answers and all, before anything could answer them; an answer is never
changed to make the figure come out. ``heldout.toml`` was kept back until answers were tuned. A file, or each
of its questions, names the code it is about; real projects need ``CONDUIT_REAL``, a folder of environments as
``bench/real_projects.py`` makes them.
"""

import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import Codebase

from bench.real_projects import PROJECTS, site

ROOT = Path(__file__).parents[2]
QUESTIONS = Path(__file__).with_name("questions")
FILES = sorted(path.stem for path in QUESTIONS.glob("*.toml"))
FIRST = 5


def written(name: str) -> dict[str, Any]:
    return tomllib.loads((QUESTIONS / f"{name}.toml").read_text("utf-8"))


def target(name: str) -> str | None:
    """What the questions of a file are about; None where it is a real project and none are there."""
    about = written(name)
    if "code" in about:
        return str(ROOT / about["code"])
    folder = os.environ.get("CONDUIT_REAL")
    project = next(one for one in PROJECTS if one.name == about["project"])
    if folder is None or not (Path(folder) / project.name).exists():
        return None
    return f"{site(Path(folder), project) / project.module}:{project.variable}"


@cache
def codebase(name: str) -> Codebase | None:
    """Its metadata, made as the command line makes it."""
    about = target(name)
    if about is None:
        return None
    command = [sys.executable, "-m", "conduitc", "introspect", about, "export", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}
    done = subprocess.run(command, capture_output=True, check=True, env=environment)
    return Codebase(done.stdout)


def is_right(asked: Codebase, answer: dict[str, Any], wanted: dict[str, str]) -> bool:
    """A resource by its id; a pattern by its category and a piece of its template."""
    if wanted["kind"] != "pattern":
        return bool(answer["id"] == wanted["id"])
    if answer["kind"] != "pattern":
        return False
    pattern = asked.pattern(answer["id"])
    return pattern["category"] == wanted["category"] and wanted["contains"] in pattern["template"]


@pytest.mark.parametrize("name", FILES)
def test_the_right_answer_is_among_the_first_five(name: str) -> None:
    hits, misses = 0, []
    for question in written(name)["question"]:
        asked = codebase(question.get("code", name))
        if asked is None:
            continue
        answers = asked.how_do_i(question["ask"], limit=FIRST)["answers"]
        assert len(answers) <= FIRST
        assert any((one.get("example") or {}).get("text") for one in answers), question["ask"]
        if any(is_right(asked, answer, wanted) for answer in answers for wanted in question["right"]):
            hits += 1
        else:
            given = [f"    {one['confidence']:.2f} {one['id']} {one['title']}" for one in answers]
            misses.append("\n".join([question["ask"], *given]))
    if not hits and not misses:
        pytest.skip("set CONDUIT_REAL to a folder with the real project installed")
    told = "\n".join(misses)
    print(f"{name}: {hits} of {hits + len(misses)}\n{told}")
    assert hits >= 0.9 * (hits + len(misses)), told


def test_there_are_enough_questions_and_none_is_asked_twice() -> None:
    asked = [question["ask"] for name in FILES for question in written(name)["question"]]
    assert len(asked) >= 60
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("name", FILES)
def test_what_is_expected_is_there(name: str) -> None:
    """No expected answer can be missed because it is misspelt."""
    for question in written(name)["question"]:
        asked = codebase(question.get("code", name))
        for wanted in question["right"]:
            if asked is not None and wanted["kind"] != "pattern":
                assert asked.resource(wanted["id"])["id"] == wanted["id"]
            assert wanted["kind"] != "pattern" or set(wanted) == {"kind", "category", "contains"}
