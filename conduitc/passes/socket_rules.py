"""The rules about handlers of WebSocket connections, with their pages and cases."""

from conduitc.diagnostics import Rule

NOT_OF_CONNECTION = Rule(
    code="CDT350",
    slug="not-of-this-connection",
    severity="error",
    message="`{parameter}` is {what}, which {where} does not have",
    docs="""A request is answered once, and has a body; a WebSocket is a conversation, which begins with a
path, a query, headers and cookies, and nothing else. A handler of `@app.websocket` takes a `WebSocket` where
others take a `Request`; what a client has to say comes in messages.""",
    bad="""\
from conduit import Conduit, WebSocket

app = Conduit()

@app.get("/echo")
async def echo(ws: WebSocket):
    await ws.accept()
    await ws.send_text(await ws.receive_text())
""",
    good="""\
from conduit import Conduit, WebSocket

app = Conduit()

@app.websocket("/echo")
async def echo(ws: WebSocket):
    await ws.accept()
    await ws.send_text(await ws.receive_text())
""",
)

NOT_TAKEN = Rule(
    code="CDT351",
    slug="websocket-not-taken",
    severity="error",
    message="`{handler}` takes no `WebSocket`, so it can never accept the connection",
    docs="""A connection is refused unless its handler accepts it, with `await ws.accept()`. For that it takes
a parameter annotated `WebSocket`, of any name; `conduit.WebSocket` is Starlette's.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.websocket("/rooms/:room")
async def enter(room: str):
    return room
""",
    good="""\
from conduit import Conduit, WebSocket

app = Conduit()

@app.websocket("/rooms/:room")
async def enter(ws: WebSocket, room: str):
    await ws.accept()
    await ws.send_text(room)
""",
)

NOT_ASYNC = Rule(
    code="CDT352",
    slug="websocket-handler-not-async",
    severity="error",
    message="`{handler}` is {what}, and a WebSocket's handler is an `async def`",
    docs="""All that a WebSocket does is awaited: `accept`, `receive_text`, `send_text`, `close`. Work that
blocks is handed to a thread from there: `await asyncio.to_thread(function)`. A generator has nobody to take
what it yields.""",
    bad="""\
from conduit import Conduit, WebSocket

app = Conduit()

@app.websocket("/clock")
def clock(ws: WebSocket):
    ws.accept()
""",
    good="""\
from conduit import Conduit, WebSocket

app = Conduit()

@app.websocket("/clock")
async def clock(ws: WebSocket):
    await ws.accept()
""",
)
