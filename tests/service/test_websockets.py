"""``@app.websocket`` in every way: what is bound, what is refused, how a connection ends."""

import json
from pathlib import Path
from typing import Any

import pytest

from conduitc.options import Options
from tests.service import converse
from tests.service.ways import WAYS, Request, answers, asked, made, request

SCRIPT = Path(converse.__file__)
PROGRAM = {
    "app.py": '''import os
from enum import Enum
from typing import Annotated
from uuid import UUID

from conduit import Conduit, Cookie, Header, HTTPError, Query, WebSocket
from msgspec import Meta
from starlette.exceptions import WebSocketException
from starlette.websockets import WebSocket as Socket, WebSocketDisconnect

from live import live

app = Conduit()


class Kind(Enum):
    NEWS = "news"
    CHAT = "chat"


class Seen:
    """Adds what it saw to the scope."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            scope["seen"] = True
        await self.app(scope, receive, send)


app.use(Seen)


@app.middleware
async def only_requests(request, call_next):
    response = await call_next(request)
    response.headers["x-around"] = "yes"
    return response


@app.exception_handler(ValueError)
def wrong(request, error):
    return {"wrong": str(error)}, 400


@app.get("/rooms/:room")
def show(room: str):
    return room


@app.route("/any/*rest", methods=["*"])
def anything(rest: str):
    return rest


@app.fallback
def nothing(request):
    return "fallback"


@app.websocket("/rooms/:room")
async def talk(
    ws: WebSocket,
    room: Annotated[str, Meta(max_length=8)],
    since: int = 0,
    tags: Annotated[list[str], Query("tag")] = [],
    x_key: Annotated[str | None, Header()] = None,
    sid: Annotated[str, Cookie()] = "none",
):
    await ws.accept()
    await ws.send_json([room, since, tags, x_key, sid, ws.path_params, ws.scope["seen"]])
    async for text in ws.iter_text():
        await ws.send_text(f"{room}: {text}")


@app.websocket("/kinds/{kind}/{number:int}/{key}/*rest")
async def kinds(kind: Kind, number: int, key: UUID, rest: str, *, socket: Socket):
    await socket.accept()
    await socket.send_json([kind.name, number, key.int, rest])


@app.websocket("/rooms/lobby")
async def lobby(ws: WebSocket):
    await ws.accept(subprotocol="chat")
    await ws.close(4001, "closed")


@app.websocket("/asks")
async def asks(ws: WebSocket, since: Annotated[int, Meta(ge=1)]):
    await ws.accept()


@app.websocket("/ends/{how}")
async def ends(ws: WebSocket, how: str, accepted: bool = True):
    if accepted:
        await ws.accept()
    if how == "value":
        raise ValueError("the user's own line")
    if how == "http":
        raise HTTPError(402, "pay first", headers={"x-price": "1"})
    if how == "own":
        raise WebSocketException(4002, "said so")
    if how == "over":
        raise WebSocketDisconnect(1001)
    if how == "group":
        raise BaseExceptionGroup("", [WebSocketDisconnect(1001)])
    if how == "read":
        while True:
            await ws.receive_text()
    if how == "ignore":
        await ws.receive()
    return how


if os.environ.get("NEVER"):

    @app.websocket("/never")
    async def never(ws: WebSocket):
        await ws.accept()


app.include(live, prefix="/v1")
''',
    "live.py": """from functools import wraps

from conduit import Router, WebSocket

inner = Router(prefix="/inner", tags=["inner"])
live = Router(prefix="/live", tags=["live"])


async def never(request, call_next):
    raise AssertionError("not around connections")


guarded = Router(prefix="/guarded", middleware=[never])


def wrapped(function):
    @wraps(function)
    async def call(ws: WebSocket, name: str):
        await ws.accept()
        await function(ws, name + "!")

    return call


@inner.websocket("/:name")
async def hello(ws: WebSocket, name: str):
    await ws.accept()
    await ws.send_text("hello " + name)


@guarded.websocket("/:name")
@wrapped
async def decorated(ws: WebSocket, name: str):
    await ws.send_text(name)


for path in ("/a", "/b"):

    @live.websocket(path)
    async def looped(ws: WebSocket):
        await ws.accept()
        await ws.send_text(ws.url.path)


live.include(inner)
live.include(guarded)
""",
}

