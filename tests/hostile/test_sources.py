"""Hostile source files: each ends in a diagnostic with a place in the file, or in a build."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.hostile.box import MEMORY, SOAK, Outcome, outcome, outcomes
from tests.hostile.odd import ENCODED, ODD
from tests.hostile.shape import Shape
from tests.hostile.sources import ABUNDANT, DEEP, SHAPES

REPO = Path(__file__).parents[2]
#: All in one child: those that take a second each only in the long run.
SMALL = [*DEEP, *ENCODED, *ODD]
EVERY = 1 if SOAK else 6
#: Through the command line, under the limits of the specification.
SECONDS = 10
WHOLE = (
    list(SHAPES) if SOAK else ["20,000-term sum", "constants that double", "unknown coding", "code that acts"]
)


def _run(folder: Path, shape: Shape) -> Outcome:
    here = folder / str(abs(hash(shape.name))) / "program"
    here.mkdir(parents=True)
    (here / "app.py").write_bytes(shape.make())
    return outcome(here)


@pytest.mark.parametrize("shapes", [DEEP, ENCODED, ODD, ABUNDANT], ids=["deep", "encoded", "odd", "abundant"])
def test_no_fault_of_ours(shapes: list[Shape], tmp_path: Path) -> None:
    chosen = shapes[::EVERY] if shapes is not ABUNDANT else shapes[:: EVERY * 4]
    faults = []
    for shape, found in outcomes(chosen, partial(_run, tmp_path)):
        faults += [f"{shape.name}: {problem}" for problem in found.problems]
        if shape.verdict == "error" and found.built:
            faults.append(f"{shape.name}: built")
        if shape.verdict == "valid" and not found.built:
            faults.append(f"{shape.name}: {found.errors}")
    assert not faults, "\n".join(faults)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory")
@pytest.mark.parametrize("name", WHOLE)
def test_within_limits(name: str, tmp_path: Path) -> None:
    """10 s of CPU and 1 GiB, for ``check`` and for ``build``."""
    here = tmp_path / "program"
    here.mkdir()
    (here / "app.py").write_bytes(SHAPES[name].make())
    ends = []
    environment = {"PYTHONPATH": f"{REPO}:{REPO / 'runtime'}", "XDG_CACHE_HOME": str(tmp_path)}
    for arguments in (["check", "app.py"], ["build", "app.py", "--target", "python", "-o", "../dist"]):
        done = subprocess.run(
            [sys.executable, "-m", "conduitc", *arguments],
            cwd=here, env={**os.environ, **environment},
            capture_output=True, text=True, errors="replace", preexec_fn=_limited, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), (done.returncode, done.stderr[-1500:])
        assert "Traceback" not in done.stdout + done.stderr
        ends.append(done.returncode)
    wanted = {"error": [[1, 1]], "valid": [[0, 0], [1, 0]], "either": [[0, 0], [1, 0], [1, 1], [0, 1]]}
    assert ends in wanted[SHAPES[name].verdict]
    assert sorted(os.listdir(here)) == ["app.py"]  # nothing of it ran
