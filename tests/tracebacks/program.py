"""A program that fails everywhere: in what handlers do, around them, before and after them."""

HELPERS = """\
import functools


def divide(a, b):
    return a / b


def unknown(function):
    @functools.wraps(function)
    def inner(*arguments):
        return function(*arguments)

    return inner


async def later():
    raise LookupError("later")
"""

UNFINISHED = "value = {}['none']\n"

APP = """\
import asyncio
import time
from dataclasses import dataclass, field
from enum import Enum

from conduit import Conduit, Event, EventStream, HTTPError, Router
from helpers import divide, later, unknown

app = Conduit()
guarded = Router(prefix="/guarded")


def refuse():
    raise OSError("no default today")


@dataclass
class Item:
    name: str

    def __post_init__(self):
        if self.name == "bad":
            self.name.missing


@dataclass
class Stamped:
    name: str
    stamp: int = field(default_factory=refuse)


class Colour(Enum):
    RED = "red"

    @classmethod
    def _missing_(cls, value):
        raise OverflowError(f"no colour {value}")


class Odd:
    pass


class Teapot(Exception):
    pass


@app.get("/handler/:n")
def handler(n: int):
    return 1 / (n - n)


@app.get("/other/:n")
def other(n: int):
    values = [n]
    return values[n]


@app.get("/nested")
def nested(request):
    return divide(
        1,
        len(request.query),
    )


@app.get("/async")
async def asynchronous(request):
    await asyncio.sleep(0)
    await later()


@app.get("/task")
async def task(request):
    return await asyncio.create_task(later())


@app.get("/thread")
def thread(request):
    time.sleep(0)
    raise RuntimeError("on a thread")


@app.get(
    "/opaque",
    tags=["odd"],
)
@unknown
def opaque(request):
    raise RuntimeError("behind a decorator")


@app.get("/timed", timeout=5)
async def timed(request):
    await asyncio.sleep(0)
    raise RuntimeError("in time")


@app.post("/items")
def make(item: Item):
    return item


@app.post("/stamped")
def stamp(item: Stamped):
    return item


@app.get("/colours")
def colours(colour: Colour):
    return colour


@app.get("/unencodable")
def unencodable(request):
    return {"odd": Odd()}


@app.get("/stream")
def stream(request):
    yield "first"
    raise RuntimeError("in a stream")


@app.get("/early")
async def early(request):
    await asyncio.sleep(0)
    raise RuntimeError("before the first piece")
    yield "never"


@app.get("/events")
def events(request):
    def made():
        raise RuntimeError("no event")
        yield Event("never")

    return EventStream(made())


@app.get("/caused")
def caused(request):
    try:
        divide(1, 0)
    except ZeroDivisionError as error:
        raise ValueError("cannot") from error


@app.get("/during")
def during(request):
    try:
        divide(1, 0)
    finally:
        raise KeyError("meanwhile")


@app.get("/group")
async def group(request):
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(later())


@app.get("/late")
def late(request):
    import unfinished

    return unfinished.value


@app.get("/teapot")
def teapot(request):
    raise Teapot


@app.exception_handler(Teapot)
def tea(request, error):
    return {"lines": [step.lineno for step in frames(error)]}


def frames(error):
    import traceback

    found = traceback.extract_tb(error.__traceback__)
    return [step for step in found if step.filename.endswith("app.py")]


@app.exception_handler(HTTPError)
def broken(request, error):
    raise RuntimeError("the handler of errors fails") from None


@app.get("/refused")
def refused(request):
    raise HTTPError(418)


async def failing(request, call_next):
    answer = await call_next(request)
    answer.missing


@guarded.get("/inside", middleware=[failing])
def inside(request):
    return "inside"


@app.fallback
def fallback(request):
    raise RuntimeError("fallback")


for name in ("loop-a", "loop-b"):

    @app.get(f"/{name}")
    def looped(request):
        raise RuntimeError("in a loop")


app.include(guarded)
"""

ASKED = (
    ("GET", "/handler/3"),
    ("GET", "/other/7"),
    ("GET", "/nested"),
    ("GET", "/async"),
    ("GET", "/task"),
    ("GET", "/thread"),
    ("GET", "/opaque"),
    ("GET", "/timed"),
    ("POST", "/items", '{"name": "bad"}'),
    ("POST", "/stamped", '{"name": "x"}'),
    ("GET", "/colours?colour=blue"),
    ("GET", "/unencodable"),
    ("GET", "/stream"),
    ("GET", "/early"),
    ("GET", "/events"),
    ("GET", "/caused"),
    ("GET", "/during"),
    ("GET", "/group"),
    ("GET", "/late"),
    ("GET", "/refused"),
    ("GET", "/guarded/inside"),
    ("GET", "/nowhere%0aforged"),
    ("GET", "/loop-b"),
)