ACCEPT = {"type": "websocket.accept", "subprotocol": None, "headers": []}
#: What a server makes a 403 of.
REFUSED = [{"type": "websocket.close", "code": 1000, "reason": ""}]
UUID_TEXT = "00000000-0000-0000-0000-000000000007"


def text(value: str) -> dict[str, str]:
    return {"type": "websocket.send", "text": value}


def close(code: int = 1000, reason: str = "") -> dict[str, Any]:
    return {"type": "websocket.close", "code": code, "reason": reason}


def connect(target: str, *events: str | int, deny: bool = False, **headers: str) -> Request:
    pairs = [[name.replace("_", "-"), value] for name, value in headers.items()]
    return [target, pairs, list(events), ["websocket.http.response"] if deny else []]


def bound(*values: Any) -> dict[str, str]:
    return text(json.dumps([*values, {"room": values[0]}, True], separators=(",", ":")))


CASES: list[tuple[Request, list[Any]]] = [
    (connect("/rooms/a", 1000), [ACCEPT, bound("a", 0, [], None, "none")]),
    (
        connect("/rooms/a", "x", "y", 1000),
        [ACCEPT, bound("a", 0, [], None, "none"), text("a: x"), text("a: y")],
    ),
    (connect("/rooms/a%2Fb", 1000), [ACCEPT, bound("a/b", 0, [], None, "none")]),
    (
        connect("/rooms/b?since=7&tag=p&tag=q", 1000, X_Key="k", Cookie="sid=5"),
        [ACCEPT, bound("b", 7, ["p", "q"], "k", "5")],
    ),
    (connect("/rooms/lobby"), [{**ACCEPT, "subprotocol": "chat"}, close(4001, "closed")]),
    # what does not bind is refused before it is accepted
    (connect("/rooms/a?since=x"), [close(1008)]),
    (connect("/rooms/a?since=1&since=2"), [close(1008)]),
    (connect("/rooms/a?since=x", deny=True), [close(1008)]),
    (connect("/asks"), [close(1008)]),
    (connect("/asks?since=0"), [close(1008)]),
    (connect("/asks?since=1"), [ACCEPT, close()]),
    # no route: too long for its annotation, another kind, unknown, not decodable, for requests only
    (connect("/rooms/muchtoolong"), REFUSED),
    (connect("/kinds/chat/x/1/r"), REFUSED),
    (connect(f"/kinds/none/1/{UUID_TEXT}/r"), REFUSED),
    (connect("/nowhere"), REFUSED),
    (connect("/rooms/%zz"), REFUSED),
    (connect("/rooms/%ff"), REFUSED),
    (connect("/any/x"), REFUSED),
    (connect("/never"), REFUSED),
    (
        connect(f"/kinds/chat/-3/{UUID_TEXT}/r/s"),
        [ACCEPT, text('["CHAT",-3,7,"r/s"]'), close()],
    ),
    # groups, loops, decorators
    (connect("/v1/live/inner/ada"), [ACCEPT, text("hello ada"), close()]),
    (connect("/v1/live/guarded/ada"), [ACCEPT, text("ada!"), close()]),
    (connect("/v1/live/a"), [ACCEPT, text("/v1/live/a"), close()]),
    (connect("/v1/live/b"), [ACCEPT, text("/v1/live/b"), close()]),
    # how a handler ends
    (connect("/ends/nothing"), [ACCEPT, close()]),
    (connect("/ends/nothing?accepted=0"), REFUSED),
    (connect("/ends/value"), [ACCEPT, close(1011)]),
    (connect("/ends/value?accepted=0"), [close(1011)]),
    (connect("/ends/http"), [ACCEPT, close(1008, "pay first")]),
    (connect("/ends/http?accepted=0"), [close(1008, "pay first")]),
    (connect("/ends/own"), [ACCEPT, close(4002, "said so")]),
    (connect("/ends/over"), [ACCEPT, close()]),
    (connect("/ends/group"), [ACCEPT, close()]),
    (connect("/ends/read", "a", 1001), [ACCEPT]),
    (connect("/ends/ignore", 1001), [ACCEPT]),
]


