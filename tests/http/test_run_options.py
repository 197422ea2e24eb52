"""Every option of ``conduitc run``, with uvicorn and ``--single``."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.http.client import Closed
from tests.http.running import begin, needs_protocol, running
from tests.http.serving import Builds, Server, request, until

MODES = {"uvicorn": [], "single": ["--single"]}
every = pytest.mark.parametrize("mode", MODES)
pytestmark = needs_protocol


@pytest.fixture(scope="module")
def dist(builds: Builds) -> Path:
    return builds.at("ending", "python")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of localhost, and its key with the password ``secret``."""
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    try:
        subprocess.run(
            [*command, "-days", "2", *subject, "-passout", "pass:secret", "-keyout", key, "-out", made],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("no openssl here")
    return made, key


def refused(dist: Path, tmp_path: Path, *options: str, env: Any = None) -> str:
    """What it says before it exits with 2."""
    server = begin(dist, tmp_path / "log", *options, env=env)
    try:
        assert server.wait() == 2, server.output()
    finally:
        server.stop()
    assert "Traceback" not in server.output()
    return server.output()


@every
def test_headers_of_the_server(dist: Path, tmp_path: Path, mode: str) -> None:
    with running(dist, tmp_path / "on", *MODES[mode]) as server:
        found = server.get("/")
        first = found.header("date")
        assert found.header("server") == "conduit"
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", first)
        until(lambda: server.get("/").header("date") != first, server.output)
    with running(dist, tmp_path / "off", *MODES[mode], "--no-date-header", "--no-server-header") as server:
        found = server.get("/")
        assert found.header("date") is None and found.header("server") is None


@every
def test_a_unix_socket(dist: Path, tmp_path: Path, mode: str) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as stale:  # nobody listens there any more
        stale.bind(str(path))
    with running(dist, tmp_path / "log", *MODES[mode], "--uds", str(path)) as server:
        assert server.address == str(path) and path.stat().st_mode & 0o777 == 0o666
        assert server.get("/who").json == {"client": None, "scheme": "http", "root_path": ""}
        assert f"cannot listen on {path}: Address already in use" in refused(
            dist, tmp_path, "--uds", str(path)
        )
        assert server.get("/").status == 200
        server.terminate()
        assert server.wait() == 0
    assert not path.exists()
    path.write_text("no socket")
    assert "cannot listen on" in refused(dist, tmp_path, "--uds", str(path)) and path.exists()


@every
def test_an_inherited_socket(dist: Path, tmp_path: Path, mode: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as given:
        number = given.fileno()
        options = [*MODES[mode], "--fd", str(number)]
        with running(dist, tmp_path / "log", *options, pass_fds=[number]) as server:
            assert server.address == given.getsockname() and server.get("/").status == 200
            server.terminate()
            assert server.wait() == 0
        # it stays open for the next: who comes in between waits
        with socket.create_connection(given.getsockname()) as between:
            between.sendall(request("GET", "/users/7"))
            with running(dist, tmp_path / "log", *options, pass_fds=[number]):
                between.settimeout(60)
                assert b'{"user_id":7}' in between.recv(4096)
    assert "file descriptor 99 is no socket" in refused(dist, tmp_path, "--fd", "99")


@every
def test_tls(dist: Path, tmp_path: Path, mode: str, certificate: tuple[Path, Path]) -> None:
    made, key = (str(one) for one in certificate)
    options = [*MODES[mode], "--ssl-certfile", made, "--ssl-keyfile", key, "--ssl-keyfile-password", "secret"]
    with running(dist, tmp_path / "log", *options) as server:
        assert "Server running at https://127.0.0.1:" in server.output()
        server.tls = ssl.create_default_context(cafile=made)
        assert server.get("/who").json["scheme"] == "https"
        with server.client() as client:
            client.send(request("GET", "/slow/400"))
            until(lambda: "slow 400" in server.output(), server.output)
            server.terminate()
            assert client.answer().status == 200
        assert server.wait() == 0
    with running(dist, tmp_path / "ca", *options, "--ssl-ca-certs", made) as server:
        server.tls = ssl.create_default_context(cafile=made)
        with pytest.raises((ssl.SSLError, OSError, EOFError)):
            server.get("/")
        server.tls.load_cert_chain(made, key, "secret")
        assert server.get("/").status == 200


def test_tls_that_cannot_be(dist: Path, tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    made, key = (str(one) for one in certificate)
    said = refused(
        dist, tmp_path, "--ssl-certfile", made, "--ssl-keyfile", key, "--ssl-keyfile-password", "x"
    )
    assert said.startswith(f"conduitc run: TLS with {made} and {key}: ") and said.count("\n") == 1
    said = refused(dist, tmp_path, "--ssl-certfile", str(tmp_path / "none.pem"))
    assert said == f"conduitc run: TLS with {tmp_path / 'none.pem'}: No such file or directory\n"
    assert "TLS needs --ssl-certfile" in refused(dist, tmp_path, "--ssl-keyfile", key)


@every
def test_proxies(dist: Path, tmp_path: Path, mode: str) -> None:
    told = ("x-forwarded-for: 1.2.3.4", "x-forwarded-proto: https")
    believed = {"client": ["1.2.3.4", 0], "scheme": "https", "root_path": ""}
    for options, result in (
        ([], believed),
        (["--forwarded-allow-ips", "10.0.0.1"], None),
        (["--forwarded-allow-ips", "127.0.0.0/8"], believed),
        (["--no-proxy-headers"], None),
    ):
        with running(dist, tmp_path / "log", *MODES[mode], *options) as server:
            found = server.get("/who", *told).json
            assert found == result or (result is None and found["client"][0] == "127.0.0.1")
            assert server.get("/who").json["scheme"] == "http"


@every
def test_a_prefix(dist: Path, tmp_path: Path, mode: str) -> None:
    with running(dist, tmp_path / "log", *MODES[mode], "--root-path", "/shop") as server:
        assert server.get("/who").json["root_path"] == "/shop"


@every
def test_concurrency(dist: Path, tmp_path: Path, mode: str) -> None:
    options = [*MODES[mode], "--limit-concurrency", "2"]
    with running(dist, tmp_path / "log", *options) as server, server.client() as one:
        one.send(request("GET", "/"))
        assert one.answer().status == 200
        assert server.get("/").status == 503


@every
def test_keep_alive(dist: Path, tmp_path: Path, mode: str) -> None:
    for name in ("--keep-alive-seconds", "--timeout-keep-alive"):
        with running(dist, tmp_path / "log", *MODES[mode], name, "0.3") as server, server.client() as client:
            client.send(request("GET", "/"))
            assert client.answer().status == 200 and client.closed(within=10)


LIMITS: dict[str, tuple[list[str], bytes, int]] = {
    "header-bytes": (["300"], request("GET", "/", "x-a: " + "a" * 300), 431),
    "header-fields": (["2"], request("GET", "/", "a: 1", "b: 2"), 431),
    "target-bytes": (["16"], request("GET", "/users/12345678901234567"), 414),
    "chunk-bytes": (
        ["16"],
        request("POST", "/size", "transfer-encoding: chunked") + b"1;" + b"x" * 40 + b"\r\n",
        413,
    ),
    "body-bytes": (["10"], request("POST", "/size", body=b"x" * 11), 413),
    "header-seconds": (["0.2"], b"GET / HTTP/1.1\r\n", 408),
    "body-seconds": (["0.2"], request("POST", "/size", "content-length: 10") + b"x", 408),
    "connections": (["1"], request("GET", "/"), 503),
}


@every
@pytest.mark.parametrize("name", LIMITS)
def test_limits(dist: Path, tmp_path: Path, mode: str, name: str) -> None:
    values, raw, status = LIMITS[name]
    options = [*MODES[mode], f"--{name}", *values]
    with running(dist, tmp_path / "log", *options) as server, server.client() as first:
        first.send(request("GET", "/"))
        assert first.answer().status == 200
        if name == "connections":
            assert server.ask(raw).status == status
        else:
            first.send(raw)
            assert first.answer().status == status


@every
def test_a_body_that_comes_too_slowly(dist: Path, tmp_path: Path, mode: str) -> None:
    options = [*MODES[mode], "--body-seconds", "0.1", "--body-rate", "1000000"]
    with running(dist, tmp_path / "log", *options) as server, server.client() as client:
        client.send(request("POST", "/size", "content-length: 1000000") + b"x" * 1000)
        assert client.answer().status == 408


@every
def test_a_client_that_does_not_read(dist: Path, tmp_path: Path, mode: str) -> None:
    options = [*MODES[mode], "--write-seconds", "0.3"]
    with (
        running(dist, tmp_path / "log", *options) as server,
        server.client(receive_buffer=4096) as client,
    ):
        client.send(request("GET", "/text/50000000"))
        until(lambda: sockets_of(server) == 0, server.output)
        with pytest.raises(Closed):
            client.answer()


def sockets_of(server: Server) -> int:
    """Connections that the server holds, as Linux tells; one that it has just closed may still be told."""
    port = f"{server.address[1]:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port}") and row[3] == "01" for row in rows)


@every
def test_the_loop(dist: Path, tmp_path: Path, mode: str) -> None:
    for name, module in (("asyncio", "asyncio"), ("uvloop", "uvloop"), ("auto", "uvloop")):
        if module == "uvloop" and find_spec("uvloop") is None:
            continue
        with running(dist, tmp_path / "log", *MODES[mode], "--loop", name) as server:
            assert server.get("/loop").json.startswith(module)


@every
def test_websockets(dist: Path, tmp_path: Path, mode: str) -> None:
    """``--single`` imports who knows them when the first comes."""
    websockets = pytest.importorskip("websockets.sync.client")
    with (
        running(dist, tmp_path / "log", *MODES[mode]) as server,
        websockets.connect("ws://{}:{}/echo".format(*server.address)) as client,
    ):
        client.send("hello")
        assert client.recv(timeout=30) == "hello"


@pytest.mark.parametrize("mode", [*MODES, "workers"])
def test_settings_of_the_environment(dist: Path, tmp_path: Path, mode: str) -> None:
    options = MODES.get(mode, ["--workers", "2"])
    env = {"CONDUIT_HTTP_BODY_BYTES": "10", "CONDUIT_HTTP_HEADER_FIELDS": "4"}
    with running(dist, tmp_path / "log", *options, "--body-bytes", "20", env=env) as server:
        assert server.ask(request("POST", "/size", body=b"x" * 15)).status == 200  # the flag goes before it
        assert server.ask(request("POST", "/size", body=b"x" * 21)).status == 413
        assert server.ask(request("GET", "/", "a: 1", "b: 2", "c: 3", "d: 4")).status == 431


def test_settings_that_are_none(dist: Path, tmp_path: Path) -> None:
    said = refused(dist, tmp_path, env={"CONDUIT_HTTP_HEADER_BYTES": "many"})
    why = "'many' is not a whole number from 256 to 16777216"
    assert said == f"conduitc run: CONDUIT_HTTP_HEADER_BYTES: {why}\n"
    assert f"argument --header-bytes: {why}" in refused(dist, tmp_path, "--header-bytes", "many")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--single", "--workers", "2"], "--single is one process"),
        (["--uds", "x", "--fd", "3"], "two addresses"),
        (["--port", "65536"], "'65536' is no number from 0 to 65535"),
        (["--host", "no.such.host.invalid"], "cannot listen on http://no.such.host.invalid:0: "),
        (["--loop", "other"], "invalid choice"),
    ],
)
def test_what_does_not_go_together(dist: Path, tmp_path: Path, options: list[str], why: str) -> None:
    place = [] if {"--uds", "--port"} & set(options) else ["--port", "0"]
    assert why in refused(dist, tmp_path, *place, *options)


