"""Handlers whose course a test follows from outside: they wait for a word, and note what happened to them."""

import asyncio
import contextvars
import os
import time

from conduit import Conduit, Event, File, HTTPError, Response, Stream, Text

app = Conduit(title="Behaviour", max_body=67108864)

events = {}
notes = []
mark = contextvars.ContextVar("mark", default="none")


def event(name):
    return events.setdefault(name, asyncio.Event())


@app.get("/")
def index():
    return {"message": "Hello, World!"}


@app.get("/pid")
def pid():
    return {"pid": os.getpid()}


@app.get("/notes")
async def get_notes():
    return notes


@app.post("/set/{name}")
async def set_(name: str):
    event(name).set()
    return {"set": name}


@app.get("/wait/{name}")
async def wait(name: str):
    notes.append(f"waits {name}")
    try:
        await event(name).wait()
    except asyncio.CancelledError:
        notes.append(f"cancelled {name}")
        raise
    notes.append(f"waited {name}")
    return {"waited": name}


@app.get("/inline/{n:int}")
def inline(n: int):
    return {"n": n}


@app.get("/task/{n:int}")
async def task(n: int):
    await asyncio.sleep(0.02 if n % 2 else 0)
    return {"n": n}


@app.get("/thread/{n:int}")
def thread(n: int):
    time.sleep(0.01)
    return {"n": n}


@app.post("/body/{n:int}")
async def body(request, n: int):
    return {"n": n, "size": len(await request.body())}


@app.get("/streamed/{n:int}")
async def streamed(n: int):
    yield f'{{"n":{n}'
    await asyncio.sleep(0)
    yield "}"


@app.post("/pieces")
async def pieces(request):
    """Notes each piece as it comes."""
    sizes = []
    async for piece in request.stream():
        sizes.append(len(piece))
        notes.append(f"piece {bytes(piece[:8]).decode()}")
    return {"sizes": sizes}


@app.post("/back")
async def back(request):
    """Sends what comes, as it comes."""

    async def same():
        async for piece in request.stream():
            yield piece

    return Stream(same())


@app.post("/hold/{name}")
async def hold(request, name: str):
    """Reads nothing before it is told to."""
    notes.append(f"holds {name}")
    await event(name).wait()
    return {"size": sum([len(piece) async for piece in request.stream()])}


@app.post("/reads")
async def reads(request):
    try:
        await request.body()
    except Exception as error:
        notes.append(f"reads {type(error).__name__}")
        raise
    return "read"


@app.post("/small", max_body=1000)
async def small(request):
    return {"size": len(await request.body())}


@app.post("/small-stream", max_body=1000)
async def small_stream(request):
    return {"size": sum([len(piece) async for piece in request.stream()])}


@app.post("/small-typed", max_body=1000)
def small_typed(item: dict):
    return item


@app.post("/ignores")
async def ignores():
    return "not read"


@app.post("/lazy")
async def lazy():
    await asyncio.sleep(0)
    return "not read either"


@app.get("/flood/{mebibytes:int}")
async def flood(mebibytes: int):
    """A big stream; notes how far it has come, and its end."""
    block, sent = b"x" * 65536, 0
    try:
        for _ in range(mebibytes * 16):
            sent += 1
            flooded["blocks"] = sent
            yield block
        notes.append("flood done")
    finally:
        notes.append("flood closed")


flooded = {"blocks": 0}


@app.get("/flooded")
async def get_flooded():
    return flooded


@app.get("/ticks")
async def ticks():
    """Events for ever."""
    try:
        while True:
            yield Event("tick")
            await asyncio.sleep(0.02)
    finally:
        notes.append("ticks closed")


@app.get("/gate/{name}")
async def gate(name: str):
    """A stream that begins, then waits."""
    yield "begun,"
    await event(name).wait()
    yield "ended"


@app.get("/mark/{value}")
async def marked(value: str):
    """Sets a context variable, lets others run, and tells what it saw."""
    before = mark.get()
    mark.set(value)
    await asyncio.sleep(0.01)
    return {"before": before, "after": mark.get()}


@app.get("/mark-thread/{value}")
def marked_in_thread(value: str):
    before = mark.get()
    mark.set(value)
    time.sleep(0.005)
    return {"before": before, "after": mark.get()}


@app.get("/current")
async def current():
    found = asyncio.current_task()
    return {"task": found is not None, "own": not hasattr(found, "seen") and found in asyncio.all_tasks()}


@app.get("/timeout")
async def timeout():
    try:
        async with asyncio.timeout(0.02):
            await asyncio.sleep(30)
    except TimeoutError:
        return "timed out"
    return "never"


@app.get("/group")
async def group():
    async def one(n):
        await asyncio.sleep(0)
        return n

    async with asyncio.TaskGroup() as tasks:
        made = [tasks.create_task(one(n)) for n in range(3)]
    return [each.result() for each in made]


class Base(BaseException):
    """Nobody's Exception."""


KINDS = {
    "error": RuntimeError("crash"),
    "base": Base("crash"),
    "cancelled": asyncio.CancelledError(),
    "exit": SystemExit(3),
    "interrupt": KeyboardInterrupt(),
    "generator": GeneratorExit(),
    "stop": StopIteration("crash"),
    "recursion": RecursionError("crash"),
    "memory": MemoryError(),
}


@app.get("/raise/task/{kind}")
async def raise_in_task(kind: str):
    await asyncio.sleep(0)
    raise KINDS[kind]


@app.get("/raise/inline/error")
def raise_inline():
    raise RuntimeError("crash")


@app.get("/raise/inline/exit")
def exit_inline():
    raise SystemExit(3)


@app.get("/raise/thread/{kind}", blocking=True)
def raise_in_thread(kind: str):
    raise KINDS[kind]


@app.get("/raise/stream/{kind}")
async def raise_in_stream(kind: str):
    yield "begun"
    await asyncio.sleep(0)
    raise KINDS[kind]


@app.get("/header/{value}")
def header(value: str):
    return Response(b"x", headers={"x-value": value})


@app.get("/large")
def large():
    return File(os.environ["LARGE_FILE"])


@app.get("/text/{size:int}")
def text(size: int):
    return Text("x" * size)


@app.get("/missing")
def missing():
    raise HTTPError(404, "not there")


@app.get("/who")
async def who(request):
    scope = request.scope
    return {
        "client": scope["client"],
        "scheme": scope["scheme"],
        "root_path": scope["root_path"],
        "path": scope["path"],
        "raw_path": scope["raw_path"].decode(),
        "url": request.url,
        "state": sorted(scope.get("state", {})),
    }


@app.on_shutdown
def farewell():
    print("farewell", flush=True)