def talked(folder: Path, conversations: list[Request]) -> tuple[list[Any], str]:
    """What the app sent in each conversation, and its log."""
    run = asked(folder, conversations, script=SCRIPT)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1]), run.stderr


@pytest.mark.parametrize("way", WAYS)
def test_conversations(tmp_path: Path, way: str) -> None:
    found, log = talked(made(way, PROGRAM, tmp_path), [one for one, _ in CASES])
    for (case, expected), sent in zip(CASES, found, strict=True):
        assert sent == expected, case
    assert log.count("unhandled exception in WEBSOCKET /ends/value") == 2
    assert log.count("Traceback") == 2 and log.count("ValueError: the user's own line") == 2
    assert 'raise ValueError("the user\'s own line")' in log
    assert "_conduit" not in log and "runtime/conduit" not in log and "/conduit/http" not in log


@pytest.mark.parametrize("way", WAYS[:2])
def test_a_refusal_says_why_where_the_server_can(tmp_path: Path, way: str) -> None:
    asked_ = [connect(f"/ends/{how}?accepted=0", deny=True) for how in ("http", "value")]
    (http, value), log = talked(made(way, PROGRAM, tmp_path), asked_)
    assert [one["type"] for one in http] == ["websocket.http.response.start", "websocket.http.response.body"]
    assert http[0]["status"] == 402 and ["x-price", "1"] in http[0]["headers"]
    assert json.loads(http[1]["body"])["detail"] == "pay first"
    assert value[0]["status"] == 500 and "own line" not in value[1]["body"]
    assert log.count("unhandled exception") == 1


@pytest.mark.parametrize("way", WAYS)
def test_requests_never_reach_connections(tmp_path: Path, way: str) -> None:
    requests = [
        request("GET", "/rooms/x"),
        request("GET", "/rooms/lobby"),
        request("GET", "/asks?since=1"),
        request("WEBSOCKET", "/asks?since=1"),
        request("WEBSOCKET", "/rooms/x"),
        request("WEBSOCKET", "/any/x"),
        request("POST", "/asks"),
    ]
    found = answers(way, PROGRAM, requests, tmp_path)
    bodies = ['"x"', '"lobby"', '"fallback"', '"fallback"', None, '"x"', '"fallback"']
    assert [body for _, _, body in found[:4]] == bodies[:4]
    assert found[4][0] == 405 and ["allow", "GET, HEAD, OPTIONS"] in found[4][1]
    assert [body for _, _, body in found[5:]] == bodies[5:]
    assert all(["x-around", "yes"] in pairs for _, pairs, _ in found)


LATE = {
    "app.py": """from conduit import Conduit

from rooms import rooms

app = Conduit()
app.include(rooms, prefix="/rooms")


@app.get("/")
def index():
    return 1
""",
    "rooms.py": """from __future__ import annotations

from enum import Enum

import conduit

rooms = conduit.Router()


class Kind(Enum):
    NEWS = "news"


# a comment
@rooms.websocket("/{kind}")
async def talk(ws: conduit.WebSocket, kind: Kind):
    '''Talks.'''
    await ws.accept()
    await ws.send_text(kind.name)
""",
}


@pytest.mark.parametrize("way", WAYS[1:])
@pytest.mark.parametrize("options", [Options(lazy=True), Options(strip=True)], ids=["lazy", "strip"])
def test_lazy_groups_and_stripped_copies(tmp_path: Path, way: str, options: Options) -> None:
    dist = made(way, LATE, tmp_path, options)
    run = asked(dist, [connect("/rooms/none"), connect("/rooms/news")], script=SCRIPT)
    assert run.returncode == 0, run.stderr
    before, sent = run.stdout.splitlines()
    assert json.loads(before) == ([] if options.lazy else ["rooms"])
    assert json.loads(sent) == [REFUSED, [ACCEPT, text("NEWS"), close()]]


@pytest.mark.parametrize("way", WAYS)
def test_starlette_is_not_imported_before_it_is_needed(tmp_path: Path, way: str) -> None:
    run = asked(made(way, LATE, tmp_path), [connect("/nowhere")], script=SCRIPT)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[0]) == ["rooms"]
