"""Cases with faults put in: no 500, no desync, both targets alike, differences to httptools explained."""

import itertools
import json
import os
from collections import Counter
from typing import Any

import pytest

from tests.http.corpus import in_memory, job, mutants, needs_corpora, runner, seen
from tests.http.differences import explained, requests_in
from tests.http.memory import finals
from tests.http.serving import Builds, http_of, target_of
from tests.http.ways import SOAK

pytestmark = needs_corpora

SEED = int(os.environ.get("CONDUIT_SEED", "1"))
COUNT = 100_000 if SOAK else 2_000
WAYS = ("asgi", "python", "cython")

Seen = tuple[tuple[int, ...], bool, tuple[Any, ...]]


@pytest.fixture(scope="module")
def heard(builds: Builds) -> Any:
    """The mutants, and what was written and whether the connection was ended, by way."""
    made = mutants(COUNT, SEED)
    jobs = [job(raw) for _, raw, _ in made]
    return made, {way: ask(builds, way, jobs) for way in WAYS}


def ask(builds: Builds, way: str, jobs: list[Any]) -> list[tuple[bytes, bool]]:
    found = in_memory(builds.at("echo", target_of(way)), http_of(way), jobs)
    return [(written, ended) for ((written, ended),) in found]


def understood(judge: Any, written: bytes, ended: bool, head: bool) -> Seen:
    """Statuses, fate, and what the app saw of each request."""
    found = seen(judge, written, head, ended)
    assert not found["rest"], written
    apps = []
    for status, headers, body, _ in found["fin"]:
        if status < 400 and headers.get("x-echo") and body:
            told = json.loads(body)
            apps.append((told["method"], told["path"], told["query"], told["body"]))
    return tuple(one[0] for one in found["fin"]), ended, tuple(apps)


@pytest.mark.parametrize("way", ["cython"])
def test_both_targets_answer_the_same_bytes(heard: Any, way: str) -> None:
    made, found = heard
    for (name, raw, _), one, other in zip(made, found["python"], found[way], strict=True):
        assert (finals(one[0]), one[1]) == (finals(other[0]), other[1]), (name, raw)


@pytest.mark.parametrize("way", ["python", "cython"])
def test_no_mutant_is_a_fault_of_ours(heard: Any, way: str) -> None:
    made, found = heard
    judge = runner()
    for (name, raw, head), (written, ended) in zip(made, found[way], strict=True):
        statuses, _, apps = understood(judge, written, ended, head)
        assert 500 not in statuses, (name, raw)
        assert len(statuses) <= len(pieces(raw)), (name, raw, statuses, apps)


@pytest.mark.parametrize("way", ["python"])
def test_every_difference_to_httptools_has_a_reason(heard: Any, builds: Builds, way: str) -> None:
    """Where the whole is answered otherwise, some request of it, sent alone, is; and there is a reason why.

    Where none is, uvicorn forgot the answers to requests before one that it refuses, which is its own affair.
    """
    made, found = heard
    judge = runner()
    listed = []
    for (name, raw, head), mine, their in zip(made, found[way], found["asgi"], strict=True):
        if not same(understood(judge, *mine, head), understood(judge, *their, head)):
            listed += [(name, piece) for piece in pieces(raw)]
    jobs = [job(piece) for _, piece in listed]
    told = zip(listed, ask(builds, way, jobs), ask(builds, "asgi", jobs), strict=True)
    reasons: Counter[str] = Counter()
    unexplained = []
    for (name, piece), mine, their in told:
        head = piece.startswith(b"HEAD ")
        ours, theirs = understood(judge, *mine, head), understood(judge, *their, head)
        reason = explained(piece, bool(ours[0]) and ours[0][0] >= 400 and ours[1])
        if same(ours, theirs):
            reasons["forgotten"] += 1
        elif reason is not None:
            reasons[reason.name] += 1
        else:
            unexplained.append((name, piece[:300], ours, theirs))
    print(dict(reasons))
    assert not unexplained, "\n".join(map(str, unexplained[:30]))


def pieces(raw: bytes) -> list[bytes]:
    """Each request of the bytes by itself, and what comes after the last whole one."""
    starts = [*requests_in(raw), len(raw)]
    return [raw[start:end] for start, end in itertools.pairwise(starts) if start < end]


def same(ours: Seen, theirs: Seen) -> bool:
    """Alike in class of status, fate and meaning."""
    return [one // 100 for one in ours[0]] == [one // 100 for one in theirs[0]] and ours[1:] == theirs[1:]
