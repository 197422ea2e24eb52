"""Where the shop is."""


async def country(request, call_next):
    response = await call_next(request)
    response.headers["x-country"] = "none"
    return response
