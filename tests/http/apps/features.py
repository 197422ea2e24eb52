"""Every sort of answer and of handler, for comparing ways of serving."""

import asyncio
import time
from typing import Annotated

from conduit import (
    HTML,
    JSON,
    Conduit,
    Event,
    EventStream,
    File,
    Header,
    HTTPError,
    Redirect,
    Response,
    Router,
    Stream,
    Text,
)

app = Conduit(title="Features", redirect_slashes=True)


class Late(Exception):
    """Has a handler of its own."""


@app.exception_handler(Late)
async def late(request, error):
    return JSON({"late": str(error)}, status=409, headers={"x-late": "1"})


@app.get("/")
def index():
    return {"message": "Hello, World!"}


@app.get("/raise-late")
async def raise_late():
    raise Late("too late")


@app.get("/events")
async def events():
    yield Event("one", id="1")
    await asyncio.sleep(0)
    yield Event({"n": 2}, event="two")


@app.get("/event-stream")
async def event_stream():
    async def some():
        yield "a\nb"

    return EventStream(some())


@app.get("/file")
def file():
    return File("assets/terms.txt")


@app.get("/download")
def download():
    return File("assets/terms.txt", filename="the terms.txt", headers={"x-kind": "file"})


@app.get("/no-file")
def no_file():
    return File("assets/" + "nothing")


@app.get("/generator")
def generator():
    yield "one,"
    yield "two"


@app.get("/pieces/{count:int}")
async def pieces(count: int):
    async def some():
        for number in range(count):
            yield b"%d;" % number * 100

    return Stream(some(), media_type="text/plain")


@app.get("/sized-stream")
async def sized_stream():
    async def some():
        yield b"12345"
        yield b"67890"

    return Stream(some(), headers={"content-length": "10"})


@app.get("/no-pieces")
async def no_pieces():
    for number in ():
        yield number


@app.get("/fails-first")
async def fails_first():
    raise HTTPError(410, "gone")
    yield b""


@app.get("/breaks")
async def breaks():
    yield b"begun"
    raise RuntimeError("too late to answer")


@app.get("/tuple")
def pair():
    return {"made": 1}, 201


@app.get("/refused")
def refused():
    raise HTTPError(402, "pay first", headers={"x-price": "3"})


@app.get("/crash")
def crash():
    return {}["missing"]


@app.get("/nothing")
async def nothing():
    return None


@app.delete("/gone")
def gone() -> None:
    return None


@app.get("/unchanged")
def unchanged():
    return Response(status=304, headers={"etag": '"1"'})


@app.get("/cookies")
def cookies():
    answer = Text("set")
    answer.headers.add("set-cookie", "a=1")
    answer.headers.add("set-cookie", "b=2")
    return answer


@app.get("/html")
def html() -> HTML:
    return "<b>é</b>"


@app.get("/redirect")
def redirect():
    return Redirect("/html", status=303)


@app.get("/big")
def big():
    return b"0123456789" * 30_000


@app.get("/slow", timeout=0.05)
async def slow():
    await asyncio.sleep(30)
    return "never"


@app.get("/thread")
def thread():
    time.sleep(0.001)
    return "from a thread"


@app.post("/body")
async def body(request):
    return await request.body()


@app.post("/json")
async def json_(request):
    return {"got": await request.json()}


@app.post("/stream")
async def stream(request):
    return {"size": sum([len(piece) async for piece in request.stream()])}


@app.post("/unread")
async def unread():
    return "not read"


@app.post("/small", max_body=10)
async def small(request):
    return await request.body()


@app.post("/item")
def item(item: dict):
    return item


@app.get("/headers")
def headers(accept: Annotated[str, Header()] = "none", x_many: Annotated[list[str], Header()] = ()):
    return {"accept": accept, "many": x_many}


@app.get("/query")
def query(request, q: str = "", n: list[int] = ()):
    return {"q": q, "n": n, "all": request.query.getlist("q")}


@app.get("/scope")
async def scope(request):
    """What a server tells; ports differ from run to run."""
    told = request.scope
    known = {name: told[name] for name in ("type", "http_version", "method", "scheme", "path", "root_path")}
    pairs = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in told["headers"]]
    return {
        **known,
        "raw_path": told["raw_path"].decode("latin-1"),
        "query_string": told["query_string"].decode("latin-1"),
        "headers": pairs,
        "client": told["client"][0],
        "server": told["server"][0],
        "asgi": told["asgi"]["version"],
        "url": request.url.partition("//")[2],
    }


@app.get("/at/{name}/end")
def at(name: str):
    return {"name": name}


@app.get("/rest/*rest")
def rest(rest: str):
    return {"rest": rest}


@app.get("/slash/")
def slash():
    return "slash"


@app.put("/put")
@app.patch("/put")
def put(request):
    return request.method


@app.head("/own-head")
def own_head():
    return Response(b"", headers={"x-head": "1"})


@app.route("/any", methods=["*"])
def any_method(request):
    return Text(request.method)


async def stamped(request, call_next):
    answer = await call_next(request)
    answer.headers["x-stamp"] = request.path
    return answer


group = Router(prefix="/group", middleware=[stamped])


@group.get("/in")
def inside():
    return "inside"


@group.get("/crash")
def group_crash():
    raise KeyError("inside")


app.include(group)


@app.fallback
def fallback(request):
    return {"nothing": request.path}, 404
