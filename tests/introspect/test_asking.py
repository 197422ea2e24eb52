"""Questions in words: what kind of answer comes first, what it says, and that no text breaks it."""

import ast
import json
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import Codebase, QueryError, indexing
from conduit.introspect.asking import ECHOED
from conduit.introspect.patterns import CATEGORIES
from conduit.introspect.rules import rules_of
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from tests.introspect.conventions import AUTH, CONVENTIONS, ERROR, TEST

LIBRARY = '''\
"""A library: books, and who has borrowed them."""
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

app = FastAPI(title="Library")
books = APIRouter(prefix="/books", tags=["books"])


class Book(BaseModel):
    """Something to read."""
    isbn: str = Field(max_length=13)
    price: float = Field(ge=0)
    pages: int | None = None


class Reader(BaseModel):
    email: str


def get_shelf():
    """Where books stand."""
    return {}


def somebody(token=Depends(HTTPBearer())) -> Reader:
    """The reader at the desk."""
    return Reader(email="a")


@app.middleware("http")
async def stopwatch(request, call_next):
    """Measures how long every request takes."""
    return await call_next(request)


@books.post("", status_code=201)
def donate(book: Book, shelf=Depends(get_shelf)) -> Book:
    """Puts a book on the shelf."""
    return book


@books.get("/{isbn}")
def find_book(isbn: str, verbose: bool = False) -> Book:
    raise HTTPException(404)


@app.delete("/books/{isbn}", status_code=204)
def burn(isbn: str, who: Reader = Depends(somebody)) -> None:
    """Removes a book for good."""


app.include_router(books)
'''


@cache
def metadata(folder: Path, conventional: bool) -> bytes:
    (folder / "library.py").write_text(LIBRARY)
    found = analyse(folder / "library.py")
    assert found.app is not None
    return emit_metadata(found.app, found.diagnostics, CONVENTIONS if conventional else ()).encode()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library")


@pytest.fixture
def library(folder: Path) -> Codebase:
    return Codebase(metadata(folder, True))


@pytest.fixture
def bare(folder: Path) -> Codebase:
    return Codebase(metadata(folder, False))


def ids(codebase: Codebase, question: str, limit: int = 5) -> list[str]:
    return [one["id"] for one in codebase.answer("how_do_i", text=question, limit=limit)["answers"]]


# -- what comes first ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how do I add an authenticated endpoint", AUTH.id),
        ("What is the convention for signed-in users?", AUTH.id),
        ("how do I return a 404", ERROR.id),
        ("how do I test an endpoint", TEST.id),
        ("which schema has an email", "schema:library.Reader"),
        ("what validates the price", "schema:library.Book"),
        ("which middleware measures time", "middleware:library.stopwatch"),
        ("what handles DELETE /books/123", "route:library.burn#DELETE /books/{isbn}"),
        ("who answers GET /books/{isbn}", "route:library.find_book#GET /books/{isbn}"),
        ("where do books get removed", "route:library.burn#DELETE /books/{isbn}"),
        ("find_book", "route:library.find_book#GET /books/{isbn}"),
        ("which provider gives the shelf", "provider:library.get_shelf"),
        ("how do I take websocket connections", "rule:fastapi/socket"),
    ],
)
def test_the_first_answer(library: Codebase, question: str, first: str) -> None:
    assert ids(library, question)[0] == first


def test_conventions_come_before_rules_and_rules_before_nothing(library: Codebase, bare: Codebase) -> None:
    question = "how do I add an authenticated endpoint"
    with_them, without = (one.how_do_i(question)["answers"] for one in (library, bare))
    (rule,) = [one for one in without if one["id"] == "rule:fastapi/auth"]
    assert "no convention yet (auth)" in rule["why"]
    assert rule["confidence"] <= 0.5 < with_them[0]["confidence"]
    assert all(one["kind"] != "pattern" for one in without)
    # who asks a framework's security is a guard, whatever it is called
    assert "provider:library.somebody" in [one["id"] for one in without]


def test_what_is_not_known_is_said_with_little_confidence(library: Codebase, bare: Codebase) -> None:
    for codebase in (library, bare):
        (only,) = codebase.how_do_i("quantum teleporter")["answers"]
        assert only["confidence"] < 0.1 and only["example"]["text"]


def test_a_rejected_way_is_not_suggested_and_a_curated_one_first(folder: Path) -> None:
    metadata(folder, False)
    found = analyse(folder / "library.py")
    assert found.app is not None
    doubtful = replace(AUTH, confidence=0.1, state="curated")
    other = replace(
        AUTH, id="pattern:auth/000000000000", template="{name}=Depends(get_user)", name="handlers take a user"
    )
    codebase = Codebase(emit_metadata(found.app, (), (doubtful, other)).encode())
    first, second = codebase.how_do_i("how do I authenticate a user", 2)["answers"]
    assert {first["id"], second["id"]} == {doubtful.id, other.id}
    curated = first if first["id"] == doubtful.id else second
    assert curated["confidence"] >= 0.5 and "accepted by a person" in curated["why"]


# -- what an answer says -------------------------------------------------------------------------------------


def test_every_answer_has_what_is_promised(library: Codebase) -> None:
    for question in ("how do I add an endpoint", "where is a book donated", "which schema has pages"):
        answer = library.how_do_i(question)
        assert set(answer) == {"question", "answers", "complete"} and answer["complete"] is True
        assert 1 <= len(answer["answers"]) <= 5
        given = [one["confidence"] for one in answer["answers"]]
        assert given == sorted(given, reverse=True) and all(0 <= one <= 1 for one in given)
        assert len({one["id"] for one in answer["answers"]}) == len(given)
        for one in answer["answers"]:
            assert list(one) == ["kind", "id", "title", "span", "why", "example", "confidence"]
            assert one["title"] and one["why"] and one["example"]["text"]
            assert set(one["example"]) == {"text", "span"}
        assert json.loads(json.dumps(answer)) == answer


