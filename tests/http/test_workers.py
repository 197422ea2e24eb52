"""``conduitc run --workers``: replaced when they die, one by one on request; none outlives its supervisor."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.http.crowd import Crowd
from tests.http.running import needs_protocol, running
from tests.http.serving import Builds, Server, request, until

SOAK = os.environ.get("CONDUIT_SOAK") == "1"


@pytest.fixture
def dist(builds: Builds) -> Path:
    return builds.at("ending", "python")


def workers(server: Server) -> set[int]:
    """The processes that answer, asked often enough to meet each of two."""
    return {server.get("/pid").json["pid"] for _ in range(24)}


def children(server: Server) -> set[int]:
    task = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(one) for one in task.read_text().split()}


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_worker_is_replaced(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server:
        until(lambda: len(children(server)) == 2, server.output)
        victim = server.get("/pid").json["pid"]
        os.kill(victim, signal.SIGKILL)
        until(lambda: len(children(server) - {victim}) == 2, server.output)
        until(lambda: len(workers(server)) == 2, server.output)
        assert victim not in workers(server)
        server.terminate()
        assert server.wait() == 0
    assert f"worker {victim} ended by signal 9; another takes its place" in server.output()


def replace_all(server: Server) -> None:
    before = children(server)
    server.process.send_signal(signal.SIGHUP)
    until(lambda: children(server).isdisjoint(before) and len(children(server)) == 2, server.output)


@needs_protocol
def test_workers_are_replaced_without_a_failed_request(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server:
        crowd = Crowd(server.address, 8)
        for _ in range(10 if SOAK else 1):
            until(lambda: len(children(server)) == 2, server.output)
            replace_all(server)
        time.sleep(0.2)
        counts = crowd.stop()
        assert counts["lost"] == counts["refused"] == 0 and counts["answered"] == counts[200] > 200, counts
        server.terminate()
        assert server.wait() == 0


def test_what_is_in_flight_in_an_old_worker_is_answered(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server, server.client() as client:
        client.send(request("GET", "/slow/3000"))
        until(lambda: "slow 3000" in server.output(), server.output)
        before = children(server)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: workers(server).isdisjoint(before), server.output)  # others serve beside it
        server.terminate()  # which is no second signal to a worker that drains already
        assert client.answer().json == {"slept": 3000}
        assert server.wait() == 0


def test_a_build_that_does_not_start_replaces_nothing(dist: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    with running(dist, tmp_path / "log", "--workers", "2", env={"BROKEN": str(broken)}) as server:
        until(lambda: len(workers(server)) == 2, server.output)
        before = children(server)
        broken.touch()
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "the old workers go on" in server.output(), server.output)
        assert "it is broken" in server.output() and children(server) == before
        # a worker that dies now cannot be replaced before the build is mended
        os.kill(min(before), signal.SIGKILL)
        until(lambda: server.output().count("before it served") > 1, server.output)
        assert server.get("/").status == 200
        broken.unlink()
        until(lambda: len(workers(server)) == 2, server.output)


def test_more_and_fewer(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server:
        for number, expected in (
            (signal.SIGTTIN, 3),
            (signal.SIGTTOU, 2),
            (signal.SIGTTOU, 1),
            (signal.SIGTTOU, 1),
        ):
            server.process.send_signal(number)
            until(lambda expected=expected: len(children(server)) == expected, server.output)
        assert server.get("/").status == 200


def test_no_worker_outlives_the_supervisor(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server:
        until(lambda: len(workers(server)) == 2, server.output)
        left = children(server)
        server.process.kill()
        server.wait()
        until(lambda: not any(map(alive, left)), server.output)


def test_the_supervisor_imports_neither_uvicorn_nor_the_app(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2") as server:
        until(lambda: len(children(server)) == 2, server.output)
        maps = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "uvloop" not in maps and "msgspec" not in maps and "_native" not in maps


def test_logs_of_several_workers_are_whole_lines(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--workers", "2", "--access-log") as server:
        crowd = Crowd(server.address, 8, "/users/7")
        until(lambda: crowd.answered() > 500, server.output)
        counts: Any = crowd.stop()
        server.terminate()
        assert server.wait() == 0
    lines = [line for line in server.output().splitlines() if line.startswith("{")]
    assert len(lines) == counts["answered"]
    assert all(json.loads(line)["path"] == "/users/7" for line in lines)
