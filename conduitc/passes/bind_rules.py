"""The rules of the bind pass, with their pages and cases."""

from conduitc.diagnostics import Rule

NO_PLACE = Rule(
    code="CDT340",
    slug="parameter-without-place",
    severity="error",
    message="nothing of a request fits `{parameter}`: it {why}",
    docs="""Every parameter of a handler is filled from one place: a path parameter of its name, the
request (`request`), the JSON body (a dataclass, Struct, TypedDict or dict), or the query string (a
scalar, by its annotation). A parameter without an annotation has no place, nor has `*args`.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(words):
    return {"words": words}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(words: str):
    return {"words": words}
""",
)

BODY_ON_GET = Rule(
    code="CDT341",
    slug="body-on-get",
    severity="error",
    message="`{parameter}` would be the body of a {method} request",
    docs="""Clients, proxies and caches drop the body of a GET or HEAD request. Where one is truly
meant, `Annotated[Item, Body()]` says so.""",
    bad="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Filter:
    words: str

@app.get("/search")
def search(filter: Filter):
    return {"words": filter.words}
""",
    good="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Filter:
    words: str

@app.post("/search")
def search(filter: Filter):
    return {"words": filter.words}
""",
)

TWO_BODIES = Rule(
    code="CDT342",
    slug="two-bodies",
    severity="error",
    message="`{handler}` reads two bodies, `{first}` and `{second}`",
    docs="""A request has one body, and it is one JSON value. Put both parts into one dataclass.""",
    bad="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Item:
    name: str

@dataclass
class Seller:
    name: str

@app.post("/items")
def create(item: Item, seller: Seller):
    return {"item": item.name, "seller": seller.name}
""",
    good="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Seller:
    name: str

@dataclass
class Item:
    name: str
    seller: Seller

@app.post("/items")
def create(item: Item):
    return {"item": item.name, "seller": item.seller.name}
""",
)

UNREAD = Rule(
    code="CDT343",
    slug="path-parameter-unread",
    severity="warning",
    message="`{handler}` takes no parameter `{name}`, so what stands there in the path is lost",
    docs="""The path has a parameter that the handler neither names nor can reach through `request`.
Mostly a spelling that differs between the two.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{user_id}")
def user(userid: int):
    return {"id": userid}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{user_id}")
def user(user_id: int):
    return {"id": user_id}
""",
)

UNREADABLE = Rule(
    code="CDT344",
    slug="type-not-readable-from-text",
    severity="error",
    message="`{parameter}` is `{annotation}`, which cannot be read from {place}",
    docs="""Path, query, headers and cookies are text. Scalars, enums, dates, times, UUIDs, decimals
and `Literal` can be read from it, and in the query lists and sets of those; structured values come in
the JSON body.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(key: bytes):
    return {"length": len(key)}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(key: str):
    return {"length": len(key)}
""",
)

UNKNOWN_TYPE = Rule(
    code="CDT345",
    slug="annotation-not-understood",
    severity="error",
    message="what `{annotation}` is, is not known, so nothing can fill `{parameter}`",
    docs="""Annotations of handler parameters are read without running the program. They must name
builtins, standard types, or classes of the project that can be found by following its imports.""",
    bad="""\
from conduit import Conduit

app = Conduit()
Id = type("Id", (int,), {})

@app.get("/search")
def search(id: Id):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(id: int):
    return {"id": id}
""",
)

UNSERVED_PLACE = Rule(
    code="CDT346",
    slug="place-not-served",
    severity="error",
    message="`{parameter}` comes from `{place}`, which this version does not serve",
    docs="""Values come from the path, the query, headers, cookies, the JSON body and the request
itself. Forms, files and dependencies are not part of this version.""",
    bad="""\
from typing import Annotated

import conduit

app = conduit.Conduit()

def current_user():
    return "ada"

@app.get("/me")
def me(user: Annotated[str, conduit.Depends(current_user)]):
    return {"user": user}
""",
    good="""\
from conduit import Conduit

app = Conduit()

def current_user(request):
    return request.headers.get("x-user", "ada")

@app.get("/me")
def me(request):
    return {"user": current_user(request)}
""",
)

UNKNOWN_ANSWER = Rule(
    code="CDT347",
    slug="return-type-not-understood",
    severity="warning",
    message="what `{annotation}` is, is not known, so the answers of `{handler}` are not kept to it",
    docs="""A declared return type filters: a `User` returned as `-> Public` does not give away its password.
For that the type must be found without running the program, and exist when it runs: what is imported only
under `TYPE_CHECKING` does not.""",
    bad="""\
from __future__ import annotations

from typing import TYPE_CHECKING

from conduit import Conduit

if TYPE_CHECKING:
    from models import Public

app = Conduit()

@app.get("/")
def index() -> Public:
    return {"name": "ada", "password": "hidden"}
""",
    good="""\
from __future__ import annotations

from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Public:
    name: str

@app.get("/")
def index() -> Public:
    return {"name": "ada", "password": "hidden"}
""",
)
