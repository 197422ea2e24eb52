"""Compiled loops do what Python does: values, types, bits of floats, exceptions and their lines, locals."""

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from conduitc import toolchain
from tests.numeric.compiled import both
from tests.numeric.outcome import outcome
from tests.numeric.programs import arguments, module

SOAK = bool(os.environ.get("CONDUIT_SOAK"))
BATCHES, FUNCTIONS, CALLS = (5, 200, 150) if SOAK else (1, 16, 60)

pytestmark = pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")


@pytest.mark.parametrize("seed", range(BATCHES))
def test_random_loops(seed: int, tmp_path: Path) -> None:
    text = module(seed, FUNCTIONS)
    made = both(text, tmp_path)
    compiled = sum(len(one.loops) for one in made.loops.modules)
    assert compiled > FUNCTIONS, "most loops are compiled"
    random = Random(seed)
    for index in range(FUNCTIONS):
        python, ours = getattr(made.python, f"f{index}"), getattr(made.ours, f"f{index}")
        for _ in range(CALLS):
            given = arguments(random)
            assert outcome(ours, given) == outcome(python, given), f"f{index}{given}"
    shutil.rmtree(tmp_path)
