"""metadata.idx: what it holds, and that a missing, stale or damaged one never shows."""

import json
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import MetadataError, index, indexing
from conduit.introspect.store import Store, locate, read_files
from msgspec.structs import replace

from conduitc.codegen.metadata import emit_metadata
from conduitc.ir.nodes import RouteOptions
from tests.metadata.apps import SHOP, app, function, route

METADATA = emit_metadata(SHOP).encode()
INDEX = indexing.build(METADATA)


def shown(store: Store) -> list[Any]:
    return [[getattr(row, name) for name in row.__slots__ if name != "number"] for row in store.rows]


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
    assert store.about.unresolved == 4
    assert store.about.edges == len(document["edges"])


def test_every_body_has_its_place() -> None:
    assert all(Store(METADATA, INDEX).column("length"))


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
    assert index.read(b"conduit-index 1" + INDEX[15:], METADATA) is None
    for position in range(0, len(INDEX), 37):
        damaged = INDEX[:position] + bytes([INDEX[position] ^ 4]) + INDEX[position + 1 :]
        assert index.read(damaged, METADATA) is None
        assert index.read(INDEX[:position], METADATA) is None
    assert shown(Store(METADATA, INDEX[:100])) == shown(Store(METADATA))


def test_odd_names_survive() -> None:
    odd = "a\tb\nc\\t\\\\s\x1fd\r\u2028ü"
    made = route("GET", "/x", "h", 1, options=RouteOptions(tags=(odd, "")))
    metadata = emit_metadata(app(routes=(made,), functions=(function("h", 1),))).encode()
    store = Store(metadata, indexing.build(metadata))
    (row,) = store.find("/x")
    assert row.tags == [odd, ""]


def test_building_is_deterministic() -> None:
    assert indexing.build(METADATA) == INDEX
    assert indexing.build(emit_metadata(replace(SHOP, routes=SHOP.routes[::-1])).encode()) == INDEX


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"<html>", "not JSON"),
        (b"[]", "names no schema"),
        (b"null", "names no schema"),
        (b'{"openapi": "3.1.0"}', "names no schema"),
        (b'{"schema": "2.0.0"}', "'2.0.0', newer than this conduitc reads: use a newer one"),
        (b'{"schema": "0.9.0"}', "'0.9.0', too old: build again"),
        (b'{"schema": "draft"}', "too old: build again"),
        (b'{"schema": "1.0.0"}', "'app' is missing"),
        (METADATA[:-2], "cut off; build again"),
        (METADATA[:5000], "cut off; build again"),
        (METADATA[:20], "cut off; build again"),
        (METADATA.replace(b'"resources":[', b'"resources":[1,'), "lacks what each of them has"),
        (METADATA.replace(b'"resources":[', b'"resources":[{},'), "lacks what each of them has"),
        (
            METADATA.replace(b'"resources":[', b'"resources":[{"kind":"route","id":1,"name":2,"span":[]},'),
            "lacks what each of them has",
        ),
        (METADATA.replace(b'"edges":[', b'"edges":{},"x":['), "'edges' is missing or no list"),
        (METADATA.replace(b'"edges":[', b'"edges":[{"from":1},'), "lacks what each of them has"),
    ],
)
def test_what_is_no_metadata_is_refused_in_one_line(text: bytes, why: str) -> None:
    with pytest.raises(MetadataError) as refusal:
        Store(text)
    assert why in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_later_minor_version_is_read() -> None:
    later = METADATA.replace(b'{"schema":"1.0.0"', b'{"schema":"1.7.0","more":{}', 1)
    assert shown(Store(later)) == shown(Store(METADATA))


def test_files(tmp_path: Path) -> None:
    assert locate(str(tmp_path)) is None
    path = tmp_path / "metadata.json"
    path.write_bytes(METADATA)
    assert locate(str(tmp_path)) == locate(str(path)) == str(path)
    expected = shown(Store(*read_files(str(path))))
    (tmp_path / "metadata.idx").write_bytes(INDEX)
    assert shown(Store(*read_files(str(path)))) == expected
    (tmp_path / "metadata.idx").write_bytes(b"nonsense")
    assert shown(Store(*read_files(str(path)))) == expected
    assert (tmp_path / "metadata.idx").read_bytes() == b"nonsense"
    assert shown(Store(*read_files(str(tmp_path)))) == expected
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
    assert ids("schema.Node") == ids("Node") == ids("schema.tree.Node") == ["schema:tree.Node"]
    assert ids("PUT /tree") == ids("POST /tree") == ids("POST,PUT /tree") == ["route:app.tree#POST,PUT /tree"]
    assert ids("nothing") == []
    assert store.suggest("getitem")[0] == "get_item"
    assert store.suggest("COLOR")[0] == "Colour"
    assert store.suggest("%%%%") == []
    assert store.suggest("item", "schema")[0] == "Item"
