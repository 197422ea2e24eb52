"""The rules of binding, in the language's order."""

import pytest
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic
from conduitc.ir import types as t
from conduitc.ir.nodes import App, Binding, Constant, Parameter
from conduitc.passes import bind, paths
from tests.passes.build import FLOAT, INT, STR, app, dataclass, enum, parameter, route

ITEM, COLOR = dataclass("Item"), enum("Color", "red")
BODY, RED = t.Ref(ITEM.id), t.Ref(COLOR.id)
REQUEST = t.External("conduit.Request")
ONE = Constant(1, "1")


def run(path: str, *extra: Parameter, **types: t.Type | None) -> tuple[App, tuple[Diagnostic, ...]]:
    settled, _ = paths.run(app(route(path, *extra, **types), schemas=(ITEM, COLOR)))
    return bind.run(settled)


def bound(path: str, *extra: Parameter, **types: t.Type | None) -> dict[str, Binding]:
    bound_, found = run(path, *extra, **types)
    assert found == (), [one.message for one in found]
    return {one.parameter: one for one in bound_.routes[0].bindings or ()}


def codes(path: str, *extra: Parameter, **types: t.Type | None) -> list[str]:
    return [one.rule.code for one in run(path, *extra, **types)[1]]


@pytest.mark.parametrize(
    ("method", "type_", "source"),
    [
        ("GET", INT, "query"),
        ("GET", RED, "query"),
        ("GET", t.LiteralOf(("a",)), "query"),
        ("GET", t.Scalar("date"), "query"),
        ("GET", t.Scalar("decimal"), "query"),
        ("GET", t.UnionOf((INT, t.NONE)), "query"),
        ("GET", t.ArrayOf("list", RED), "query"),
        ("GET", t.ArrayOf("set", INT), "query"),
        ("GET", t.UnionOf((t.ArrayOf("list", INT), t.NONE)), "query"),
        ("GET", t.Constrained(INT, (("ge", 1),)), "query"),
        ("GET", REQUEST, "request"),
        ("GET", t.External("conduit.HTTPRequest"), "request"),
        ("POST", BODY, "body"),
        ("POST", t.ArrayOf("list", BODY), "body"),
        ("POST", t.UnionOf((BODY, t.NONE)), "body"),
        ("POST", t.DictOf(STR, INT), "body"),
        ("POST", t.BARE_DICT, "body"),
        ("*", BODY, "body"),
        ("POST", t.Constrained(t.ArrayOf("list", BODY), (("min_length", 1),)), "body"),
    ],
)
def test_places(method: str, type_: t.Type, source: str) -> None:
    assert bound(f"{method} /", x=type_)["x"].source == source


def test_path_comes_before_everything() -> None:
    assert bound("GET /{request}", request=None)["request"].source == "path"
    marked = parameter("id", INT, 1, marker="Query")
    assert bound("GET /{id}", marked)["id"].source == "path"


def test_request_by_name() -> None:
    one = bound("GET /", request=None)["request"]
    assert (one.source, one.type, one.required) == ("request", REQUEST, True)


@pytest.mark.parametrize(
    ("marker", "given", "source", "key"),
    [
        ("Query", None, "query", "x_trace"),
        ("Query", "t", "query", "t"),
        ("Header", None, "header", "x-trace"),
        ("Header", "X-Other", "header", "x-other"),
        ("Cookie", None, "cookie", "x_trace"),
        ("Body", None, "body", "x_trace"),
    ],
)
def test_markers(marker: str, given: str | None, source: str, key: str) -> None:
    one = bound("GET /", parameter("x_trace", STR, 1, marker=marker, marker_name=given))["x_trace"]
    assert (one.source, one.key) == (source, key)


@pytest.mark.parametrize("marker", ["Form", "File", "Depends"])
def test_places_of_later_versions(marker: str) -> None:
    assert codes("POST /", parameter("x", STR, 1, marker=marker)) == ["CDT346"]


