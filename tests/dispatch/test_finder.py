"""The short cuts of the Python walker: whole paths, one int or another parameter at the end."""

import uuid
from typing import Any

import pytest

from tests.dispatch.reference import Case, Part, find
from tests.dispatch.tables import lowered, python_finders

#: Texts about which an int and what merely looks like one are told apart.
TEXTS = (
    "0",
    "7",
    "10",
    "00",
    "07",
    "-0",
    "-7",
    "-07",
    "--1",
    "-",
    "+1",
    "1_0",
    "1 ",
    " 1",
    "",
    "x",
    "0x1",
    "1.0",
    "9" * 17,
    "9" * 18,
    "9" * 19,
    "-" + "9" * 18,
    "-" + "9" * 19,
    "0" * 18,
    "\u0663",
    "\u00b2",
    "7\u0663",
    "1e3",
    "00000000-0000-4000-8000-000000000000",
    "a/b",
)

ENDS = (
    ("int",),
    ("str",),
    ("float",),
    ("uuid",),
    ("int", "str"),
    ("int", "uuid"),
    ("uuid", "int"),
    ("int", "uuid", "str"),
    ("uuid", "str"),
    ("float", "uuid", "str"),
)


def hits(table: list[Case], refine: list[Any] | None = None) -> Any:
    return python_finders(lowered(table), table)["GET"][0]


@pytest.mark.parametrize("head", ["/n", "", "/a/b", "/"])
@pytest.mark.parametrize("kinds", ENDS, ids="-".join)
def test_one_parameter_at_the_end(kinds: tuple[str, ...], head: str) -> None:
    static = tuple(Part("static", text) for text in head.split("/")[1:])
    table = [Case(("GET",), (*static, Part(kind))) for kind in kinds]
    find_path, find_segments = python_finders(lowered(table), table)["GET"]
    for text in TEXTS:
        path = f"{head}/{text}"
        expected = find(table, "GET", path.split("/")[1:])
        hit = find_path(path)
        assert repr(hit and (hit[0], hit[1:])) == repr(expected), path
        hit = find_segments([*head.split("/")[1:], text])
        expected = find(table, "GET", [*head.split("/")[1:], text])
        assert repr(hit and (hit[0], hit[1:])) == repr(expected), text


@pytest.mark.parametrize("path", ["7", "", "*", "7/", "n/7", "nn/7"])
def test_a_path_begins_with_a_slash(path: str) -> None:
    for kind in ("int", "str", "path"):
        assert hits([Case(("GET",), (Part(kind),))])(path) is None
        assert hits([Case(("GET",), (Part("static", "n"), Part(kind)))])(path) is None


@pytest.mark.parametrize("kinds", ENDS, ids="-".join)
@pytest.mark.parametrize("refused", [0, 1, 2])
def test_a_refused_value_tries_the_next(kinds: tuple[str, ...], refused: int) -> None:
    def refuses(values: tuple[Any, ...]) -> bool:
        return values[0] in (7, "7", 7.0, uuid.UUID("00000000-0000-4000-8000-000000000000"))

    table = [
        Case(("GET",), (Part("static", "n"), Part(kind)), refuses if place == refused else None)
        for place, kind in enumerate(kinds)
    ]
    find_path = hits(table)
    for text in TEXTS:
        expected = find(table, "GET", ["n", *text.split("/")])
        hit = find_path(f"/n/{text}")
        assert repr(hit and (hit[0], hit[1:])) == repr(expected), text


@pytest.mark.parametrize("off", [0, 1])
def test_a_route_that_is_off_leaves_its_place_to_the_next(off: int) -> None:
    table = [Case(("GET",), (Part("static", "n"), Part(kind))) for kind in ("int", "str")]
    module: dict[str, Any] = {}
    from conduitc.codegen.dispatch_python import emit_python

    exec(emit_python(lowered(table), ["", ""]), module)
    entries = ["int", "str"]
    entries[off] = None  # type: ignore[call-overload]
    find_path = module["finders"](entries, [None, None])["GET"][0]
    assert find_path("/n/7") == (("str", "7") if off == 0 else ("int", 7))
    assert find_path("/n/-7") == (("str", "-7") if off == 0 else ("int", -7))
    assert find_path("/n/x") == (("str", "x") if off == 0 else None)
