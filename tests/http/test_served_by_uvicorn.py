"""Plain uvicorn around the protocol: TLS, processes, sockets, apps that it is not for, and the end."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.http.conftest import needs_protocol
from tests.http.serving import APPS, PROTOCOL, Builds, Server, ready, request, serving, start, until
from tests.http.ways import SOAK

both = pytest.mark.parametrize("way", ["asgi", "cython"] if SOAK else ["cython"])
ours = pytest.mark.parametrize("way", ["cython"])

OWN = "uvicorn's own protocol serves it"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A key and a certificate for localhost, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = str(folder / "key.pem"), str(folder / "cert.pem")
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*made, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return key, cert


@both
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_tls(served: Any, way: str, loop: str, certificate: tuple[str, str], tmp_path: Path) -> None:
    pytest.importorskip(loop)
    key, cert = certificate
    large = tmp_path / "large"
    large.write_bytes(b"0123456789" * 300_000)
    context = ssl.create_default_context(cafile=cert)
    context.check_hostname = False
    environment = {"LARGE_FILE": str(large)}
    options = ("--ssl-keyfile", key, "--ssl-certfile", cert, "--loop", loop)
    server = served("behaviour", way, *options, env=environment)
    server.tls = context
    with server.client() as client:
        client.send(request("GET", "/who"))
        assert client.answer().json["scheme"] == "https"
        client.send(
            b"".join(request("GET", f"/{kind}/1") for kind in ("inline", "task", "thread", "streamed"))
        )
        assert [client.answer().json for _ in range(4)] == [{"n": 1}] * 4
        client.send(request("POST", "/body/1", body=b"x" * 3_000_000))
        assert client.answer().json == {"n": 1, "size": 3_000_000}
        client.send(request("GET", "/large") + request("GET", "/text/2000000"))
        assert client.answer().body == large.read_bytes()
        assert client.answer().body == b"x" * 2_000_000
        client.send(request("GET", "/inline/2", "connection: close"))
        assert client.answer().json == {"n": 2} and client.closed()
    with server.client() as client:
        client.send(b"GET /\x00 HTTP/1.1\r\n\r\n")
        assert client.answer().status == 400 and client.closed()


@both
def test_a_unix_socket(served: Any, way: str, tmp_path: Path) -> None:
    path = f"/tmp/conduit-{os.getpid()}-{way}.sock"
    server = served("behaviour", way, "--uds", path)
    told = server.get("/who").json
    assert told["client"] is None or told["client"] == ["", 0] or told["client"][0] == "127.0.0.1"
    assert server.get("/task/1").json == {"n": 1}
    text = until(lambda: "/task/1" in server.output() and server.output())
    assert re.search(r'- "GET /task/1 HTTP/1.1" 200', text)
    Path(path).unlink(missing_ok=True)


@both
def test_an_inherited_socket(builds: Builds, way: str, tmp_path: Path) -> None:
    """uvicorn takes it for a Unix socket, so it is one."""
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        os.set_inheritable(listening.fileno(), True)
        server = start(
            builds.at("behaviour", "python"),
            tmp_path / "log",
            *("--fd", str(listening.fileno())),
            http="httptools" if way == "asgi" else PROTOCOL,
            keep=(listening.fileno(),),
        )
        try:
            until(lambda: "startup complete" in server.output(), server.output)
            server.address = path
            assert server.get("/task/1").json == {"n": 1}
        finally:
            server.stop()


@ours
def test_workers(served: Any, way: str) -> None:
    server = served("behaviour", way, "--workers", "2")
    seen: set[int] = set()

    def several() -> bool:
        seen.add(server.get("/pid").json["pid"])
        return len(seen) > 1

    until(several)
    victim = seen.pop()
    os.kill(victim, signal.SIGKILL)
    replaced: set[int] = set()

    def again() -> bool:
        try:
            replaced.add(server.get("/pid").json["pid"])
        except (OSError, EOFError):
            return False
        return len(replaced - {victim}) > 1

    until(again, server.output)
    server.terminate()
    server.wait()


PLAIN = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        raise RuntimeError("none")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"plain"})
"""


@needs_protocol
def test_an_app_that_is_no_conduit(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PLAIN)
    with serving(tmp_path, tmp_path / "log") as server:
        for _ in range(3):
            assert server.get("/").body == b"plain"
        assert server.output().count(OWN) == 1


@needs_protocol
def test_a_conduit_that_is_hidden(tmp_path: Path) -> None:
    """Middleware put around the app by hand: the app below it cannot be taken alone."""
    shutil.copy(APPS / "behaviour.py", tmp_path / "inner.py")
    (tmp_path / "app.py").write_text(
        "from starlette.middleware.gzip import GZipMiddleware\nfrom inner import app as inner\n"
        "app = GZipMiddleware(inner, minimum_size=10)\n"
    )
    with serving(tmp_path, tmp_path / "log") as server:
        answer = server.get("/text/1000", "accept-encoding: gzip")
        assert answer.header("content-encoding") == "gzip"
        assert server.output().count(OWN) == 1


@needs_protocol
def test_an_app_without_a_build(tmp_path: Path) -> None:
    shutil.copy(APPS / "behaviour.py", tmp_path / "app.py")
    with serving(tmp_path, tmp_path / "log") as server, server.client() as client:
        for target in ("/inline/1", "/task/1", "/thread/1", "/streamed/1"):
            client.send(request("GET", target))
            assert client.answer().json == {"n": 1}
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        assert client.answer().header("content-type") == "application/problem+json"
        assert OWN not in server.output()


