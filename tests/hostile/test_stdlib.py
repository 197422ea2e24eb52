"""The interpreter's own library, file by file: nothing of it may be the compiler's fault."""

from __future__ import annotations

import sysconfig
from functools import partial
from pathlib import Path

import pytest

from conduitc.analysis import analyse
from tests.hostile.box import SOAK, Outcome, misplaced, outcomes

LIB = Path(sysconfig.get_path("stdlib"))
#: In their folders: what they import from beside them belongs to the project.
FILES = [path for path in sorted(LIB.rglob("*.py")) if "site-packages" not in path.parts]
SAMPLE = FILES if SOAK else FILES[:: max(1, len(FILES) // 25)]


def _run(folder: Path, path: Path) -> Outcome:
    """A copy alone: with its imports each would be the whole library."""
    here = folder / path.relative_to(LIB).with_suffix("")
    here.mkdir(parents=True)
    (here / "module_.py").write_bytes(path.read_bytes())
    found = analyse(here / "module_.py").diagnostics
    problems = [fault for one in found if (fault := misplaced(one, here))]
    return Outcome(problems, [one.rule.code for one in found if one.severity == "error"], False)


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
def test_files_of_the_standard_library(tmp_path: Path) -> None:
    assert len(FILES) > 1_000
    faults = []
    for path, found in outcomes(SAMPLE, partial(_run, tmp_path)):
        faults += [f"{path.relative_to(LIB)}: {problem}" for problem in found.problems]
    assert not faults, "\n".join(faults)
