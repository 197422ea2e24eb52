"""The rules of the paths pass, with their pages and cases."""

from conduitc.diagnostics import Rule

DUPLICATE = Rule(
    code="CDT230",
    slug="duplicate-path-parameter",
    severity="error",
    message="the path parameter `{name}` appears twice in `{path}`",
    docs="""A path parameter is handed over by name, so each name can stand in a path only once.
Prefixes of routers and of `include` count: the path is what they make together.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}/posts/{id}")
def post(id: int):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{user}/posts/{id}")
def post(user: int, id: int):
    return {"user": user, "id": id}
""",
)

NOT_LAST = Rule(
    code="CDT231",
    slug="path-converter-not-last",
    severity="error",
    message="`{name}` takes the rest of the path, but `{path}` goes on after it",
    docs="""A parameter with the converter `path` (or `*name`) takes everything up to the end, slashes
included. Nothing after it could ever match.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name:path}/raw")
def raw(name: str):
    return {"name": name}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/raw/{name:path}")
def raw(name: str):
    return {"name": name}
""",
)

UNKNOWN = Rule(
    code="CDT232",
    slug="unknown-converter",
    severity="error",
    message="there is no converter `{converter}`",
    docs="""Converters are `int`, `float`, `uuid`, `str` (one segment, the default) and `path` (the
rest). For anything else annotate the handler's parameter: dates, enums, `Literal` and `Meta(...)`
bounds are checked before the handler runs, and what fails is a 404.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:integer}")
def user(id: int):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:int}")
def user(id: int):
    return {"id": id}
""",
)

DISAGREE = Rule(
    code="CDT233",
    slug="converter-annotation-disagree",
    severity="error",
    message="path and annotation disagree: `{name}` is `{converter}` there, `{annotation}` here",
    docs="""Where both the path and the handler say what a parameter is, they must say the same. One of
the two is enough: `{id:int}` with an unannotated parameter, or `{id}` with `id: int`.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:int}")
def user(id: str):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def user(id: int):
    return {"id": id}
""",
)

GLUED = Rule(
    code="CDT234",
    slug="parameter-within-segment",
    severity="error",
    message="`{parameter}` is only a part of the segment `{text}`",
    docs="""A path parameter takes a whole segment, from slash to slash. Take the segment and split it
in the handler, or give each part a segment of its own.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name}.txt")
def file(name: str):
    return {"name": name}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name}")
def file(name: str):
    return {"name": name.removesuffix(".txt")}
""",
)

FOREIGN = Rule(
    code="CDT235",
    slug="foreign-parameter-syntax",
    severity="warning",
    message="`{text}` is plain text here, not a path parameter",
    docs="""Path parameters are written `{name}`, `{name:int}`, `:name` or `:name<int>`. The way of
other frameworks would be a segment that only matches itself.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/<id>")
def user(id: int):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def user(id: int):
    return {"id": id}
""",
)
