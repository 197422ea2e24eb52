"""What WebSocket clients talk to: an echo for the cases, and each way in which a connection may end."""

import asyncio
from typing import Annotated

from conduit import Conduit, Header, HTTPError, WebSocket
from msgspec import Meta

app = Conduit(title="Sockets")
#: What handlers saw of the ends of their connections.
ENDS: list[str] = []


@app.get("/")
def index():
    return {"message": "Hello, World!"}


@app.get("/ends")
def ends():
    return list(ENDS)


@app.get("/hold/{seconds:float}")
async def hold(seconds: float):
    await asyncio.sleep(seconds)
    return "held"


@app.websocket("/echo")
async def echo(ws: WebSocket):
    await ws.accept()
    while True:
        message = await ws.receive()
        if message["type"] == "websocket.disconnect":
            ENDS.append(f"echo {message['code']}")
            return
        await ws.send({**message, "type": "websocket.send"})


@app.websocket("/rooms/:room")
async def talk(
    ws: WebSocket,
    room: Annotated[str, Meta(max_length=8)],
    since: int = 0,
    x_key: Annotated[str | None, Header()] = None,
):
    await ws.accept(subprotocol="chat" if "chat" in ws.scope["subprotocols"] else None)
    await ws.send_json([room, since, x_key])
    async for text in ws.iter_text():
        await ws.send_text(f"{room}: {text}")


@app.websocket("/fails/{when}")
async def fails(ws: WebSocket, when: str):
    if when == "paid":
        raise HTTPError(402, "pay first")
    if when == "before":
        raise RuntimeError("before it was accepted")
    await ws.accept()
    if when == "returns":
        return
    if when == "closes":
        await ws.close(4001, "enough")
        return
    if when == "leaves":
        await ws.receive_text()
    raise RuntimeError(await ws.receive_text())


@app.websocket("/floods")
async def floods(ws: WebSocket):
    await ws.accept()
    for number in range(200):
        await ws.send_bytes(bytes([number]) * 10_000)
