"""What the cases of HTTP are sent to: every method and every path are answered with what was understood."""

from conduit import JSON, Conduit

app = Conduit(title="Echo")


def told(request, body):
    query = request.scope.get("query_string", b"").decode("latin-1")
    seen = {"method": request.method, "path": request.path, "query": query, "body": body.decode("latin-1")}
    return JSON(seen, headers={"x-echo": "1"})


@app.route("/*rest", methods=["*"])
async def echo(request):
    return told(request, await request.body())


@app.fallback
async def asterisk(request):
    """``OPTIONS *`` matches no route."""
    return told(request, await request.body())
