"""Filters: each facet picks what it says, terms narrow each other, and a wrong one is told."""

import pytest
from conduit.introspect import Codebase, QueryError
from conduit.introspect.filters import FACETS, KINDS, terms
from hypothesis import given, settings
from hypothesis import strategies as st

from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP
from tests.metadata.test_metadata import published

SHOP_CODE = Codebase(emit_metadata(SHOP).encode())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("kind:tool", {"search", "forecast"}),
        ("kind:provider", set()),
        ("kind:route method:DELETE", {"DELETE /items/{id:int}"}),
        ("method:delete", {"DELETE /items/{id:int}"}),
        ("method:PATCH", set()),
        ("kind:route middleware:auth", {"GET /items/{id:int}"}),
        ("middleware:app.auth method:GET", {"GET /items/{id:int}"}),
        ("middleware:uth", set()),
        ("tag:items", {"GET /items/{id:int}"}),
        ("name:Colour", {"Colour"}),
        ('name:"GET /"', {"GET /"}),
        ('"name:GET /"', {"GET /"}),
        ("file:tree.py kind:schema", {"Node", "Item"}),
        ("path:/items kind:route method:POST", {"POST /items"}),
        (
            "path:/items/*",
            {"GET /items/{id:int}", "GET /items/{slug}", "GET /items/new", "DELETE /items/{id:int}"},
        ),
        ("uses:schema.Colour kind:schema", {"Item"}),
        ("uses:app.load", {"get_item", "GET /row"}),
        ("used_by:tool:app.search", {"search"}),
        ("kind:route uses:schema.app.Item", {"GET /items/{id:int}", "POST /items"}),
        ("kind:function COLO", set()),
        ("create", {"create_item", "POST /items"}),
        ("create kind:route method:POST path:/items uses:create_item", {"POST /items"}),
    ],
)
def test_facets(text: str, names: set[str]) -> None:
    assert {row.name for row in SHOP_CODE.select(text)} == names


def test_rows_keep_their_order() -> None:
    rows = SHOP_CODE.store.rows
    assert SHOP_CODE.select() == rows and SHOP_CODE.select() is not rows
    picked = SHOP_CODE.select("kind:route method:GET")
    assert picked == [row for row in rows if row in picked] and len(picked) == 7


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("colour:red", "wrong", "no such filter: colour; there are kind, name"),
        ("kind:rout", "wrong", "no such kind: rout"),
        ('name:"GET /', "wrong", "not closed"),
        ("uses:Itm", "unknown", "'Itm'"),
        ("used_by:", "unknown", "''"),
    ],
)
def test_what_is_not_understood(text: str, code: str, said: str) -> None:
    with pytest.raises(QueryError) as refusal:
        SHOP_CODE.select(text)
    assert refusal.value.code == code and said in refusal.value.message
    if text in ("kind:rout", "uses:Itm"):
        assert refusal.value.candidates


def test_any_method_comes_along_with_each() -> None:
    text = emit_metadata(SHOP).replace(
        '"methods":{"provenance":"literal","value":["PURGE"]}',
        '"methods":{"provenance":"literal","value":["*"]}',
    )
    codebase = Codebase(text.encode())
    assert len(codebase.select("method:GET")) == 8
    assert [row.name for row in codebase.select("method:LINK")] == ["PURGE /cache"]
    numbers = [row.number for row in codebase.select("method:GET")]
    assert numbers == sorted(numbers)


def test_kinds_are_those_of_the_schema() -> None:
    assert list(KINDS) == published().schema["$defs"]["resource"]["properties"]["kind"]["enum"]
    assert all(FACETS.values())


@settings(deadline=None, database=None, derandomize=True)
@given(
    st.lists(st.text('ab :"', min_size=1).filter(lambda text: '"' not in text and text.strip()), max_size=4)
)
def test_quotes_keep_what_is_between_them(words: list[str]) -> None:
    assert list(terms(" ".join(f'"{word}"' for word in words))) == words
    assert list(terms("  ".join(f'x:"{word}"' for word in words))) == [f"x:{word}" for word in words]
    assert (
        list(terms(" a ".join(f'"{word}"' for word in words)))
        == [one for word in words for one in (word, "a")][: max(len(words) * 2 - 1, 0)]
    )


def test_words_around_quotes() -> None:
    assert list(terms('a b:"c d"e f  "g" h')) == ["a", "b:c de", "f", "g", "h"]
    assert list(terms('"a b" c d')) == ["a b", "c", "d"]
    assert list(terms('x y z "q"')) == ["x", "y", "z", "q"]
