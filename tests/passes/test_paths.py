"""Converters and annotations agree; every converter is settled."""

import pytest

from conduitc import passes
from conduitc.ir import types as t
from conduitc.ir.nodes import Dynamic
from conduitc.passes import paths
from tests.passes.build import FLOAT, INT, STR, UUID, app, enum, route

SIZE = enum("Size", "s", "l")
BOUNDED = t.Constrained(INT, (("ge", 1),))


@pytest.mark.parametrize(
    ("type_", "converter"),
    [
        (None, "str"),
        (INT, "int"),
        (FLOAT, "float"),
        (UUID, "uuid"),
        (STR, "str"),
        (t.UnionOf((INT, t.NONE)), "int"),
        (BOUNDED, "int"),
        (t.UnionOf((BOUNDED, t.NONE)), "int"),
        (t.Scalar("date"), "str"),
        (t.Scalar("bool"), "str"),
        (t.Scalar("decimal"), "str"),
        (t.LiteralOf((1, 2)), "str"),
        (t.Ref(SIZE.id), "str"),
        (t.UnionOf((INT, STR)), "str"),
    ],
)
def test_the_annotation_gives_the_converter(type_: t.Type | None, converter: str) -> None:
    settled, _ = paths.run(app(route("GET /a/{v}", v=type_), schemas=(SIZE,)))
    assert settled.routes[0].path.segments[1].converter == converter  # type: ignore[union-attr]
    assert all(one.converter for one in settled.routes[0].path.segments if isinstance(one, Dynamic))


@pytest.mark.parametrize(
    ("path", "type_", "agrees"),
    [
        ("{v:int}", INT, True),
        ("{v:int}", None, True),
        ("{v:int}", BOUNDED, True),
        ("{v:int}", t.Ref(SIZE.id), True),
        ("{v:int}", t.LiteralOf((1, 2)), True),
        ("{v:int}", t.LiteralOf(("a",)), False),
        ("{v:int}", STR, False),
        ("{v:int}", FLOAT, False),
        ("{v:float}", INT, False),
        ("{v:str}", INT, False),
        ("{v:str}", UUID, False),
        ("{v:str}", STR, True),
        ("{v:str}", t.Scalar("date"), True),
        ("{v:uuid}", UUID, True),
        ("{v:uuid}", STR, False),
        ("{v:path}", STR, True),
        ("{v:path}", t.LiteralOf(("a/b",)), True),
        ("{v:path}", INT, False),
        ("{v:int}", t.ANY, True),
    ],
)
def test_path_and_annotation(path: str, type_: t.Type | None, agrees: bool) -> None:
    _, found = paths.run(app(route(f"GET /a/{path}", v=type_), schemas=(SIZE,)))
    assert [one.rule.code for one in found] == ([] if agrees else ["CDT233"])


def test_text_is_spelled_out() -> None:
    settled, _ = paths.run(app(route("GET /a/:one/{two:str}/*rest", one=INT, two=STR, rest=STR)))
    assert settled.routes[0].path.text == "/a/{one:int}/{two}/{rest:path}"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/a/{x}/b/{x}", "CDT230"),
        ("/a/{x:path}/b", "CDT231"),
        ("/a/{x:number}", "CDT232"),
        ("/a/{x}.json", "CDT234"),
        ("/a/<x>", "CDT235"),
        ("/a/<int:x>", "CDT235"),
        ("/a/[x]", "CDT235"),
        ("/a/$x", "CDT235"),
    ],
)
def test_faults(path: str, code: str) -> None:
    _, found = paths.run(app(route(f"GET {path}", x=None)))
    assert [one.rule.code for one in found] == [code]


@pytest.mark.parametrize("path", ["/a/$ref", "/items:batch", "/a/[all]", "/a/b.c", "/a//b", "/~x"])
def test_plain_text_stays_plain(path: str) -> None:
    assert paths.run(app(route(f"GET {path}", request=None)))[1] == ()


def test_every_template_is_settled_before_it_is_verified() -> None:
    settled, _ = passes.run(app(route("GET /a/{x:nonsense}", x=None)))
    assert settled.routes[0].path.text == "/a/{x}"