@every
def test_request_ids_and_timing(dist: Path, tmp_path: Path, mode: str) -> None:
    options = [*MODES[mode], "--request-id", "--server-timing", "--access-log"]
    with running(dist, tmp_path / "log", *options) as server:
        one, two = server.get("/"), server.get("/users/7")
        assert one.header("x-request-id") != two.header("x-request-id") is not None
        assert one.header("server-timing")
        server.terminate()
        assert server.wait() == 0
        lines = [json.loads(line) for line in server.output().splitlines() if line.startswith("{")]
    assert [line["request_id"] for line in lines] == [one.header("x-request-id"), two.header("x-request-id")]


@every
def test_the_access_log(dist: Path, tmp_path: Path, mode: str) -> None:
    for option, shown in (("--access-log", None), ("--access-log-query", "token=secret")):
        with running(dist, tmp_path / "log", *MODES[mode], option) as server:
            assert server.get("/users/7?token=secret").status == 200
            assert server.get("/nowhere").status == 404
            server.terminate()
            assert server.wait() == 0
            lines = [json.loads(line) for line in server.output().splitlines() if line.startswith("{")]
        assert [(one["method"], one["path"], one["status"], one.get("query")) for one in lines] == [
            ("GET", "/users/7", 200, shown),
            ("GET", "/nowhere", 404, None if shown is None else ""),
        ]
        assert lines[0]["bytes"] == len('{"user_id":7}') and lines[0]["client"] == "127.0.0.1"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0]["time"])
        assert 0 <= lines[0]["ms"] < 60_000
        assert shown is not None or "secret" not in server.output()


