"""``conduitc mcp``: real pipes, both eras, and clients that behave badly."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conduitc import driver
from tests.cli.servers import environment, until
from tests.mcp.programs import SHOP
from tests.mcp.speaking import PREFIX, message

HOOKS = {
    "app.py": SHOP["app.py"]
    + """

@app.on_startup
async def begin():
    print("begun")


@app.on_shutdown
def end():
    print("ended")
"""
}


SMALL = """from conduit import Conduit

app = Conduit(title="Small")
app.enable_mcp(transport="stdio")


@app.tool()
def add(a: int, b: int = 2) -> int:
    '''Add two numbers.'''
    return a + b
"""


class Server:
    """A process that speaks over pipes."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conduitc", "mcp", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder.parent / "log").open("wb"),
            env=environment(),
        )
        self.log = folder.parent / "log"

    def send(self, *several: Any) -> None:
        assert self.process.stdin
        lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in several]
        self.process.stdin.write(b"".join(line + b"\n" for line in lines))
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def ask(self, method: str, id: Any = 1, **params: Any) -> dict[str, Any]:
        self.send(message(method, id, **params))
        return self.read()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.process.kill()
        for pipe in (server.process.stdin, server.process.stdout):
            if pipe is not None:
                pipe.close()
        server.process.wait()


def built(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    driver.build(folder / "app.py", folder / "dist", kind="python")
    return folder / "dist"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("shop"), SHOP)


def call(name: str, id: Any = 1, **arguments: Any) -> dict[str, Any]:
    return message("tools/call", id, name=name, arguments=arguments)


def test_both_eras_in_one_pipe(dist: Path) -> None:
    with serving(dist) as server:
        assert server.ask("tools/list")["result"]["resultType"] == "complete"
        assert server.ask("tools/call", 2, name="add", arguments={"a": 1})["result"]["structuredContent"] == {
            "result": 3
        }
        assert server.ask("ping", 3, _meta=None)["result"] == {}
        refused = server.ask("tools/list", 4, _meta=None)
        assert refused["error"]["code"] == -32602 and "protocolVersion" in refused["error"]["message"]
        hello = server.ask("initialize", 5, _meta=None, protocolVersion="2025-06-18", capabilities={})
        assert hello["result"]["protocolVersion"] == "2025-06-18"
        server.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert "resultType" not in server.ask("tools/list", 6, _meta=None)["result"]
        about = {"name": "me" * 200, "version": "1", "icons": []}
        server.ask("initialize", 7, _meta=None, protocolVersion="2025-06-18", clientInfo=about)
        server.send(message("tools/call", 8, _meta=None, name="says", arguments={"steps": 0}))
        heard = [server.read() for _ in range(4)]  # three messages of the log before it
        assert heard[3]["result"]["structuredContent"] == {"result": f"{'me' * 100} 8"}
        assert server.process.stdin
        server.process.stdin.close()
        assert server.process.wait(30) == 0


def test_many_in_one_write_are_answered_in_order(dist: Path) -> None:
    with serving(dist) as server:
        server.send(*(call("add", n, a=n) for n in range(500)))
        assert [server.read()["id"] for _ in range(500)] == list(range(500))


def test_nothing_but_messages_reaches_stdout(dist: Path) -> None:
    with serving(dist) as server:
        assert server.ask("tools/call", name="prints")["result"]["structuredContent"] == {"result": "printed"}
        until(lambda: "this is no message" in server.log.read_text())


def test_calls_that_wait_run_beside_each_other(dist: Path) -> None:
    with serving(dist) as server:
        asked = {"progressToken": 1, f"{PREFIX}logLevel": "error"}
        server.send(call("hangs", "slow"), call("add", "quick", a=1))
        assert server.read()["id"] == "quick"
        assert server.read()["result"]["isError"]  # the tool's own timeout
        server.send(message("tools/call", 3, name="says", arguments={"steps": 1}, _meta=asked))
        methods = [server.read().get("method") for _ in range(4)]
        assert methods == ["notifications/progress", *["notifications/message"] * 2, None]
        assert server.ask("tools/call", 4, name="says_on_a_thread")["result"]["structuredContent"]


def test_bad_messages_hurt_nobody_else(dist: Path) -> None:
    bad = [
        b"{",
        b"nul",
        b"[" * 100_000,
        b'{"a": NaN}',
        b"\xff\xfe",
        b"[]",
        b"[" + json.dumps(call("add", a=1)).encode() + b"]",
        b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
        b'{"jsonrpc":"2.0","id":9,"method":7}',
        b"x" * 1_000_000,
    ]
    with serving(dist) as server:
        for line in bad:
            server.send(line, b"", b"  ")
            assert server.read()["error"]["code"] in (-32700, -32600), line[:40]
        server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "none"}})
        server.send({"jsonrpc": "2.0", "id": "nobody asked", "result": {}})
        assert server.ask("tools/call", name="add", arguments={"a": 1})["result"]["structuredContent"] == {
            "result": 3
        }