def example(codebase: Codebase, question: str, id_: str) -> str:
    answers = codebase.how_do_i(question, 10)["answers"]
    return str(next(one["example"]["text"] for one in answers if one["id"] == id_))


def test_declarations_are_rebuilt(library: Codebase) -> None:
    for question, id_, text in (
        (
            "where is a book donated",
            "route:library.donate#POST /books",
            "@books.post(..., status_code=201)  # POST /books\n"
            "def donate(book: Book, shelf=Depends(get_shelf)) -> Book: ...",
        ),
        (
            "burn a book",
            "route:library.burn#DELETE /books/{isbn}",
            '@app.delete("/books/{isbn}", status_code=204)\n'
            "def burn(isbn: str, who: Reader = Depends(somebody)) -> None: ...",
        ),
        (
            "which schema has an isbn",
            "schema:library.Book",
            "class Book(BaseModel):\n    isbn: str = Field(max_length=13)\n    price: float = Field(ge=0)\n"
            "    pages: int | None = None",
        ),
        (
            "get_shelf",
            "provider:library.get_shelf",
            "def get_shelf(): ...\nvalue = Depends(get_shelf)",
        ),
        (
            "find_book",
            "function:library.find_book",
            "@books.get(...)  # GET /books/{isbn}\n"
            "def find_book(isbn: str, verbose: bool = ...) -> Book: ...",
        ),
    ):
        assert example(library, question, id_) == text


def test_every_rebuilt_declaration_is_python(library: Codebase) -> None:
    from conduit.introspect.examples import example as rebuilt

    for row in library.store.rows:
        text = rebuilt(library.store, row)
        parsed = text if "class " in text or "def " in text else text.replace("\n", "; ")
        if text.startswith("@") and "def " not in text:
            parsed = f"{text}\ndef f(): ..."
        ast.parse(parsed)


def test_a_stripped_build_is_asked_without_places(folder: Path) -> None:
    metadata(folder, False)
    found = analyse(folder / "library.py")
    assert found.app is not None
    codebase = Codebase(emit_metadata(found.app, (), CONVENTIONS, stripped=True).encode())
    for one in codebase.how_do_i("how do I donate a book with a token", 10)["answers"]:
        assert one["span"] is None and one["example"]["span"] is None


@pytest.mark.parametrize("dialect", ["conduit", "fastapi", "starlette", "flask"])
def test_rules_can_be_copied(dialect: str) -> None:
    rules = rules_of(dialect)
    assert len({one.id for one in rules}) == len(rules) >= 14
    assert {one.category for one in rules} <= set(CATEGORIES)
    for one in rules:
        inner = f"async def f():\n{textwrap.indent(one.example, '    ')}"
        ast.parse(
            inner
            if one.example.startswith(("return", "async with", "data = await", "transport"))
            else one.example
        )
    assert rules_of("cobol") == []


# -- any text ------------------------------------------------------------------------------------------------

ODD = (
    *("how", "do", "i", "where", "which", "what", "add", "delete", "/books/7", "GET", "404", "schema"),
    *("user_id", "'", '"', "`", "\x00", "é", "本"),
)
QUESTIONS = st.text(max_size=300) | st.lists(st.sampled_from(ODD)).map(" ".join)


@pytest.fixture(scope="session")
def kept(folder: Path) -> Codebase:
    return Codebase(metadata(folder, True))


@given(text=QUESTIONS, limit=st.integers(0, 12))
def test_no_text_breaks_it(kept: Codebase, text: str, limit: int) -> None:
    answer = kept.how_do_i(text, limit)
    assert len(answer["answers"]) <= limit and len(answer["question"]) <= ECHOED
    if limit:
        assert answer["answers"]
    for one in answer["answers"]:
        assert 0 <= one["confidence"] <= 1


def test_very_long_questions(library: Codebase) -> None:
    answer = library.how_do_i("where is the book " * 10_000)
    assert len(answer["question"]) == ECHOED and answer["answers"][0]["id"].startswith(
        ("schema", "route", "fun")
    )
    assert library.how_do_i("/" * 5_000)["answers"]
    assert library.how_do_i("x" * 5_000)["answers"]


def test_wrong_arguments(library: Codebase) -> None:
    for arguments in ({}, {"text": ""}, {"text": 7}, {"text": "x", "limit": "5"}, {"text": "x", "limit": -1}):
        with pytest.raises(QueryError):
            library.answer("how_do_i", **arguments)


def test_an_app_with_nothing_in_it() -> None:
    about: dict[str, Any] = {"title": "", "version": "", "module": "a", "variable": "", "entry": "a.py"}
    empty = {"resources": [], "edges": [], "patterns": [], "diagnostics": [], "unresolved": []}
    document = {"schema": "1.0.0", "app": {**about, "dialect": "cobol"}, **empty}
    assert Codebase(json.dumps(document).encode()).how_do_i("anything")["answers"] == []
    document["app"]["dialect"] = "flask"  # type: ignore[index]
    assert Codebase(json.dumps(document).encode()).how_do_i("anything")["answers"][0]["kind"] == "rule"


def test_an_index_changes_nothing(folder: Path) -> None:
    text = metadata(folder, True)
    with_it, without = Codebase(text, indexing.build(text)), Codebase(text)
    for question in ("how do I add a book", "which route removes books", "email"):
        assert with_it.how_do_i(question) == without.how_do_i(question)
