"""What a server is asked while it starts, drains and ends."""

import asyncio
import os
import time

from conduit import Conduit, Event, Text, WebSocket

app = Conduit(title="Ending")
if os.path.exists(os.environ.get("BROKEN", "")):
    raise RuntimeError("it is broken")


@app.get("/")
def index():
    return {"message": "Hello, World!"}


@app.get("/users/{id:int}")
def user(id: int):
    return {"user_id": id}


@app.get("/pid")
def pid():
    return {"pid": os.getpid()}


@app.get("/slow/{ms:int}")
async def slow(ms: int):
    print(f"slow {ms}", flush=True)
    await asyncio.sleep(ms / 1000)
    return {"slept": ms}


@app.get("/thread/{ms:int}")
def thread(ms: int):
    time.sleep(ms / 1000)
    return {"slept": ms}


@app.get("/block/{ms:int}", blocking=False)
def block(ms: int):
    """Holds the loop."""
    print(f"block {ms}", flush=True)
    time.sleep(ms / 1000)
    return {"blocked": ms}


@app.get("/ticks")
async def ticks():
    while True:
        yield Event("tick")
        await asyncio.sleep(0.02)


@app.post("/size")
async def size(request):
    return {"size": len(await request.body())}


@app.get("/text/{size:int}")
def text(size: int):
    return Text("x" * size)


@app.get("/loop")
async def loop():
    return type(asyncio.get_running_loop()).__module__


@app.websocket("/echo")
async def echo(ws: WebSocket):
    await ws.accept()
    async for message in ws.iter_text():
        await ws.send_text(message)


@app.get("/who")
def who(request):
    scope = request.scope
    return {"client": scope["client"], "scheme": scope["scheme"], "root_path": scope["root_path"]}


@app.on_startup
def begin():
    print("begun", flush=True)


@app.on_shutdown
def end():
    print("ended", flush=True)
