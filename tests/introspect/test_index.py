"""metadata.idx: what it holds, and that a missing, stale or damaged one never shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import index
from conduit.introspect.index import MetadataError
from conduit.introspect.store import Store, load, locate
from msgspec.structs import replace

from conduitc.codegen.metadata import emit_metadata
from conduitc.ir.nodes import RouteOptions
from tests.metadata.apps import SHOP, app, function, route

METADATA = emit_metadata(SHOP).encode()
INDEX = index.build(METADATA)


def shown(store: Store) -> list[Any]:
    return [[getattr(row, name) for name in row.__slots__ if name != "place"] for row in store.rows]


def test_rows_say_what_the_metadata_says() -> None:
    store = Store(METADATA, INDEX)
    document = json.loads(METADATA)
    assert [store.body(row) for row in store.rows] == document["resources"]
    assert [(row.id, row.kind, row.name, row.file, row.line) for row in store.rows] == [
        (one["id"], one["kind"], one["name"], one["span"]["file"], one["span"]["line"])
        for one in document["resources"]
    ]
    (row,) = store.find("route:app.get_item#GET /items/{id:int}")
    assert (row.methods, row.pattern, row.handler) == (["GET"], "/items/{id:int}", "function:app.get_item")
    assert row.tags == ["items", "shop"]
    assert row.middleware == ["middleware:starlette.middleware.gzip.GZipMiddleware", "middleware:app.auth"]
    assert store.unresolved() == document["unresolved"]
    assert store.about.unresolved == 4
    assert store.about.edges == len(document["edges"])


def test_every_body_has_its_place() -> None:
    assert all(row.place[1] for row in Store(METADATA, INDEX).rows)


def test_no_index_and_any_layout_give_the_same() -> None:
    expected = Store(METADATA, INDEX)
    assert shown(Store(METADATA)) == shown(expected)
    pretty = json.dumps(json.loads(METADATA), indent=2).encode()
    other = Store(pretty, INDEX)
    assert shown(other) == shown(expected)
    assert [other.body(row) for row in other.rows] == [expected.body(row) for row in expected.rows]


def test_stale_and_damaged_indexes_are_not_believed() -> None:
    assert index.read(INDEX, METADATA) is not None
    assert index.read(INDEX, METADATA.replace(b"get_item", b"got_item")) is None
    assert index.read(INDEX, METADATA + b"\n") is None
    assert index.read(b"", METADATA) is None
    assert index.read(b"conduit-index 2" + INDEX[15:], METADATA) is None
    for position in range(0, len(INDEX), 37):
        damaged = INDEX[:position] + bytes([INDEX[position] ^ 4]) + INDEX[position + 1 :]
        assert index.read(damaged, METADATA) is None
        assert index.read(INDEX[:position], METADATA) is None
    assert shown(Store(METADATA, INDEX[:100])) == shown(Store(METADATA))


def test_odd_names_survive() -> None:
    odd = "a\tb\nc\\t\\\\s\x1fd\r\u2028ü"
    made = route("GET", "/x", "h", 1, options=RouteOptions(tags=(odd, "")))
    metadata = emit_metadata(app(routes=(made,), functions=(function("h", 1),))).encode()
    store = Store(metadata, index.build(metadata))
    (row,) = store.find("/x")
    assert row.tags == [odd, ""]


def test_building_is_deterministic() -> None:
    assert index.build(METADATA) == INDEX
    assert index.build(emit_metadata(replace(SHOP, routes=SHOP.routes[::-1])).encode()) == INDEX


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema": "2.0.0"}',
        b'{"schema": "1.0.0"}',
        METADATA.replace(b'"resources":[', b'"resources":[1,'),
        METADATA.replace(b'"resources":[', b'"resources":[{},'),
        METADATA.replace(b'"resources":[', b'"resources":[{"kind":"route","id":1,"name":2,"span":[]},'),
        METADATA.replace(b'"edges":[', b'"edges":{},"x":['),
    ],
)
def test_what_is_no_metadata_is_refused_in_one_line(text: bytes) -> None:
    with pytest.raises(MetadataError) as refusal:
        Store(text)
    assert "\n" not in str(refusal.value)


def test_files(tmp_path: Path) -> None:
    assert locate(str(tmp_path)) is None
    path = tmp_path / "metadata.json"
    path.write_bytes(METADATA)
    assert locate(str(tmp_path)) == locate(str(path)) == str(path)
    expected = shown(load(str(path)))
    (tmp_path / "metadata.idx").write_bytes(INDEX)
    assert shown(load(str(path))) == expected
    (tmp_path / "metadata.idx").write_bytes(b"nonsense")
    assert shown(load(str(path))) == expected
    assert (tmp_path / "metadata.idx").read_bytes() == b"nonsense"
    assert locate(str(tmp_path / "app.py")) is None


def test_find() -> None:
    store = Store(METADATA, INDEX)

    def ids(name: str) -> list[str]:
        return [row.id for row in store.find(name)]

    assert ids("get_item") == ids("app.get_item") == ids("function:app.get_item") == ["function:app.get_item"]
    assert ids("Item") == ["schema:app.Item", "schema:tree.Item"]
    assert ids("/items/{id:int}") == [
        "route:app.get_item#GET /items/{id:int}",
        "route:app.remove#DELETE /items/{id:int}",
    ]
    assert ids("GET /items/{id:int}") == ["route:app.get_item#GET /items/{id:int}"]
    assert ids("nothing") == []
    assert store.suggest("getitem")[0] == "get_item"
    assert store.suggest("COLOR")[0] == "Colour"
    assert store.suggest("%%%%") == []
