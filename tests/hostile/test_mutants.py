"""Mutants of the examples and of the rules' cases, and generated programs: a diagnostic or a build."""

from __future__ import annotations

import shutil
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.hostile.box import SOAK, Outcome, outcome, outcomes
from tests.hostile.generated import generated
from tests.hostile.mutants import Program, corpus, mutant

pytestmark = pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")

MUTANTS = 2_000 if SOAK else 60
PROGRAMS = 1_000 if SOAK else 30


def _run(folder: Path, item: tuple[int, Program]) -> Outcome:
    number, program = item
    here = folder / str(number) / "program"
    for name, data in program.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(data)
    try:
        return outcome(here, whole=number % 20 == 0)
    finally:
        shutil.rmtree(folder / str(number), ignore_errors=True)


def _faults(items: list[tuple[int, Program]], folder: Path) -> tuple[list[str], Counter[str]]:
    faults, ends = [], Counter[str]()
    for (number, _), found in outcomes(items, partial(_run, folder)):
        faults += [f"seed {number}: {problem}" for problem in found.problems]
        ends["built" if found.built else "refused"] += 1
    print(dict(ends))
    return faults, ends


def test_mutants(tmp_path: Path) -> None:
    programs = corpus()
    faults, ends = _faults([(seed, mutant(programs, seed)) for seed in range(MUTANTS)], tmp_path)
    assert not faults, "\n".join(faults)
    assert ends.total() == MUTANTS and min(ends["built"], ends["refused"]) > MUTANTS / 20


def test_generated_programs(tmp_path: Path) -> None:
    faults, ends = _faults([(seed, generated(seed)) for seed in range(PROGRAMS)], tmp_path)
    assert not faults, "\n".join(faults)
    assert ends.total() == PROGRAMS and min(ends["built"], ends["refused"]) > PROGRAMS / 20
