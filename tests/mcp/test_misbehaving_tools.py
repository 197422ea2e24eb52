"""A tool that misbehaves hurts only its call: its caller is told, and the next call works."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.misbehaving import CLOSES, EXPECTED, OF_PIPES, program
from tests.mcp.served import DOORS, TARGETS, build
from tests.mcp.speakers import PATIENCE, Pipes, Speaker, call, speaking
from tests.mcp.speaking import message

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
#: Transport, uvicorn's protocol, target.
WAYS = [
    ("stdio", "", "python"),
    *(("http", door, "python") for door in DOORS if SOAK or door != "h11"),
    ("legacy", [*DOORS][-1], "python"),
    ("sse", [*DOORS][-1], "python"),
]
if SOAK and "cython" in TARGETS:
    WAYS += [(transport, door, "cython") for transport, door, _ in WAYS]


@pytest.fixture(scope="module")
def dists(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder, found = tmp_path_factory.mktemp("misbehaving"), {}
    for transport, target in sorted({(one.replace("legacy", "http"), target) for one, _, target in WAYS}):
        found[transport, target] = build(folder / f"{transport}-{target}", program(transport), target)
    return found


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def spoken(request: pytest.FixtureRequest, dists: Any) -> Iterator[Speaker]:
    transport, door, target = request.param
    with speaking(transport, dists[transport.replace("legacy", "http"), target], door) as (speaker, process):
        yield speaker
        assert process.poll() is None


def told(speaker: Speaker, name: str, id_: Any = 1) -> tuple[bool, str]:
    """Whether the call failed, and what its caller reads."""
    result = call(speaker, name, id_)["result"]
    text = "".join(one["text"] for one in result["content"])
    assert "Traceback" not in text and "app.py" not in text and len(text) < 20_000
    return result.get("isError", False), text


def works(speaker: Speaker) -> bool:
    found: dict[str, Any] = call(speaker, "add", "next", a=40)
    return bool(found["result"]["structuredContent"] == {"result": 42})


@pytest.mark.parametrize("name", EXPECTED)
def test_it_ends_its_call_and_nothing_else(spoken: Speaker, name: str) -> None:
    failed, words = told(spoken, name)
    assert failed is EXPECTED[name][0] and EXPECTED[name][1] in words
    assert works(spoken)


def test_one_after_another_without_a_pause(spoken: Speaker) -> None:
    for turn in range(20):
        for name in ("task_exit", "thread_odd", "plain_interrupt", "task_circle", "cancels_itself"):
            assert told(spoken, name, f"{name} {turn}")[0]
    assert works(spoken)


def test_threads_that_do_not_return_take_none_from_others(spoken: Speaker) -> None:
    for turn in range(15):
        assert told(spoken, "hangs_on_a_thread", turn)[0]
        assert told(spoken, "thread_number_keys", f"other {turn}") == (False, '{"1":2}')


@pytest.mark.parametrize("name", OF_PIPES)
def test_what_is_read_from_stdin_is_no_message(spoken: Speaker, name: str) -> None:
    if not isinstance(spoken, Pipes):
        pytest.skip("stdin is a pipe's matter")
    failed, words = told(spoken, name)
    assert failed is OF_PIPES[name][0] and OF_PIPES[name][1] in words
    assert works(spoken)


def test_at_last_it_closes_all_that_it_can(spoken: Speaker) -> None:
    for name in CLOSES:
        assert told(spoken, name) == CLOSES[name]
    assert told(spoken, "plain_zero") == (True, "plain_zero failed")  # and the log is lost
    assert works(spoken)


#: What is still at work when the process is to end, and its exit code over pipes.
AT_WORK = {
    "never_returns": 0,
    "waits_for_a_thread": 0,
    "heeds_nothing": 0,
    "holds_everything_up": 1,
    "leaves_tasks": 0,
    "speaks_from_threads": 0,
    "add": 0,
}


@pytest.mark.parametrize("name", AT_WORK)
def test_pipes_end_soon_whatever_runs(dists: Any, name: str) -> None:
    with speaking("stdio", dists["stdio", "python"]) as (pipes, _):
        assert isinstance(pipes, Pipes)
        call(pipes, "task_zero")
        pipes.write(json.dumps(message("tools/call", 9, name=name, arguments={"a": 1})).encode())
        assert pipes.end() == AT_WORK[name]


@pytest.mark.parametrize("name", ["never_returns", "add"])
@pytest.mark.parametrize("door", DOORS)
def test_servers_end_soon_whatever_runs(dists: Any, door: str, name: str) -> None:
    with speaking("http", dists["http", "python"], door) as (speaker, process):
        for turn in range(3):
            call(speaker, name, turn, a=1)
        process.terminate()
        assert process.wait(PATIENCE) in (0, -signal.SIGTERM)
