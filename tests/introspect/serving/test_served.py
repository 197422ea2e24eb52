"""Under real servers: the compiled protocol and uvicorn's own; killed, attacked, with broken metadata."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conduitc import driver, toolchain
from tests.http.running import running
from tests.http.serving import Server, request, serving
from tests.introspect.serving.programs import TOKEN, VARIABLE, shop

LINE = f"authorization: Bearer {TOKEN}"
TARGETS = ("python", *(("cython",) if toolchain.available() is None else ()))
DECLARED = 'introspection=Introspection(enabled=True, rate_limit="1000/hour")'


@pytest.fixture(scope="module", params=TARGETS)
def dist(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(f"shop-{request.param}")
    (folder / "app.py").write_text(shop(DECLARED))
    return driver.build(folder / "app.py", folder / "dist", kind=request.param).folder


@pytest.fixture
def server(dist: Path, tmp_path: Path) -> Iterator[Server]:
    audit = str(tmp_path / "audit.log")
    with running(dist, tmp_path / "log", env={VARIABLE: TOKEN, "CONDUIT_INTROSPECTION_AUDIT": audit}) as one:
        yield one


def audit(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "audit.log").read_text().splitlines()]


def test_answers_and_refusals(server: Server, tmp_path: Path) -> None:
    found = server.get("/introspect/v1/who?method=GET&url=/users/7", LINE)
    assert found.status == 200
    assert found.json["route"]["id"] == "route:app.get_user#GET /users/{id}"
    assert server.get("/introspect/v1/tools").status == 401
    wrong = server.get("/introspect/v1/tools", "authorization: Bearer wrong")
    assert (wrong.status, wrong.header("content-type")) == (401, "application/problem+json")
    assert 'error="invalid_token"' in str(wrong.header("www-authenticate"))
    posted = server.ask(request("POST", "/introspect/v1/tools", LINE, body=b"{}"))
    assert (posted.status, posted.header("allow")) == (405, "GET, HEAD, OPTIONS")
    head = server.ask(request("HEAD", "/introspect/v1/tools", LINE), head=True)
    assert (head.status, head.body) == (200, b"")
    assert [one["outcome"] for one in audit(tmp_path)] == ["ok", "no token", "wrong token", "ok"]


def test_the_limit(server: Server) -> None:
    with server.client() as client:
        statuses = []
        for _ in range(1005):
            client.send(request("GET", "/introspect/v1/tools", LINE))
            statuses.append(client.answer().status)
    assert statuses[:1000] == [200] * 1000
    assert statuses[-1] == 429
    refused = server.get("/introspect/v1/tools", LINE)
    assert 1 <= int(str(refused.header("retry-after"))) <= 4
    assert server.get("/users/7").json == {"id": 7}, "the app's own routes have none"


def test_the_audit_is_complete_after_a_kill(server: Server, tmp_path: Path) -> None:
    """Every answer that a client has seen has its line, whole, at whatever moment the process is killed."""
    with server.client() as client:
        for number in range(300):
            client.send(request("GET", f"/introspect/v1/routes?limit={number}", LINE))
            assert client.answer().status == 200
        for number in range(300, 400):  # in flight
            client.send(request("GET", f"/introspect/v1/routes?limit={number}", LINE))
        server.process.send_signal(signal.SIGKILL)
        server.wait()
        answered = 300
        try:
            while client.answer().status == 200:
                answered += 1
        except (OSError, EOFError, AssertionError):
            pass
    text = (tmp_path / "audit.log").read_bytes()
    assert text.endswith(b"\n")
    limits = [one["arguments"]["limit"] for one in audit(tmp_path)]
    assert limits[:answered] == list(range(answered))


def test_hostile_requests(server: Server) -> None:
    """Whatever is asked, an answer below 500, and the app goes on."""
    targets = [
        "/introspect/v1/" + "x" * 7000,
        "/introspect/v1/" + "/" * 2000,
        "/introspect/v1/" + "%2F" * 2000,
        "/introspect/v1/resources/%00",
        "/introspect/v1/resources/%ff%fe",
        "/introspect/v1/resources/%",
        "/introspect/v1/resources/%ed%a0%80",
        "/introspect/v1/../../etc/passwd",
        "/introspect/v1/resources/..%2f..%2fetc%2fpasswd",
        "/introspect/v1//",
        "/introspect/v1/who?method=%00&url=%00",
        "/introspect/v1/who?method=GET&url=" + "%2Fa" * 1000,
        "/introspect/v1/who?" + "&".join(["url=/a"] * 500),
        "/introspect/v1/who?method=" + "G" * 3000 + "&url=/",
        "/introspect/v1/ask?q=" + "a+" * 1500,
        "/introspect/v1/ask?q=%F0%9F%A4%96%E2%80%AE",
        "/introspect/v1/routes?filter=%22%22%22&limit=99999999999999999999",
        "/introspect/v1/routes?" + "&" * 3000,
        "/introspect/v1/deps/" + "a." * 1000 + "?depth=999999999",
        "/introspect/v1/impact/(((((((((((((((((",
        "/introspect/v1?x",
    ]
    for target in targets:
        found = server.get(target, LINE)
        assert 200 <= found.status < 500, (target[:80], found.status, found.body[:200])
        assert found.status == 200 or found.header("content-type") == "application/problem+json"
        assert found.json
    assert server.get("/users/7").json == {"id": 7}


@pytest.mark.parametrize(
    "text", [None, b"", b"{", b'{"schema":"9.0.0"}'], ids=["missing", "empty", "cut", "new"]
)
def test_broken_metadata_leaves_the_app_alone(text: bytes | None, dist: Path, tmp_path: Path) -> None:
    metadata = dist / "metadata.json"
    kept = metadata.read_bytes()
    try:
        metadata.unlink()
        if text is not None:
            metadata.write_bytes(text)
        with running(dist, tmp_path / "log", env={VARIABLE: TOKEN}) as server:
            for _ in range(3):
                found = server.get("/introspect/v1/tools", LINE)
                assert (found.status, found.header("content-type")) == (503, "application/problem+json")
                assert server.get("/users/7").json == {"id": 7}
            beside = metadata.with_suffix(".new")
            beside.write_bytes(kept)
            os.replace(beside, metadata)
            assert server.get("/introspect/v1/tools", LINE).status == 200
            assert server.output().count("the metadata cannot be read") == 1
    finally:
        metadata.write_bytes(kept)


def test_a_file_switches_off_all_workers(dist: Path, tmp_path: Path) -> None:
    switch = dist / "introspect.off"
    with running(dist, tmp_path / "log", "--workers", "2", env={VARIABLE: TOKEN}) as server:
        assert server.get("/introspect/v1/tools", LINE).status == 200
        try:
            switch.touch()
            time.sleep(0.2)
            assert {server.get("/introspect/v1/tools", LINE).status for _ in range(20)} == {403}
            assert server.get("/users/7").status == 200
        finally:
            switch.unlink()
        time.sleep(0.2)
        assert {server.get("/introspect/v1/tools", LINE).status for _ in range(20)} == {200}


def test_without_a_token_it_does_not_start(dist: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="introspection is enabled and has no token"),
        running(dist, tmp_path / "log", env={VARIABLE: ""}),
    ):
        pass


def test_by_uvicorn_itself(dist: Path, tmp_path: Path) -> None:
    env = {VARIABLE: TOKEN, "CONDUIT_INTROSPECTION_AUDIT": str(tmp_path / "audit.log")}
    with serving(dist, tmp_path / "log", "--no-access-log", http="httptools", env=env) as server:
        for _ in range(3):
            found = server.get("/introspect/v1/who?method=GET&url=/users/7", LINE)
            assert found.json["outcome"] == "route"
        assert server.get("/introspect/v1/tools").status == 401
        assert server.ask(request("HEAD", "/introspect/v1/tools", LINE), head=True).body == b""
    assert len(audit(tmp_path)) == 5
