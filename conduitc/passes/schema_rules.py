"""The rules of the schemas pass, with their pages and cases."""

from conduitc.diagnostics import Rule

NO_SCHEMA = Rule(
    code="CDT440",
    slug="type-without-schema",
    severity="error",
    message="{what} is `{type}`, which has no schema",
    docs="""What a value is read into must be known at build time, field by field. A class that is no
dataclass, Struct or TypedDict has no fields to read, and keys of JSON objects are text. For tools and
for answers of language models the schema is all that the other side sees, so `Any`, a bare `dict` and a
mere `None` will not do there.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(query: str, filters: dict) -> str:
    \"\"\"Search the shop.\"\"\"
    return query + str(filters)
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(query: str, filters: dict[str, str]) -> str:
    \"\"\"Search the shop.\"\"\"
    return query + str(filters)
""",
)

UNION = Rule(
    code="CDT441",
    slug="ambiguous-union",
    severity="error",
    message="{what} may be `{first}` or `{second}`, and JSON does not tell which",
    docs="""A union's member is chosen by the kind of the JSON value: at most one member may be a
string there (`str`, `bytes`, dates, times, `UUID`, `Decimal`, enums), one an integer, one an array and
one an object. Several Structs are told apart by their tags: `class Cat(msgspec.Struct, tag=True)`.""",
    bad="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Cat:
    lives: int

@dataclass
class Dog:
    tricks: int

@app.post("/pets")
def add(pet: Cat | Dog):
    return {"cat": isinstance(pet, Cat)}
""",
    good="""\
import msgspec

from conduit import Conduit

app = Conduit()

class Cat(msgspec.Struct, tag=True):
    lives: int

class Dog(msgspec.Struct, tag=True):
    tricks: int

@app.post("/pets")
def add(pet: Cat | Dog):
    return {"cat": isinstance(pet, Cat)}
""",
)

CONSTRAINT = Rule(
    code="CDT442",
    slug="constraint-does-not-fit",
    severity="error",
    message="`{constraint}` cannot bound {what}, which is `{type}`",
    docs="""`Meta` bounds numbers (`ge gt le lt multiple_of` on `int` and `float`), lengths
(`min_length max_length` on `str`, `bytes` and collections), text (`pattern` on `str`) and zones (`tz`
on `datetime` and `time`). On a union the bound belongs to the member that it is about.""",
    bad="""\
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from conduit import Conduit

app = Conduit()

@dataclass
class Order:
    count: Annotated[int | None, Meta(ge=1)] = None

@app.post("/orders")
def create(order: Order):
    return {"count": order.count}
""",
    good="""\
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from conduit import Conduit

app = Conduit()

@dataclass
class Order:
    count: Annotated[int, Meta(ge=1)] | None = None

@app.post("/orders")
def create(order: Order):
    return {"count": order.count}
""",
)

ENUM_VALUES = Rule(
    code="CDT443",
    slug="enum-values",
    severity="error",
    message="the values of `{name}` must be all strings or all integers",
    docs="""An enum is read by value, from JSON or from text. msgspec reads enums of strings and enums
of integers.""",
    bad="""\
from enum import Enum

from conduit import Conduit

app = Conduit()

class Size(Enum):
    SMALL = 1.5
    LARGE = 3.0

@app.get("/shirts")
def shirts(size: Size):
    return {"size": size.name}
""",
    good="""\
from enum import Enum

from conduit import Conduit

app = Conduit()

class Size(Enum):
    SMALL = "small"
    LARGE = "large"

@app.get("/shirts")
def shirts(size: Size):
    return {"size": size.name}
""",
)

TUPLE_AND_BOUNDS = Rule(
    code="CDT444",
    slug="tuple-beside-bounds",
    severity="error",
    message="{what} may be a tuple of fixed length or something with bounds: msgspec cannot hold both",
    docs="""msgspec (0.22) crashes the process over a union of a tuple of fixed length and a member
with `Meta` bounds, so such a union is refused. Use a tuple of any length (`tuple[int, ...]`), a list or
a dataclass.""",
    bad="""\
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from conduit import Conduit

app = Conduit()

@dataclass
class Box:
    size: tuple[int, int] | Annotated[int, Meta(ge=1)]

@app.post("/boxes")
def add(box: Box):
    return {"cube": isinstance(box.size, int)}
""",
    good="""\
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from conduit import Conduit

app = Conduit()

@dataclass
class Box:
    size: list[int] | Annotated[int, Meta(ge=1)]

@app.post("/boxes")
def add(box: Box):
    return {"cube": isinstance(box.size, int)}
""",
)
