"""Programs that random edits begin with: {path: text}. Small, and full of what modules do to each other."""

from pathlib import Path

Program = dict[str, str]
EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name: str) -> Program:
    """One of the examples, tests included."""
    root = EXAMPLES / name
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}


CONDUIT: Program = {
    "app.py": '''\
"""The shop's app."""

import shared
from conduit import Conduit, Request

from items import items
from pkg.inner import inner
from users import describe, users

VERSION = 3
app = Conduit(title="Shop", version="1.0.0")
app.include(users, prefix="/api")
app.include(items, prefix=shared.PREFIX + "/items")
app.include(inner)
shared.TAGS.append("late")


@app.get("/version")
def version():
    return {"version": VERSION, "name": shared.NAME}


@app.get("/hello/{name}")
def hello(name: str, request: Request) -> dict:
    return {"hello": describe(name), "from": request.headers.get("origin")}
''',
    "shared.py": '''\
"""What all modules use."""

from typing import Annotated

from msgspec import Meta

PREFIX = "/v1"
NAME = "shop"
LIMIT = 100
TAGS = ["one", "two"]
SIZES = (1, 2, 3)
Count = Annotated[int, Meta(ge=1, le=LIMIT)]
counter = 0


def count() -> int:
    global counter
    counter += 1
    return counter


def label(text: str, upper: bool = False) -> str:
    """The text as it is shown."""
    if upper:
        return text.upper()
    return text.strip()
''',
    "models.py": '''\
from dataclasses import dataclass, field
from enum import Enum


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Base:
    """Whatever has a name."""

    name: str

    def title(self) -> str:
        return self.name.title()


@dataclass
class User(Base):
    age: int = 0
    tags: list[str] = field(default_factory=list)

    def adult(self) -> bool:
        # eighteen, wherever they live
        return self.age >= 18
''',
    "users.py": '''\
from conduit import HTTPError, Router

from models import Colour, User
from shared import Count, LIMIT, count, label

users = Router(prefix="/users", tags=["people"])
USERS: dict[int, User] = {}


def describe(name: str) -> str:
    return label(name, upper=True)


def find(id: int) -> User:
    user = USERS.get(id)
    if user is None:
        raise HTTPError(404, "no such user")
    return user


@users.get("/")
def list_users(limit: Count = 20, colour: Colour = Colour.RED) -> list[User]:
    """The first users."""
    return list(USERS.values())[:limit]


@users.get("/{id:int}")
def get_user(id: int) -> User:
    return find(id)


@users.get("/limit")
def limit():
    return {"limit": LIMIT}


@users.post("/", status=201)
async def add_user(user: User) -> User:
    number = count()
    USERS[number] = user
    return user
''',
    "items.py": """\
from dataclasses import dataclass

from conduit import Router
from models import Base
from shared import SIZES, TAGS

items = Router()


@dataclass
class Item(Base):
    price: float = 0.0
    size: int = SIZES[0]

    def title(self) -> str:
        total = 0.0
        for one in (self.price, 1.5):
            total += one
        return f"{self.name}: {total}"


def shown(item: Base, tags: list = TAGS) -> str:
    return item.title()


@items.get("/sizes")
def sizes():
    return {"sizes": SIZES}


@items.post("/")
def add(item: Item) -> str:
    return shown(item)
""",
    "pkg/__init__.py": '"""A package."""\n\nDEPTH = 2\n',
    "pkg/inner.py": """\
import time

from conduit import Router

import pkg
from pkg import other

inner = Router(prefix="/inner")


@inner.get("/depth")
def depth():
    return {"depth": pkg.DEPTH}


@inner.get("/slow")
def slow(seconds: float = 0.1) -> dict:
    time.sleep(seconds)
    return {"other": other.value()}
""",
    "pkg/other.py": """\
import shared


def value() -> int:
    return shared.LIMIT + 1
""",
}

FASTAPI: Program = {
    "main.py": '''\
"""Notes."""

from fastapi import FastAPI

from routers import notes, people
from settings import PREFIX

app = FastAPI(title="Notes")
app.include_router(notes.router, prefix=PREFIX)
app.include_router(people.router)


@app.get("/health")
def health():
    return {"ok": True}
''',
    "settings.py": """\
import os

PREFIX = "/v1"
DEBUG = os.environ.get("DEBUG", "0")
NAMES = ["one", "two"]
""",
    "schemas.py": '''\
from pydantic import BaseModel, Field


class Note(BaseModel):
    """What is noted."""

    title: str = Field(max_length=80)
    text: str = ""
    stars: int = 0
''',
    "deps.py": """\
from fastapi import Depends, Header


def token(authorization: str = Header("")) -> str:
    return authorization


def current_user(given: str = Depends(token)) -> str:
    return given
""",
    "routers/__init__.py": "",
    "routers/notes.py": '''\
from fastapi import APIRouter, Depends

from deps import current_user
from schemas import Note
from settings import NAMES

router = APIRouter(prefix="/notes", tags=["notes"])


@router.get("/")
def list_notes(limit: int = 10, user: str = Depends(current_user)) -> list[Note]:
    """All notes."""
    return []


@router.post("/")
async def add_note(note: Note, user: str = Depends(current_user)) -> Note:
    return note


for name in NAMES:
    router.add_api_route(f"/kind/{name}", list_notes, methods=["GET"])
''',
    "routers/people.py": """\
from fastapi import APIRouter

router = APIRouter()


def register(group: APIRouter) -> None:
    @group.get("/people/{id}")
    def person(id: int) -> dict:
        return {"id": id}


register(router)
""",
}
