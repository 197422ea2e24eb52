"""Blocks that meet, models, secrets in declarations, what handlers do with the request."""

import pytest
from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic
from conduitc.ir import types as t
from conduitc.ir.nodes import App, Block, Constant, Effects, MLModel, Pipeline, RequestUse, Schema
from conduitc.passes import bind, blocks, models, secret_literals, served, usage
from tests.passes.build import FLOAT, INT, STR, app, dataclass, declaration, parameter, route, span

ITEM, OTHER = dataclass("Item"), dataclass("Other")
CHILD = Schema("schema:app.Child", "Child", "app", "dataclass", (), None, span(3), bases=("app.Item",))
NO_OP = t.External("conduit.blocks.NoOp")
OPERATION = t.External("conduit.blocks.HttpOperation")


def block(name: str, input_: t.Type | None, output: t.Type | None, line: int) -> Block:
    return Block(f"block:app.{name}", name, "conduit.blocks.Block", input_, output, (), span(line))


def joined(output: t.Type | None, input_: t.Type | None) -> list[str]:
    some = (block("a", STR, output, 1), block("b", input_, STR, 2))
    chain = Pipeline("pipeline:app.p", "p", "sequence", ("block:app.a", "block:app.b"), span(3))
    return codes(blocks.run(app(blocks=some, pipelines=(chain,), schemas=(ITEM, OTHER, CHILD))))


def codes(result: tuple[App, tuple[Diagnostic, ...]]) -> list[str]:
    return [one.rule.code for one in result[1]]


@pytest.mark.parametrize(
    ("output", "input_"),
    [
        (STR, STR),
        (None, STR),
        (STR, None),
        (t.Ref(ITEM.id), t.Ref(ITEM.id)),
        (t.Ref(CHILD.id), t.Ref(ITEM.id)),
        (t.Scalar("bool"), INT),
        (t.ANY, t.Ref(ITEM.id)),
        (STR, t.UnionOf((STR, INT))),
        (t.UnionOf((STR, t.NONE)), STR),
        (t.LiteralOf(("a",)), STR),
        (t.Constrained(INT, (("ge", 1),)), INT),
        (t.ArrayOf("list", t.Ref(CHILD.id)), t.ArrayOf("list", t.Ref(ITEM.id))),
        (OPERATION, OPERATION),
        (t.External("numpy.ndarray"), t.External("torch.Tensor")),
        (t.Unknown("X", "not known"), STR),
        (NO_OP, NO_OP),
    ],
)
def test_blocks_that_meet(output: t.Type | None, input_: t.Type | None) -> None:
    assert joined(output, input_) == []


@pytest.mark.parametrize(
    ("output", "input_", "code"),
    [
        (INT, FLOAT, "CDT470"),
        (STR, t.Ref(ITEM.id), "CDT470"),
        (t.Ref(ITEM.id), t.Ref(CHILD.id), "CDT470"),
        (t.Ref(ITEM.id), t.Ref(OTHER.id), "CDT470"),
        (t.ArrayOf("list", STR), t.ArrayOf("set", STR), "CDT470"),
        (t.ArrayOf("list", STR), STR, "CDT470"),
        (OPERATION, t.Ref(ITEM.id), "CDT470"),
        (OPERATION, t.External("conduit.blocks.SqlOperation"), "CDT470"),
        (t.UnionOf((STR, INT)), FLOAT, "CDT470"),
        (STR, NO_OP, "CDT471"),
    ],
)
def test_blocks_that_do_not(output: t.Type, input_: t.Type, code: str) -> None:
    assert joined(output, input_) == [code]


def test_fan_out_gives_a_tuple_and_every_branch_must_meet() -> None:
    some = (block("a", STR, INT, 1), block("b", INT, STR, 2), block("c", FLOAT, INT, 3))
    last = block("d", t.TupleOf((STR, INT)), STR, 4)
    fan = Pipeline("pipeline:app.fan", "fan", "parallel", ("block:app.b", "block:app.c"), span(5))
    chain = Pipeline(
        "pipeline:app.p", "p", "sequence", ("block:app.a", "pipeline:app.fan", "block:app.d"), span(6)
    )
    found = blocks.run(app(blocks=(*some, last), pipelines=(fan, chain)))[1]
    assert [(one.rule.code, one.labels[1].span) for one in found] == [("CDT470", span(3))]


def model(name: str, line: int, registered: bool = True) -> MLModel:
    made = declaration(line, name, "register_model") if registered else None
    return MLModel(f"model:app.{name}.{line}", name, "conduit.ml.NumpyModel", None, (), made, span(line))


def test_model_names() -> None:
    twice = (model("a", 1), model("a", 2), model("b", 3), model("b", 4, registered=False))
    (one,) = models.run(app(models=twice))[1]
    assert (one.rule.code, one.span, one.labels[0].span) == ("CDT480", span(2), span(1))


def test_one_note_for_each_kind() -> None:
    whole = app(models=(model("a", 1), model("b", 2)), blocks=(block("a", STR, STR, 3),))
    assert [one.message.split()[0] for one in served.run(whole)[1]] == ["blocks", "models"]
    assert served.run(app())[1] == ()


SECRET = Constant("sk-3fT9xLq2ZpW8vB4nR7cJ1mK5", "'sk-…'")


def test_secrets_are_found_and_not_repeated() -> None:
    with_default = route("GET /", parameter("key", STR, 1, default=SECRET))
    inner = replace(block("a", STR, STR, 3), arguments=(("password", Constant("hunter2hunter2", "")),))
    deep = replace(model("m", 5), arguments=(("options", Constant({"a": [SECRET.value]}, "")),))
    found = secret_literals.run(app(with_default, blocks=(inner,), models=(deep,)))[1]
    assert [one.rule.code for one in found] == ["CDT445"] * 3
    said = str([(one.message, one.label, one.help, one.fix, one.labels) for one in found])
    assert not any(str(word) in said for word in (SECRET.value, "hunter2"))


def test_harmless_literals_are_left_alone() -> None:
    plain = route("GET /", parameter("order", STR, 1, default=Constant("by-name", "")))
    assert secret_literals.run(app(plain))[1] == ()


def used(effects: Effects, path: str = "GET /", **types: t.Type | None) -> list[str]:
    one, function = route(path, **types)
    whole = app((one, replace(function, effects=effects)), schemas=(ITEM,))
    return codes(usage.run(bind.run(whole)[0]))


def test_hidden_query_parameters() -> None:
    use = RequestUse("request", "query", "page", span(1))
    assert used(Effects(request_uses=(use, use)), request=None) == ["CDT360"]
    assert used(Effects(request_uses=(use,)), request=None, page=INT) == []
    for other in (replace(use, key=None), replace(use, attribute="params"), replace(use, attribute="*")):
        assert used(Effects(request_uses=(other,)), request=None) == []


def test_unused_body() -> None:
    assert used(Effects(unused_parameters=("item",)), "POST /", item=t.Ref(ITEM.id)) == ["CDT361"]
    assert used(Effects(unused_parameters=("page",)), "POST /", page=INT) == []
    assert used(Effects(), "POST /", item=t.Ref(ITEM.id)) == []
