"""Bodies of JSON, read by hand and through an annotation."""

from typing import Annotated

from conduit import Body, Conduit

app = Conduit(title="Bodies")


@app.post("/untyped")
async def untyped(request):
    await request.json()
    return {"read": True}


@app.post("/typed")
def typed(value: Annotated[dict | list | str | int | float | bool, Body()]):
    return {"read": type(value).__name__}
