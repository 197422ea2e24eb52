"""The pipeline as a whole, the verifier between its passes, and the printer."""

import pytest
from msgspec.structs import replace

from conduitc import passes
from conduitc.ir import types as t
from conduitc.ir.nodes import App, Binding, Dynamic, Tool
from conduitc.ir.printer import printed
from conduitc.ir.verifier import VerifierError, verify
from tests.passes.build import INT, STR, app, dataclass, declaration, enum, route, span

ITEM = dataclass("Item")


def sound() -> App:
    return app(
        route("GET /users/{id}", id=INT, q=STR),
        route("POST /items", item=t.Ref(ITEM.id)),
        schemas=(ITEM, enum("Color", "red")),
    )


def test_a_sound_app_passes_and_is_settled() -> None:
    settled, found = passes.run(sound())
    assert found == ()
    assert all(one.bindings is not None and one.placement for one in settled.routes)


def test_passes_change_nothing_in_place_and_end_in_the_same_app() -> None:
    before = sound()
    text = printed(before)
    once, found = passes.run(before)
    assert printed(before) == text
    assert passes.run(once) == (once, found)


def test_findings_are_said_once_in_source_order() -> None:
    one, function = route("GET /a/{x}", y=None)
    other, _ = route("GET /b/{x}")
    wrong = route("GET /c", z=None)
    both = app(wrong, (one, function), (replace(other, handler=function.id), function))
    found = passes.run(both)[1]
    assert [d.span for d in found] == sorted(d.span for d in found)
    assert len({(d.rule.code, d.span, d.message) for d in found}) == len(found)


def test_without_folding() -> None:
    names = [one.__name__.rpartition(".")[2] for one in passes.PIPELINE]
    assert names.index("paths") < names.index("bind") < names.index("conflicts") < names.index("fold")
    assert all(one.folded is None for one in passes.run(sound(), fold=False)[0].routes)


def broken(**changes: object) -> App:
    whole, _ = passes.run(sound())
    return replace(whole, routes=(replace(whole.routes[0], **changes), *whole.routes[1:]))


BINDING = Binding("x", "path", "nowhere", INT, True, None, False, span(1))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (broken(handler="function:app.gone"), "names no known function"),
        (broken(methods=()), "has no method"),
        (broken(methods=("get",)), "not in capitals"),
        (broken(placement="elsewhere"), "unknown placement"),
        (broken(bindings=(BINDING,)), "to no segment"),
        (broken(bindings=(replace(BINDING, source="moon"),)), "unknown place"),
        (replace(sound(), schemas=()), "refers to no known schema"),
        (replace(sound(), schemas=(ITEM, ITEM)), "two nodes of kind schema"),
        (
            replace(sound(), tools=(Tool("t", "t", "d", None, "function:no", declaration(1, "t"), span(1)),)),
            "offer names no known function",
        ),
    ],
)
def test_breaches(wrong: App, said: str) -> None:
    with pytest.raises(VerifierError, match=said):
        verify(wrong, after="a test")


def test_unsettled_converter_of_a_bound_route() -> None:
    whole, _ = passes.run(sound())
    path = replace(whole.routes[0].path, segments=(Dynamic("id", None, span(1)),))
    with pytest.raises(VerifierError, match="unsettled"):
        verify(replace(whole, routes=(replace(whole.routes[0], path=path),)), after="a test")


def test_what_has_not_changed_is_not_looked_at() -> None:
    wrong = replace(sound(), schemas=(ITEM, ITEM))
    verify(wrong, after="a test", before=wrong)
    verify(replace(wrong, routes=()), after="a test", before=wrong)


def test_places_in_the_printed_app() -> None:
    assert "@app.py:" in printed(sound(), places=True)
    assert "@" not in printed(sound())
