"""Programs of the language's own documentation."""

HELLO = """from conduit import Conduit

app = Conduit()

@app.get("/")
def index(request):
    return {"message": "Hello, World!"}

@app.get("/users/:id")
def get_user(request):
    # Path parameters detected by compiler plugin!
    return {"user_id": request.params["id"]}

app.run(host="0.0.0.0", port=8000)
"""

SHOP = '''from dataclasses import dataclass, field
from conduit import Conduit

app = Conduit(title="Shop", version="1.2.0")

@app.get("/")
def index(request):
    return {"message": "Hello, World!"}

@app.get("/users/:id")
def get_user(request):
    return {"user_id": request.params["id"]}

@dataclass
class Item:
    """A thing for sale."""
    name: str
    price: float
    tags: list[str] = field(default_factory=list)

@app.post("/items")
async def create_item(item: Item, notify: bool = False) -> Item:
    return item

app.run(host="0.0.0.0", port=8000)
'''

#: Everything the language's handlers can take and give, in one file.
MIXED = """import enum
import time
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Optional, TypedDict
from uuid import UUID

import msgspec
from msgspec import Meta

from conduit import HTML, Conduit, HTTPError, JSON, Redirect, Response, Router, Stream, Text

app = Conduit(redirect_slashes=True)
log = []


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


@dataclass
class Public:
    name: str


@dataclass
class User:
    name: str
    password: str = "hidden"
    friends: list["User"] = field(default_factory=list)


class Point(msgspec.Struct, tag="point"):
    x: int
    y: int = 0


class Circle(msgspec.Struct, tag="circle"):
    radius: float


class Patch(TypedDict, total=False):
    name: str
    age: int


@app.get("/int/{n:int}")
def integer(n: int):
    return {"n": n}


@app.get("/float/:x<float>")
def floating(x: float):
    return x


@app.get("/uuid/{u}")
def uuid_(u: UUID):
    return {"u": u, "kind": type(u).__name__}


@app.get("/colour/{c}")
def colour(c: Colour):
    return c


@app.get("/colour/{name}/shade")
def shade(name: str):
    return name


@app.get("/small/{n}")
def small(n: Annotated[int, Meta(ge=1, le=9)]):
    return n


@app.get("/day/{d}")
def day(d: date):
    return d


@app.get("/files/*rest")
def files(rest: str):
    return {"rest": rest}


@app.get("/search")
def search(q: str, page: Annotated[int, Meta(ge=1)] = 1, exact: bool = False, tag: list[str] = [],
           kind: Optional[Literal["a", "b"]] = None, ids: set[int] = frozenset()):
    return {"q": q, "page": page, "exact": exact, "tag": tag, "kind": kind, "ids": sorted(ids)}


@app.get("/types")
def types(d: date | None = None, t: datetime | None = None, m: Decimal = Decimal("1.50"),
          c: Colour = Colour.RED, f: float = 0.5):
    return [d, t, m, c, f]


@app.post("/points")
def points(data: list[Point]) -> list[Point]:
    return data


@app.post("/shape")
async def shape(shape: Point | Circle):
    return {"kind": type(shape).__name__, "shape": shape}


@app.patch("/people/{id}")
def patch(id: int, change: Patch):
    return {"id": id, **change}


@app.post("/maybe")
def maybe(item: User | None = None):
    return {"got": item is not None}


@app.post("/raw")
def raw(item: dict):
    return item


@app.get("/public")
def public() -> Public:
    return User("ann", "secret")


@app.get("/publics")
def publics() -> list[Public]:
    return [User("ann", "secret"), User("bob")]


@app.get("/status")
def status():
    return {"made": True}, 201


@app.put("/created", status=201)
def created(request):
    return {"method": request.method, "path": request.path, "q": request.query.get("q")}


@app.delete("/nothing")
def nothing():
    return None


@app.get("/text")
def text() -> Text:
    return "plain"


@app.get("/html")
def html() -> HTML:
    return "<p>hi</p>"


@app.get("/bytes")
def bytes_():
    return b"\\x00\\x01"


@app.get("/response")
def response():
    return Response("teapot", 418, {"X-Kind": "tea"}, "text/plain")


@app.get("/json")
def json_():
    return JSON({"a": 1}, status=202)


@app.get("/redirect")
def redirect():
    return Redirect("/text")


@app.get("/stream")
async def stream():
    yield "one,"
    yield b"two"


@app.get("/error")
def error():
    raise HTTPError(404, "no such user")


@app.get("/crash")
def crash():
    return 1 // 0


@app.get("/blocking")
def blocking():
    time.sleep(0.001)
    return "slept"


@app.get("/nan")
def nan():
    return [float("nan"), float("inf"), 1.5]


@app.get("/sets")
def sets():
    return {"tags": {"b", "a", "c"}, "z": 1, "a": 2}


class Stop(Exception):
    pass


@app.exception_handler(Stop)
def stopped(request, exc):
    return {"stopped": str(exc)}, 409


@app.get("/stop")
def stop():
    raise Stop("now")


@app.get("/request")
async def request_(request):
    agent = request.headers.get("user-agent")
    return {"client": request.client[0], "ua": agent, "cookies": dict(request.cookies)}


@app.post("/echo")
async def echo(request):
    return await request.body()


@app.on_startup
def start():
    log.append("started")


@app.get("/log")
def read_log():
    return log


async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-stamp"] = "1"
    return response


async def deny(request, call_next):
    if request.headers.get("x-key") != "k":
        raise HTTPError(403, "key wanted")
    return await call_next(request)


v1 = Router(prefix="/v1", middleware=[stamp])


@v1.get("")
def v1_root():
    return "v1"


@v1.get("/")
def v1_slash():
    return "v1/"


@v1.get("/guarded", middleware=[deny])
def guarded():
    return "inside"


@v1.get("/me/x")
def me_x():
    return "me x"


@v1.get("/{id}/posts")
def posts(id: str):
    return id


app.include(v1, prefix="/api")


@app.route("/multi", methods=["GET", "POST"])
def multi(request):
    return request.method


@app.options("/own-options")
def own_options():
    return "mine"


@app.head("/own-head")
def own_head():
    return Response(b"", 200, {"x-head": "1"})


@app.get("/own-head")
def get_head():
    return "body"
"""
