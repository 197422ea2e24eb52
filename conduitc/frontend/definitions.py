"""``def`` and ``class`` at the top level → function and class values; decorators that declare are applied."""

from __future__ import annotations

import ast
from collections.abc import Callable

from conduitc.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from conduitc.frontend.constants import evaluate, glance
from conduitc.frontend.scope import Frame, Scope
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Later,
    Unknown,
    Value,
    ancestry,
)

IDLE_DECORATOR = Rule(
    code="CDT300",
    slug="decorator-above-declaration",
    severity="warning",
    message="requests do not pass through `{decorator}`, which stands above a declaration",
    docs=(
        "A declaring decorator records the function it is given. What stands above it wraps only the name in "
        "the module, not what answers requests. Move it below the declaration."
    ),
    bad="""\
import functools

from conduit import Conduit

app = Conduit()


@functools.cache
@app.get("/")
def index():
    return {"ok": True}
""",
    good="""\
import functools

from conduit import Conduit

app = Conduit()


@app.get("/")
@functools.cache
def index():
    return {"ok": True}
""",
)

#: Decorators that leave a function what it was.
_TRANSPARENT = ("typing.final", "typing.no_type_check", "builtins.staticmethod", "typing.override")

_ENUMS = {
    "enum.Enum": False, "enum.Flag": False, "enum.StrEnum": True, "enum.IntEnum": True,
    "enum.IntFlag": True, "enum.ReprEnum": False,
}  # fmt: skip

_MIXED = ("builtins.str", "builtins.int", "builtins.float", "builtins.bytes")

Block = Callable[[Frame, list[ast.stmt]], str]


def function_definition(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Bind a function's name, handing it to each declaring decorator from the lowest up."""
    home = frame.home
    closure = frame.closure
    function = Function(node.name, frame.prefix + node.name, node, frame.scope, home, closure=closure)
    frame.scope.functions.append(function)
    declared: ast.expr | None = None
    dialect = frame.scope.project.dialect
    for decorator_node in reversed(node.decorator_list):
        decorator = evaluate(frame, decorator_node)
        if dialect.decorate(decorator, decorator_node, function, frame):
            declared = declared or decorator_node
            continue
        name = _decorator_name(decorator, decorator_node, frame)
        if name in _TRANSPARENT:
            continue
        if declared is not None:
            frame.scope.report(_idle(frame.scope, decorator_node, declared))
        function = Function(
            node.name, frame.prefix + node.name, node, frame.scope, home, name, closure=closure
        )
    frame.bind(node.name, function, node.lineno)


def _idle(scope: Scope, node: ast.expr, declared: ast.expr) -> Diagnostic:
    """``declared`` is the lowest decorator that declares. Trading places is what is meant mostly, and changes
    what requests meet: so the fix is not safe."""
    above, below = scope.span(node), scope.span(declared)
    upper, lower = scope.source.segment(node), scope.source.segment(declared)
    return IDLE_DECORATOR.at(
        above,
        labels=(Label(below, "records the function below it"),),
        help="put it below the declaration",
        fix=Fix("let them trade places", above, lower, also=(Edit(below, upper),)),
        decorator=f"@{scope.source.snippet(node)}",
    )


def _decorator_name(decorator: Value, node: ast.expr, frame: Frame) -> str:
    """The full name of a decorator where known, else as written."""
    match decorator:
        case External(name=name) | Instance(cls=External(name=name)):
            return name
        case Function(scope=scope, qualname=qualname):
            return f"{scope.name}.{qualname}"
        case Bound(owner=Instance(cls=External(name=name)), name=method):
            return f"{name}.{method}"
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)


def class_definition(frame: Frame, node: ast.ClassDef, block: Block) -> None:
    """Run a class's body and bind its name."""
    bases = tuple(glance(frame, base) for base in node.bases)
    prefix = f"{frame.prefix}{node.name}."
    keywords = {one.arg: evaluate(frame, one.value) for one in node.keywords if one.arg}
    cls = Class(node.name, frame.prefix + node.name, node, frame.scope, bases, {}, keywords)
    inner = Frame(frame.scope, cls.names, prefix, frame.guards, frame.endless, cls, frame.closure)
    block(inner, node.body)
    cls.decorators = tuple(evaluate(frame, decorator) for decorator in node.decorator_list)
    _make_members(cls)
    frame.bind(node.name, cls, node.lineno)
    frame.scope.classes.append(cls)


def _like_enum(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.endswith("Enum")


def _make_members(cls: Class) -> None:
    """Turn the constants of an enum into its members. A base that is left for later is no enum's, unless it
    is named like one: a module is not imported to find out."""
    if any(
        isinstance(one, Later) and not _like_enum(node)
        for one, node in zip(cls.bases, cls.node.bases, strict=True)
    ):
        return
    above = [one.name for one in ancestry(cls) if isinstance(one, External)]
    kinds = [name for name in above if name in _ENUMS]
    if not kinds:
        return
    plain = any(_ENUMS[name] for name in kinds) or any(name in _MIXED for name in above)
    rank = 0
    for name, value in cls.names.items():
        if name.startswith("_"):
            continue
        match value:
            case Instance(cls=External(name="enum.auto")):
                rank += 1
                made: object = name.lower() if "enum.StrEnum" in kinds else rank
            case Const(value=made):
                rank = made if isinstance(made, int) else rank
            case Unknown():
                continue
            case _:
                continue
        cls.names[name] = Const(made, f"{cls.full_name}.{name}", plain)
