"""The cases of ``http_cases.json``: over sockets, and in memory cut at every byte."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.http.corpus import RUNNER, cases, in_memory, job, needs_corpora, raw_of, runner, seen
from tests.http.serving import Builds, http_of, target_of
from tests.http.ways import SOAK

pytestmark = needs_corpora

WAYS = ("python", "cython")
#: The least share of the cases that must pass; no case may fail.
ENOUGH = 0.98
#: Longer cases are cut at their edges and at a sample of places.
LONG = 600


@pytest.mark.parametrize("way", WAYS)
def test_over_sockets(shared: Any, tmp_path: Path, way: str) -> None:
    server = shared("echo", way)
    host, port = server.address
    told = tmp_path / "told.json"
    done = subprocess.run(
        [sys.executable, RUNNER, host, str(port), "-v", "-j", "64", "--json", told],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr + server.output()[-2000:]
    score = Counter(one["verdict"] for one in json.loads(told.read_text()))
    assert score["FAIL"] == 0 and score["pass"] >= ENOUGH * score.total(), done.stdout


def cuts_of(raw: bytes) -> list[Any]:
    if len(raw) <= LONG:
        return ["bytes", "each"]
    edges = {*range(1, 200), *range(len(raw) - 40, len(raw)), *range(0, len(raw), len(raw) // 100 + 1)}
    steps = [list(range(step, len(raw), step)) for step in (1000, 4099, 65536) if step < len(raw)]
    small = ["bytes"] if SOAK and len(raw) < 100_000 else []
    return [*small, *steps, *([place] for place in sorted(edges - {0}))]


@pytest.mark.parametrize("way", WAYS)
def test_in_memory_cut_at_every_byte(builds: Builds, way: str) -> None:
    listed, judge = cases(), runner()
    if not SOAK:
        listed = [case for case in listed if len(raw_of(case)) < 100_000]
    jobs = [job(raw, cuts_of(raw)) for raw in map(raw_of, listed)]
    found = in_memory(builds.at("echo", target_of(way)), http_of(way), jobs)
    score: Counter[str] = Counter()
    wrong = []
    for case, (whole, *others) in zip(listed, found, strict=True):
        head = case.get("head", False)
        verdict, kind, why = judge.judge(case, seen(judge, whole[0], head, whole[1]))
        score[verdict] += 1
        if verdict != "pass":
            wrong.append((verdict, case["id"], kind, why, whole[0][:200]))
        for written, closed, places in others:
            wrong.append(("cut", case["id"], places, whole, written, closed))
    cut = [one for one in wrong if one[0] == "cut"]
    assert not cut, "\n".join(map(str, cut[:20]))
    assert score["FAIL"] == 0 and score["pass"] >= ENOUGH * score.total(), "\n".join(map(str, wrong))
