"""An app behind ASGI middleware that everybody uses, and behind one of its own."""

import asyncio

from conduit import Conduit, HTTPError
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware


class Timed(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.seen = "by Timed"
        answer = await call_next(request)
        answer.headers["x-timed"] = request.url.path
        return answer


class Odd:
    """Answers by itself, as only middleware can."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        path = scope.get("path")
        start = {"type": "http.response.start", "status": 200, "headers": []}
        if path == "/odd/upper":
            start["headers"] = [(b"X-Upper", b"1"), (b"Content-Length", b"2")]
        elif path == "/odd/teapot":
            start["status"] = 418
        elif path == "/odd/raises":
            raise RuntimeError("in the middleware")
        else:
            await self.app(scope, receive, send)
            return
        await send(start)
        await send({"type": "http.response.body", "body": b"ok"})


app = Conduit(title="Wrapped")
app.use(CORSMiddleware, allow_origins=["https://a.example"], allow_methods=["*"])
app.use(GZipMiddleware, minimum_size=200)
app.use(Timed)
app.use(Odd)


@app.get("/")
def index():
    return {"message": "wrapped"}


@app.get("/long")
def long():
    return {"words": ["conduit"] * 200}


@app.get("/seen")
async def seen(request):
    return {"seen": request.state["seen"]}


@app.post("/body")
async def body(request):
    return await request.body()


@app.post("/small", max_body=10)
async def small(request):
    return await request.body()


@app.get("/stream")
async def stream():
    for number in range(5):
        await asyncio.sleep(0)
        yield f"{number},"


@app.get("/refused")
def refused():
    raise HTTPError(403, "no")


@app.get("/crash")
def crash():
    return 1 // 0


@app.get("/nothing")
def nothing():
    return None