def test_defaults_and_optionals() -> None:
    some = bound(
        "POST /",
        parameter("a", INT, 1, default=ONE),
        parameter("b", t.UnionOf((INT, t.NONE)), 2),
        parameter("c", t.UnionOf((BODY, t.NONE)), 3),
        parameter("d", INT, 4, kind="keyword_only"),
    )
    assert {name: one.required for name, one in some.items()} == {
        "a": False,
        "b": True,
        "c": False,
        "d": True,
    }
    assert some["a"].default == ONE
    assert [one.parameter for one in some.values() if one.keyword] == ["d"]


@pytest.mark.parametrize(
    ("path", "type_", "refined"),
    [
        ("{v}", INT, False),
        ("{v}", None, False),
        ("{v:int}", None, False),
        ("{v:path}", STR, False),
        ("{v}", t.UnionOf((INT, t.NONE)), False),
        ("{v}", t.Constrained(INT, (("ge", 1),)), True),
        ("{v}", t.Scalar("date"), True),
        ("{v}", RED, True),
        ("{v:int}", t.LiteralOf((1,)), True),
        ("{v}", t.ANY, False),
    ],
)
def test_refined_path_values(path: str, type_: t.Type | None, refined: bool) -> None:
    assert bound(f"GET /{path}", v=type_)["v"].refined == refined


def test_unannotated_path_value_has_the_type_of_its_converter() -> None:
    assert bound("GET /{v:float}", v=None)["v"].type == FLOAT
    assert bound("GET /{v:path}", v=None)["v"].type == STR


@pytest.mark.parametrize(
    ("path", "types", "code"),
    [
        ("GET /", {"x": None}, "CDT340"),
        ("GET /", {"x": BODY}, "CDT341"),
        ("HEAD /", {"x": BODY}, "CDT341"),
        ("POST,GET /", {"x": BODY}, "CDT341"),
        ("POST /", {"x": BODY, "y": t.BARE_DICT}, "CDT342"),
        ("GET /{id}", {}, "CDT343"),
        ("GET /", {"x": t.Scalar("bytes")}, "CDT344"),
        ("GET /", {"x": t.ArrayOf("list", t.ArrayOf("list", INT))}, "CDT344"),
        ("GET /", {"x": t.External("numpy.ndarray")}, "CDT344"),
        ("GET /", {"x": t.ANY}, "CDT344"),
        ("GET /{x}", {"x": BODY}, "CDT344"),
        ("GET /{x}", {"x": t.ArrayOf("list", INT)}, "CDT344"),
        ("GET /", {"x": t.Unknown("Nope", "Nope is not defined")}, "CDT345"),
    ],
)
def test_faults(path: str, types: dict[str, t.Type | None], code: str) -> None:
    assert codes(path, **types) == [code]


@pytest.mark.parametrize("kind", ["varargs", "varkw", "positional_only"])
def test_parameters_that_nothing_fills(kind: str) -> None:
    assert codes("GET /", parameter("x", INT, 1, kind=kind)) == ["CDT340"]


def test_request_silences_unread_path_parameters() -> None:
    assert codes("GET /{id}", request=None) == []
    assert codes("GET /{id}", r=REQUEST) == []


def test_two_bodies_show_both_places() -> None:
    first, second = parameter("a", BODY, 10), parameter("b", BODY, 20)
    (one,) = run("POST /", first, second)[1]
    assert (one.span, one.labels[0].span) == (second.span, first.span)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [(None, ["CDT340"]), (INT, ["CDT343"])],
    ids=["unannotated", "annotated"],
)
def test_a_misspelt_path_parameter_is_one_finding_with_a_fix(
    type_: t.Type | None, expected: list[str]
) -> None:
    found = run("GET /{user_id}", userid=type_)[1]
    assert [one.rule.code for one in found] == expected
    assert found[0].fix is not None
    assert (found[0].fix.replacement, found[0].fix.safe) == ("{userid}", True)


def test_the_same_handler_on_two_routes_is_bound_for_each() -> None:
    (one, function), (other, _) = route("GET /a/{id}", id=INT), route("GET /b")
    both = ((one, function), (replace(other, handler=function.id), function))
    result, _ = bind.run(paths.run(app(*both))[0])
    assert [route.bindings[0].source for route in result.routes] == ["path", "query"]  # type: ignore[index]