@every
def test_no_log_by_default(dist: Path, tmp_path: Path, mode: str) -> None:
    with running(dist, tmp_path / "log", *MODES[mode], "--log-level", "critical") as server:
        server.get("/users/7")
        server.terminate()
        assert server.wait() == 0
    assert server.output().split("\n") == ["begun", f"Server running at {_url(server)}", "ended", ""]


def _url(server: Any) -> str:
    return "http://{}:{}".format(*server.address)


def test_a_queue_of_its_own_length(dist: Path, tmp_path: Path) -> None:
    with running(dist, tmp_path / "log", "--backlog", "1") as server, server.client() as client:
        client.send(request("GET", "/block/2000"))
        until(lambda: "block 2000" in server.output(), server.output)
        held = []
        with pytest.raises(TimeoutError):
            for _ in range(8):  # the kernel takes one or two more than it was told
                held.append(server.client(timeout=0.3))
        assert len(held) >= 1


def test_without_the_native_module(dist: Path, tmp_path: Path) -> None:
    copy = tmp_path / "dist"
    shutil.copytree(dist, copy)
    for file in (copy / "conduit" / "server").glob("_native*"):
        file.unlink()
    for options in ([], ["--single"], ["--workers", "2"]):
        with running(copy, tmp_path / "log", *options, "--access-log") as server:
            found = server.get("/users/7")
            assert found.json == {"user_id": 7} and found.header("server") == "conduit"
            server.terminate()
            assert server.wait() == 0
        assert server.output().count("this build has no native module; uvicorn's own protocol serves it") == 1
        line = json.loads(re.search(r"\{.*\}", server.output())[0])  # type: ignore[index]
        assert (line["path"], line["status"], line["bytes"]) == ("/users/7", 200, 13)


def test_a_build_serves_itself(dist: Path, tmp_path: Path) -> None:
    """As in an image that has no conduitc."""
    env = {**os.environ, "PYTHONPATH": str(dist)}
    command = [sys.executable, "-P", "-m", "conduit.server", str(dist), "--port", "0", "--single"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert process.stdout.readline().startswith("Server running at http://127.0.0.1:")
        process.terminate()
        assert process.wait() == 0
