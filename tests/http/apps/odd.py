"""ASGI middleware that answers by itself, as well-behaved middleware never would."""

from conduit import Conduit


class Odd:
    """Answers by itself, in ways that only middleware can."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        path = scope.get("path")
        start = {"type": "http.response.start", "status": 200, "headers": []}
        if path == "/odd/split":
            start["headers"] = [(b"x-a", b"1\r\nx-injected: 1")]
        elif path == "/odd/name":
            start["headers"] = [(b"x a\r\n", b"1")]
        elif path == "/odd/upper":
            start["headers"] = [(b"X-Upper", b"1"), (b"Content-Length", b"2")]
        elif path == "/odd/short":
            start["headers"] = [(b"content-length", b"10")]
        elif path == "/odd/long":
            start["headers"] = [(b"content-length", b"1")]
        elif path == "/odd/close":
            start["headers"] = [(b"connection", b"close"), (b"content-length", b"2")]
        elif path == "/odd/stays":
            start["headers"] = [(b"connection", b"keep-alive"), (b"content-length", b"2")]
        elif path == "/odd/teapot":
            start["status"] = 418
        elif path == "/odd/nothing":
            return
        elif path == "/odd/raises":
            raise RuntimeError("in the middleware")
        elif path == "/odd/begun":
            await send(start)
            raise RuntimeError("after the start")
        elif path == "/odd/body-first":
            await send({"type": "http.response.body", "body": b"x"})
            return
        elif path == "/odd/unended":
            await send(start)
            return
        else:
            await self.app(scope, receive, send)
            return
        await send(start)
        await send({"type": "http.response.body", "body": b"ok"})


app = Conduit(title="Odd")
app.use(Odd)


@app.get("/")
def index():
    return {"message": "odd"}
