"""Functions around handlers; each is outermost first."""

from conduit import HTTPError


async def request_id(request, call_next):
    """Gives back the caller's request id, or says that there was none."""
    response = await call_next(request)
    response.headers["x-request-id"] = request.headers.get("x-request-id", "none")
    return response


async def timing(request, call_next):
    """Marks what went through it; a clock would make the example's answers differ from run to run."""
    response = await call_next(request)
    response.headers["server-timing"] = "shop"
    return response


async def signed_in(request, call_next):
    """Only for those who say who they are."""
    if "x-customer" not in request.headers:
        raise HTTPError(401, "who are you?")
    request.state["customer"] = request.headers["x-customer"]
    return await call_next(request)


async def no_store(request, call_next):
    response = await call_next(request)
    response.headers["cache-control"] = "no-store"
    return response
