"""A legacy client over streamable HTTP, by hand: its session, its requests, the streams it listens to.

``SESSIONS`` is the shop with sessions, and with tools that wait, that go on, and that end oddly.
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.http.running import running
from tests.http.serving import serving
from tests.mcp.programs import SHOP

ACCEPTED = "application/json, text/event-stream"
SHOP_WITH_SESSIONS = SHOP["app.py"].replace("app.enable_mcp(", "app.enable_mcp(sessions=True, ")
SESSIONS = (
    SHOP_WITH_SESSIONS
    + '''

NOTES = []


@app.tool()
async def waits(ctx: Context, turns: int = 100_000) -> str:
    """Waits, says so, and notes how that ended."""
    NOTES.append("begun")
    try:
        for _ in range(turns):
            ctx.error("waiting")
            ctx.debug("still")
            ctx.progress(1)
            await asyncio.sleep(0.02)
    except asyncio.CancelledError:
        NOTES.append("given up")
        raise
    NOTES.append("done")
    return "waited"


@app.tool()
async def heedless() -> str:
    """Does not heed that it is given up."""
    NOTES.append("begun")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(0.2)
    return "not given up"


@app.tool()
async def quits(how: str) -> str:
    """Ends as no tool should."""
    await asyncio.sleep(0)
    raise SystemExit if how == "exit" else asyncio.CancelledError


@app.get("/notes")
def notes() -> list[str]:
    return NOTES


@app.get("/changed/:words")
def changed(words: str) -> str:
    app.resource_updated(f"shop://{words}")
    return "changed"


@app.get("/changed-on-a-thread", blocking=True)
def changed_on_a_thread() -> str:
    app.resource_updated("shop://about")
    return "changed"
'''
)


@contextmanager
def served(dist: Path, way: str, log: Path, *options: str) -> Iterator[tuple[str, int]]:
    """The address of a build that is served by the compiled protocol or by plain uvicorn."""
    begun = (
        running(dist, log, *options) if way == "protocol" else serving(dist, log, *options, http="httptools")
    )
    with begun as server:
        assert isinstance(server.address, tuple)
        yield server.address


def asked(method: str, id: Any = 1, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


def called(tool: str, id: Any = 1, **arguments: Any) -> dict[str, Any]:
    return asked("tools/call", id, name=tool, arguments=arguments)


def noted(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "method": method, "params": params}


class Answer:
    """What a request was answered with; its body is read when it is asked for."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection
        self._answer = connection.getresponse()
        self.status = self._answer.status
        self.headers = self._answer.headers

    def json(self) -> Any:
        return json.loads(self.read())

    def read(self) -> bytes:
        try:
            return self._answer.read()
        finally:
            self._connection.close()

    def event(self) -> dict[str, Any] | None:
        """The next message of a stream; None where it ended."""
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return found
        self._connection.close()
        return None

    def events(self) -> list[dict[str, Any]]:
        """Those that are left."""
        return [*iter(self.event, None)]

    def leave(self) -> None:
        """Read no further."""
        self._connection.close()
        self._answer.close()


class Legacy:
    """A client; ``session`` is what its requests carry."""

    def __init__(
        self,
        address: tuple[str, int],
        version: str = "2025-11-25",
        *able: str,
        begin: bool = True,
        **headers: str,
    ) -> None:
        self.address = address
        self.version = version
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.session: str | None = None
        if begin:
            said = {"protocolVersion": version, "capabilities": {name: {} for name in able}}
            answer = self.post(asked("initialize", 0, clientInfo={"name": "me", "version": "1"}, **said))
            assert answer.status == 200, answer.read()
            self.session = answer.headers["mcp-session-id"]
            self.greeting = answer.json()["result"]
            assert self.post(noted("notifications/initialized")).status == 202

    def request(
        self, method: str, body: str | None = None, place: str = "/mcp", pairs: Any = (), **headers: str
    ) -> http.client.HTTPConnection:
        """Send it; ``pairs`` are headers that may come twice, an empty one is left out."""
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        given = {"accept": ACCEPTED, "mcp-session-id": self.session or "", **self.headers}
        given |= {name.replace("_", "-").lower(): value for name, value in headers.items()}
        connection.putrequest(method, place)
        for name, value in [*given.items(), *pairs]:
            if value:
                connection.putheader(name, value)
        if body is not None:
            connection.putheader("content-type", "application/json")
            connection.putheader("content-length", str(len(body.encode())))
        connection.endheaders(None if body is None else body.encode())
        return connection

    def post(self, told: Any, **more: Any) -> Answer:
        body = told if isinstance(told, str) else json.dumps(told)
        return Answer(self.request("POST", body, **more))

    def ask(self, method: str, id: Any = 1, **params: Any) -> Any:
        """The answer to a request, which is one."""
        return self.post(asked(method, id, **params)).json()

    def listen(self, **more: Any) -> Answer:
        return Answer(self.request("GET", **more))

    def end(self, **more: Any) -> int:
        return Answer(self.request("DELETE", **more)).status

    def get(self, place: str) -> Any:
        """What a route of the app answers."""
        return Answer(self.request("GET", place=place)).read().decode()
