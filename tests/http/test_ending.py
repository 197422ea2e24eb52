"""SIGTERM and Ctrl-C under ``conduitc run``: what is in flight is answered, nothing is lost; it exits 0."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.http.crowd import Crowd
from tests.http.running import begin, needs_protocol, running, serves
from tests.http.serving import Builds, request, until

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
MODES = {
    "uvicorn": [],
    "single": ["--single"],
    "workers": ["--workers", "2"],
    "asyncio": ["--loop", "asyncio"],
    "single-asyncio": ["--single", "--loop", "asyncio"],
}
USUAL = list(MODES) if SOAK else ["uvicorn", "single", "workers"]
ALONE = [mode for mode in USUAL if mode != "workers"]
TERM, INTERRUPT = signal.SIGTERM, signal.SIGINT
EACH = [(mode, one) for mode in MODES for one in (TERM, INTERRUPT)]
every = pytest.mark.parametrize("mode", USUAL)
signals = pytest.mark.parametrize(
    ("mode", "number"), EACH if SOAK else [("uvicorn", TERM), ("single", INTERRUPT), ("workers", INTERRUPT)]
)


@pytest.fixture
def dist(builds: Builds) -> Path:
    return builds.at("ending", "python")


@needs_protocol
@every
@pytest.mark.parametrize("place", ["tcp", "unix"])
def test_no_request_is_lost(dist: Path, tmp_path: Path, mode: str, place: str) -> None:
    where = ["--uds", str(tmp_path / "socket")] if place == "unix" else []
    for turn in range(20 if SOAK else 1):
        # a client's thread may be kept from sending for longer than a live connection is waited for
        options = [*MODES[mode], *where, "--drain-moment", "10"]
        with running(dist, tmp_path / f"{turn}.log", *options) as server:
            crowd = Crowd(server.address, 8)
            until(lambda crowd=crowd: crowd.answered() > 200, server.output)
            server.terminate()
            assert server.wait() == 0, server.output()
            counts = crowd.stop()
        assert counts["lost"] == 0 and counts["answered"] == counts[200], counts
        assert "ended" in server.output() and "Traceback" not in server.output()
        assert not (tmp_path / "socket").exists()


@signals
def test_what_is_in_flight_is_answered(dist: Path, tmp_path: Path, mode: str, number: int) -> None:
    with running(dist, tmp_path / "log", *MODES[mode]) as server, server.client() as client:
        client.send(request("GET", "/slow/2000"))
        until(lambda: "slow 2000" in server.output(), server.output)
        server.process.send_signal(number)
        found = client.answer()
        assert found.status == 200 and found.closes
        assert server.wait() == 0
    assert "ended" in server.output() and "Traceback" not in server.output()


@needs_protocol
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "workers"])
def test_connections_that_wait_to_be_accepted_are_accepted(dist: Path, tmp_path: Path, mode: str) -> None:
    with running(dist, tmp_path / "log", *MODES[mode]) as server, server.client() as first:
        first.send(request("GET", "/block/700"))
        until(lambda: "block 700" in server.output(), server.output)
        waiting = [server.client() for _ in range(20)]  # the loop is held: they are in the kernel's queue
        for client in waiting[:10]:
            client.send(request("GET", "/users/7"))
        server.terminate()
        answers = [client.answer() for client in (first, *waiting[:10])]
        assert [one.status for one in answers] == [200] * 11
        for client in waiting[10:]:  # these say nothing before the server begins to end
            client.send(request("GET", "/users/8"))
            assert client.answer().json == {"user_id": 8}
        assert server.wait() == 0


@needs_protocol
@every
def test_a_live_connection_has_a_moment(dist: Path, tmp_path: Path, mode: str) -> None:
    options = [*MODES[mode], "--drain-moment", "20"]
    with running(dist, tmp_path / "log", *options) as server, server.client() as client:
        client.send(request("GET", "/"))
        assert not client.answer().closes
        server.terminate()
        until(lambda: not _accepts(server), server.output)
        client.send(request("GET", "/"))
        found = client.answer()
        assert found.status == 200 and found.closes and client.closed()
        assert server.wait() == 0


def _accepts(server: Any) -> bool:
    try:
        server.client(timeout=0.2).close()
    except OSError:
        return False
    return True


@every
@pytest.mark.parametrize("target", ["/slow/60000", "/thread/60000", "/ticks"] if SOAK else ["/thread/60000"])
def test_the_deadline_of_what_is_in_flight(dist: Path, tmp_path: Path, mode: str, target: str) -> None:
    options = [*MODES[mode], "--drain-seconds", "0.3"]
    with running(dist, tmp_path / "log", *options) as server, server.client() as client:
        client.send(request("GET", target))
        if target == "/ticks":
            assert client.start().status == 200
        else:
            time.sleep(0.3)
        began = time.monotonic()
        server.terminate()
        assert server.wait() == 0, server.output()
        assert time.monotonic() - began < 15  # not the minute that it takes
    assert "ended" in server.output()


@signals
def test_a_second_signal_ends_at_once(dist: Path, tmp_path: Path, mode: str, number: int) -> None:
    with running(dist, tmp_path / "log", *MODES[mode]) as server, server.client() as client:
        client.send(request("GET", "/slow/60000"))
        until(lambda: "slow 60000" in server.output(), server.output)
        server.terminate()
        until(lambda: not _accepts(server), server.output)
        server.process.send_signal(number)
        assert server.wait() == 128 + number
    idle = 1 if mode == "workers" else 0  # one of them has nothing to wait for
    assert server.output().count("ended") <= idle


@pytest.mark.parametrize("mode", ALONE if SOAK else ["single"])
def test_what_holds_the_loop_does_not_hold_the_process(dist: Path, tmp_path: Path, mode: str) -> None:
    """The first signal begins the deadline, though the loop cannot hear of it."""
    options = [*MODES[mode], "--drain-seconds", "0"]
    with running(dist, tmp_path / "log", *options) as server, server.client() as client:
        client.send(request("GET", "/block/60000"))
        until(lambda: "block 60000" in server.output(), server.output)
        server.terminate()
        assert server.wait() == 1
    assert "not ended 5 seconds after it was asked to" in server.output()


@every
def test_asked_to_end_before_it_serves(dist: Path, tmp_path: Path, mode: str) -> None:
    """Whenever the signal comes: an orderly end, or one by the signal where nothing had begun."""
    for turn in range(40 if SOAK else 3):
        server = begin(dist, tmp_path / f"{turn}.log", *MODES[mode])
        try:
            time.sleep(turn / (100 if SOAK else 10))
            server.terminate()
            assert server.wait() in (0, -signal.SIGTERM), server.output()
            assert "Traceback" not in server.output(), server.output()
        finally:
            server.stop()


@pytest.mark.parametrize("mode", ["uvicorn", "single", "workers"])
def test_an_app_that_does_not_start(dist: Path, tmp_path: Path, mode: str) -> None:
    (tmp_path / "broken").touch()
    env = {"BROKEN": str(tmp_path / "broken")}
    server = begin(dist, tmp_path / "log", *MODES[mode], env=env)
    try:
        assert server.wait() == 1
    finally:
        server.stop()
    said = server.output()
    assert "it is broken" in said and f"conduitc run: the app in {dist} does not start" in said
    assert "Server running" not in said and "fault of conduitc" not in said


@every
def test_requests_after_which_a_process_ends(dist: Path, tmp_path: Path, mode: str) -> None:
    with running(dist, tmp_path / "log", *MODES[mode], "--limit-max-requests", "5") as server:
        if mode == "workers":  # another takes its place
            first = server.get("/pid").json
            until(lambda: server.get("/pid").json != first, server.output)
            assert server.process.poll() is None
        else:
            for _ in range(5):
                assert server.get("/").status == 200
            assert server.wait() == 0 and "ended" in server.output()


def test_it_says_where_once_it_serves(dist: Path, tmp_path: Path) -> None:
    server = begin(dist, tmp_path / "log")
    try:
        serves(server)
        assert server.get("/").status == 200  # at once
        said = server.output()
        assert said.index("begun") < said.index("Server running")
    finally:
        server.stop()
