"""The rules of the conflicts pass, with their pages and cases."""

from conduitc.diagnostics import Rule

CONFLICT = Rule(
    code="CDT240",
    slug="route-conflict",
    severity="error",
    message="{method} `{one}` conflicts with `{other}`: both take `{witness}`",
    docs="""Two routes answer the same method, their segments are of the same kinds (static, typed,
`str`, `path`), and there is a path that both take: which one runs would be chance. A more specific
route beside a general one is no conflict, in whatever order they stand: static goes before typed, typed
before `str`, `str` before `path`. `int` and `float` are both typed, and share the whole numbers.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def by_id(id: int):
    return {"id": id}

@app.get("/users/{number:int}")
def by_number(number):
    return {"number": number}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def by_id(id: int):
    return {"id": id}

@app.get("/users/by-number/{number:int}")
def by_number(number):
    return {"number": number}
""",
)

INCLUDED_TWICE = Rule(
    code="CDT241",
    slug="group-included-twice",
    severity="error",
    message="the same group is included twice: {count} conflict, {method} `{witness}` for one",
    docs="""A group may be included more than once, but each time under a prefix of its own: under the
same one every route of it stands twice in the table.""",
    bad="""\
from conduit import Conduit, Router

app = Conduit()
users = Router(prefix="/users")

@users.get("/{id}")
def user(id: int):
    return {"id": id}

app.include(users)
app.include(users)
""",
    good="""\
from conduit import Conduit, Router

app = Conduit()
users = Router(prefix="/users")

@users.get("/{id}")
def user(id: int):
    return {"id": id}

app.include(users)
app.include(users, prefix="/v2")
""",
)

TWO_FALLBACKS = Rule(
    code="CDT243",
    slug="two-fallbacks",
    severity="error",
    message="there are two fallbacks",
    docs="""`@app.fallback` answers what no route takes, and there can be one answer to that. Groups have no
fallbacks of their own; use `/{rest:path}` there.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.fallback
def nothing(request):
    return {"found": False}

@app.fallback
def nowhere(request):
    return {"found": False}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.fallback
def nothing(request):
    return {"found": False}
""",
)