def test_a_line_that_is_too_long(dist: Path) -> None:
    with serving(dist) as server:
        server.send(b'{"a":"' + b"x" * ((1 << 24) + 10) + b'"}')
        assert server.read()["error"]["code"] == -32600
        assert "result" in server.ask("server/discover")


def test_questions_to_a_client_of_before(dist: Path) -> None:
    with serving(dist) as server:
        more = {"capabilities": {"elicitation": {}}, "clientInfo": {"name": "me", "version": "1"}}
        server.ask("initialize", 0, _meta=None, protocolVersion="2025-11-25", **more)
        server.send(message("tools/call", 1, _meta=None, name="orders"))
        asked = server.read()
        assert asked["method"] == "elicitation/create"
        answer = {"action": "accept", "content": {"name": "hat"}}
        server.send({"jsonrpc": "2.0", "id": asked["id"], "result": answer})
        asked = server.read()
        server.send({"jsonrpc": "2.0", "id": asked["id"], "result": {"action": "decline"}})
        assert server.read()["result"]["structuredContent"]["tags"] == ["decline"]
        server.send(message("tools/call", 2, _meta=None, name="orders"))
        server.send({"jsonrpc": "2.0", "id": server.read()["id"], "error": {"code": -1, "message": "no"}})
        refused = server.read()["result"]
        assert refused["isError"] and "refused" in refused["content"][0]["text"]
        server.send(message("tools/call", 3, _meta=None, name="orders"))
        server.send({"jsonrpc": "2.0", "id": server.read()["id"], "result": 5})
        assert server.read()["result"]["isError"]


def test_a_client_of_before_that_cannot_be_asked(dist: Path) -> None:
    with serving(dist) as server:
        server.ask("initialize", 0, _meta=None, protocolVersion="2025-11-25", capabilities={})
        found = server.ask("tools/call", 1, _meta=None, name="orders")
        assert found["result"]["isError"] and "elicitation" in found["result"]["content"][0]["text"]


def test_cancelled_calls_are_not_answered(dist: Path) -> None:
    with serving(dist) as server:
        server.send(call("hangs", "gone"), call("hangs", "gone"))
        assert server.read()["error"]["code"] == -32600  # the id is in use
        server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "gone"}})
        assert server.ask("tools/call", "next", name="add", arguments={"a": 1})["id"] == "next"


def test_subscriptions(dist: Path) -> None:
    listen = {"notifications": {"resourceSubscriptions": ["shop://about"], "toolsListChanged": True}}
    with serving(dist) as server:
        first = server.ask("subscriptions/listen", "s", **listen)
        assert first["method"] == "notifications/subscriptions/acknowledged"
        assert first["params"]["notifications"] == {"resourceSubscriptions": ["shop://about"]}
        assert first["params"]["_meta"] == {f"{PREFIX}subscriptionId": "s"}
        server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "s"}})
        assert server.read()["id"] == "s"


def test_hooks_run_around_a_conversation(tmp_path: Path) -> None:
    with serving(built(tmp_path / "hooks", HOOKS)) as server:
        assert "result" in server.ask("server/discover")
        assert server.process.stdin
        server.process.stdin.close()
        assert server.process.wait(30) == 0
        said = server.log.read_text()
        assert said.index("begun") < said.index("ended")


def test_the_end(dist: Path) -> None:
    with serving(dist) as server:
        server.send(call("hangs", 1), call("sleeps", 2))
        assert server.process.stdin
        server.process.stdin.close()
        assert server.process.wait(30) == 0
    with serving(dist) as server:
        assert "result" in server.ask("server/discover")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 130
    with serving(dist) as server:
        assert server.process.stdout
        server.process.stdout.close()
        server.send(call("add", a=1))
        assert server.process.wait(30) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "usage"),
        (["nowhere"], 2, "is no build"),
        (["--help"], 0, "usage"),
        (["a", "b"], 2, "usage"),
    ],
)
def test_what_is_no_build(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    command = [sys.executable, "-m", "conduitc", "mcp", *arguments]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code and words in done.stderr


def test_an_app_that_offers_nothing(tmp_path: Path) -> None:
    source = "from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get('/')\ndef index():\n    return 1\n"
    folder = built(tmp_path / "nothing", {"app.py": source})
    command = [sys.executable, "-m", "conduitc", "mcp", str(folder)]
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2 and "enable_mcp" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_what_a_process_imports(tmp_path: Path) -> None:
    """Neither an event loop nor a web framework before a call needs one."""
    dist = built(tmp_path / "small", {"app.py": SMALL})
    program = (
        "import sys, os; sys.path.insert(0, sys.argv[1]); from conduit.mcp.command import main\n"
        "code = main(sys.argv[1:]); print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(dist)],
        input=json.dumps(call("add", a=1)),
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert json.loads(done.stdout)["result"]["structuredContent"] == {"result": 3}
    imported = set(eval(done.stderr.splitlines()[-1]))
    assert not imported & {"asyncio", "starlette", "uvicorn", "mcp", "pydantic", "libcst", "typer"}
