"""Section "Handlers" of the language: what parameters take, in the ways that cost no C compiler."""

import json
from pathlib import Path

import pytest

from tests.service.ways import WAYS, answers, request

COLLECTIONS = """from enum import Enum, IntEnum
from typing import Annotated, Sequence

from msgspec import Meta

from conduit import Conduit

app = Conduit()


class Size(Enum):
    SMALL = 1
    LARGE = 2


class Number(IntEnum):
    ONE = 1


class Shade(Enum):
    DARK = "dark"


@app.get("/")
def enums(size: list[Size] = [], number: set[Number] = set(), shade: tuple[Shade, ...] = (),
          few: Annotated[Sequence[Size], Meta(max_length=1)] = []):
    values = [*size, *number, *shade, *few]
    return [type(one).__name__ for one in values], 200
"""

STARS = """from dataclasses import *
from typing import *

from conduit import *

app = Conduit()
group = Router(prefix="/x")


@dataclass
class Item:
    name: Optional[str] = None
    tags: List[str] = field(default_factory=list)


@group.post("/items")
def add(item: Item, page: Annotated[int, Query("p")] = 1) -> List[Item]:
    return [item] * page


app.include(group)
"""


@pytest.mark.parametrize("way", WAYS[:2])
def test_collections_of_enums_come_from_the_query(tmp_path: Path, way: str) -> None:
    requests = [
        request("GET", "/?size=1&size=2&number=1&shade=dark&few=2"),
        request("GET", "/?few=1&few=2"),
        request("GET", "/?size=3"),
    ]
    found = answers(way, {"app.py": COLLECTIONS}, requests, tmp_path)
    assert [answer[0] for answer in found] == [200, 422, 422]
    assert json.loads(found[0][2]) == ["Size", "Size", "Number", "Shade", "Size"]
    assert [fault["path"] for one in found[1:] for fault in json.loads(one[2])["errors"]] == [
        "few",
        "size[0]",
    ]


@pytest.mark.parametrize("way", WAYS[:2])
def test_modules_imported_whole(tmp_path: Path, way: str) -> None:
    found = answers(way, {"app.py": STARS}, [request("POST", "/x/items?p=2", '{"tags":["a"]}')], tmp_path)
    assert found[0][2] == '[{"name":null,"tags":["a"]},{"name":null,"tags":["a"]}]'


KEYWORDS = """import functools
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()


@dataclass
class Item:
    name: str


def sync(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def awaited(function):
    @functools.wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper


@app.post("/thread/{a}", blocking=True)
def thread(a: int, item: Item, *, q: int, request):
    return [a, item, q, request.method]


@app.post("/opaque/{a}")
@sync
def opaque(a: int, item: Item, *, q: int, request):
    return [a, item, q, request.method]


@app.post("/task/{a}")
@awaited
async def task(a: int, item: Item, *, q: int, request):
    return [a, item, q, request.method]


@app.post("/inline/{a}", timeout=5)
async def inline(a: int, item: Item, *, q: int, request):
    return [a, item, q, request.method]
"""


@pytest.mark.parametrize("way", WAYS)
def test_keyword_only_parameters_wherever_the_handler_runs(tmp_path: Path, way: str) -> None:
    asked = [
        request("POST", f"/{one}/1?q=2", '{"name":"n"}') for one in ("thread", "opaque", "task", "inline")
    ]
    found = answers(way, {"app.py": KEYWORDS}, asked, tmp_path)
    assert [answer[2] for answer in found] == ['[1,{"name":"n"},2,"POST"]'] * 4


UNSET = """from msgspec import UNSET, Struct, UnsetType

from conduit import Conduit

app = Conduit()


class Change(Struct):
    name: str | UnsetType = UNSET
    age: int | None | UnsetType = UNSET


@app.patch("/")
def change(change: Change) -> Change:
    return change
"""


@pytest.mark.parametrize("way", WAYS[:2])
def test_fields_that_may_be_left_out(tmp_path: Path, way: str) -> None:
    bodies = ["{}", '{"age":null}', '{"name":"n","age":3}']
    found = answers(way, {"app.py": UNSET}, [request("PATCH", "/", one) for one in bodies], tmp_path)
    assert [answer[2] for answer in found] == bodies