@needs_protocol
@pytest.mark.parametrize("lifespan", ["auto", "off"])
def test_an_app_that_cannot_be_compiled(tmp_path: Path, lifespan: str) -> None:
    """With lifespan it does not start; without, every request is a 500 and the log says why once."""
    (tmp_path / "app.py").write_text(
        "from conduit import Conduit\napp = Conduit()\n\n"
        "@app.get('/a/{x}')\ndef one(x: int): return x\n\n@app.get('/a/{y}')\ndef two(y: int): return y\n"
    )
    server = start(tmp_path, tmp_path / "log", "--lifespan", lifespan)
    try:
        if lifespan == "auto":
            assert server.wait() != 0
            assert "CDT" in server.output()
        else:
            ready(server)
            assert [server.get("/a/1").status for _ in range(2)] == [500, 500]
            assert server.output().count("cannot be served") == 1
    finally:
        server.stop()


@needs_protocol
def test_reload(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    source = tmp_path / "source"
    source.mkdir()
    text = "from conduit import Conduit\napp = Conduit()\n\n"
    text += "@app.get('/')\ndef index():\n    return {'version': 1}\n"
    (source / "app.py").write_text(text)
    server = start(source, tmp_path / "log", "--reload", "--reload-dir", str(source))
    try:
        ready(server)
        assert server.get("/").json == {"version": 1}
        time.sleep(1)
        (source / "app.py").write_text(text.replace("1}", "2}"))

        def changed() -> bool:
            try:
                return bool(server.get("/").json == {"version": 2})
            except (OSError, EOFError):
                return False

        until(changed, server.output)
        assert OWN not in server.output()
    finally:
        server.terminate()
        server.wait()
        server.stop()


FACTORY = """
import uvicorn, sys
from conduit.http import Protocol
sys.path.insert(0, sys.argv[1])
from app import app

class Named(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("port", self.servers[0].sockets[0].getsockname()[1], flush=True)

Named(uvicorn.Config(app, port=0, http=Protocol, log_level="warning")).run()
"""


@needs_protocol
def test_the_protocol_as_an_object(builds: Builds, tmp_path: Path) -> None:
    """``uvicorn.Config(http=Protocol)``, without a command line."""
    dist = builds.at("behaviour", "python")
    (tmp_path / "main.py").write_text(FACTORY)
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(tmp_path / "main.py"), str(dist)],
            env={**os.environ, "PYTHONPATH": str(dist)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, log)
    try:
        port = until(lambda: re.search(r"port (\d+)", server.output()), server.output)
        server.address = ("127.0.0.1", int(port[1]))
        assert server.get("/task/1").json == {"n": 1}
        assert server.ask(b"GET / HTTP/1.1\r\n\r\n").header("content-type") == "application/problem+json"
    finally:
        server.stop()


# -- the end -------------------------------------------------------------------------------------------------


@ours
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_what_is_in_flight_is_finished(served: Any, way: str, loop: str) -> None:
    pytest.importorskip(loop)
    server = served("behaviour", way, "--loop", loop)
    with server.client() as waits, server.client() as streams, server.client() as posts:
        waits.send(request("GET", "/wait/end"))
        streams.send(request("GET", "/gate/end"))
        assert streams.start().status == 200 and streams.chunk() == b"begun,"
        posts.send(request("POST", "/pieces", "content-length: 4") + b"ab")
        until(lambda: len(server.get("/notes").json) == 2)
        with server.client() as last:
            last.send(request("GET", "/inline/1"))
            last.answer()
            server.terminate()
            until(lambda: "Shutting down" in server.output())
            # a live connection has a moment: it is answered, and told that this was the last
            last.send(request("POST", "/set/end"))
            answer = last.answer()
            assert answer.status == 200 and answer.closes and last.closed()
        posts.send(b"cd")
        assert posts.answer().json == {"sizes": [2, 2]}
        answer = waits.answer()
        assert answer.json == {"waited": "end"} and answer.closes and waits.closed()
        assert list(streams.chunks()) == [b"ended"] and streams.closed()
    assert server.wait() in (0, -signal.SIGTERM, 143)
    assert "farewell" in server.output()


@ours
def test_idle_connections_are_not_waited_for_long(served: Any, way: str) -> None:
    server = served("behaviour", way, "--timeout-keep-alive", "60")
    with server.client() as idle:
        idle.send(request("GET", "/inline/1"))
        idle.answer()
        server.terminate()
        begun = time.monotonic()
        assert idle.closed()
        server.wait()
        assert time.monotonic() - begun < 10


@ours
@pytest.mark.parametrize("how", ["environment", "option"])
def test_what_takes_too_long_is_cancelled(served: Any, way: str, how: str) -> None:
    options = ("--timeout-graceful-shutdown", "1") if how == "option" else ()
    environment = {"CONDUIT_HTTP_DRAIN_SECONDS": "1"} if how == "environment" else {}
    server = served("behaviour", way, *options, env=environment)
    with server.client() as client, server.client() as streams:
        client.send(request("GET", "/wait/never"))
        streams.send(request("GET", "/ticks"))
        streams.start()
        until(lambda: "waits never" in server.get("/notes").json)
        server.terminate()
        begun = time.monotonic()
        server.wait()
        assert time.monotonic() - begun < 15
        left = client.everything()
        assert left == b"" or left.startswith(b"HTTP/1.1 500 ")


@ours
@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTT", b"POST /body/1 HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nab"]
)
def test_what_never_comes_does_not_hold_the_end(served: Any, way: str, sent: bytes) -> None:
    environment = {"CONDUIT_HTTP_HEADER_SECONDS": "1", "CONDUIT_HTTP_BODY_SECONDS": "1"}
    server = served("behaviour", way, env=environment)
    with server.client() as client:
        client.send(sent)
        time.sleep(0.2)
        server.terminate()
        server.wait(20)
