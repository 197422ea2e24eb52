"""Random edits, one after the other: what is known of earlier versions changes nothing of what is said now.

By default a sample; ``CONDUIT_SOAK=1`` makes 1,000 edits of each program with each of the seeds in
``CONDUIT_SEEDS`` (``1 2 3`` where it is not given). A failure names seed and edit.
"""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from conduitc.kept import Kept
from tests.cli.servers import environment
from tests.watch.edits import edited
from tests.watch.outputs import outputs, write
from tests.watch.programs import CONDUIT, FASTAPI, Program, example

SOAK = bool(os.environ.get("CONDUIT_SOAK"))
EDITS = 1_000 if SOAK else 12
SEEDS = [int(one) for one in os.environ.get("CONDUIT_SEEDS", "1 2 3").split()] if SOAK else [7]
#: Edits after which a process that has done nothing else is asked, too.
ELSEWHERE = 100 if SOAK else 12


PROGRAMS = {
    "conduit": (CONDUIT, "app.py"),
    "shop": (example("shop"), "app.py"),
    "everything": (example("everything"), "app.py"),
    "web": (FASTAPI, "main.py"),
    "notes": (example("fastapi_notes"), "notes/main.py"),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("start", "entry"), PROGRAMS.values(), ids=PROGRAMS)
def test_incremental_equals_full(tmp_path: Path, start: Program, entry: str, seed: int) -> None:
    random, kept = Random(seed), Kept()
    program: Program = {}
    now = dict(start)
    sound = dict(start)
    done: list[str] = []
    for number in range(EDITS):
        write(tmp_path, program, now)
        program = now
        found = outputs(tmp_path / entry, kept)
        full = outputs(tmp_path / entry, None)
        where = f"seed {seed}, edit {number}: {'; '.join(done[-12:])}"
        assert found.keys() == full.keys(), where
        for name, text in full.items():
            assert found[name] == text, f"{name} after {where}"
        if number % ELSEWHERE == ELSEWHERE - 1:
            assert "".join(f"== {name}\n{text}\n" for name, text in found.items()) == _elsewhere(
                tmp_path / entry
            )
        works = "wiring" in full or (entry.endswith("main.py") and "openapi.json" in full)
        if works:
            sound = now
        if not works and random.random() < 0.5:
            what, now = "as it was when it worked last", dict(sound)
        else:
            what, now = edited(random, now, start)
        done.append(what)


def _elsewhere(target: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.watch.outputs", str(target)],
        cwd=Path(__file__).parents[2],
        env=environment(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()
