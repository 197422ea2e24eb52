"""An app behind ASGI middleware: a class of Starlette's and one of its own, outermost first."""

from conduit import Conduit
from starlette.middleware.gzip import GZipMiddleware


class Stamp:
    """Adds a header to every answer, those that the compiler makes (404, 405, OPTIONS) included."""

    def __init__(self, app, name):
        self.app = app
        self.name = name.encode("latin-1")

    async def __call__(self, scope, receive, send):
        async def stamped(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-gateway", self.name)]}
            await send(message)

        await self.app(scope, receive, stamped)


app = Conduit(title="Gateway")
app.use(Stamp, name="north")
app.use(GZipMiddleware, minimum_size=500)


@app.get("/")
def index():
    return {"message": "through the gateway"}


@app.get("/long")
def long():
    return {"words": ["conduit"] * 200}


if __name__ == "__main__":
    app.run(port=8000)
