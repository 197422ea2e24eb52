"""Function values → ``ir.nodes.Function``: signature, doc, decorators. Bodies are read by ``effects``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conduitc.frontend.annotations import Reader
from conduitc.frontend.constants import constant, evaluate
from conduitc.frontend.docs import docstring
from conduitc.frontend.scope import Frame, Scope
from conduitc.frontend.values import Function
from conduitc.ir.nodes import Computed, Constant, Effects, Parameter
from conduitc.ir.nodes import Function as FunctionNode

#: Defaults of these forms are computed; anything else would have to be run.
_COMPUTED = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.UnaryOp,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.BinOp,
    ast.JoinedStr,
)


def function_node(
    function: Function, parameters: tuple[Parameter, ...], effects: Effects, comments: tuple[str, ...]
) -> FunctionNode:
    """The IR of a function; ``effects`` are what its body does."""
    node, scope = function.node, function.scope
    decorators = tuple(scope.source.snippet(one) for one in node.decorator_list)
    returns = node.returns
    return FunctionNode(
        function.id,
        function.name,
        function.qualname,
        scope.name,
        scope.span(node),
        node.decorator_list[0].lineno if node.decorator_list else node.lineno,
        isinstance(node, ast.AsyncFunctionDef),
        yields(node, scope),
        docstring(node),
        parameters,
        _reader(function).type(returns) if returns is not None else None,
        scope.span(returns) if returns is not None else None,
        decorators,
        function.opaque,
        comments,
        effects,
    )


def parameters_of(function: Function) -> tuple[Parameter, ...]:
    """The signature as written."""
    return tuple(_parameters(function.node.args, function.scope, _reader(function)))


def _reader(function: Function) -> Reader:
    """Reads annotations as the function sees them; a method may use names of its class."""
    home = (function.home,) if function.home is not None else ()
    return Reader(function.scope, home, function.node.lineno)


def _parameters(arguments: ast.arguments, scope: Scope, reader: Reader) -> Iterator[Parameter]:
    before = arguments.posonlyargs
    plain = [*before, *arguments.args]
    missing = len(plain) - len(arguments.defaults)
    for index, argument in enumerate(plain):
        kind = "positional_only" if index < len(before) else "positional"
        default = arguments.defaults[index - missing] if index >= missing else None
        yield _parameter(argument, kind, default, scope, reader)
    if arguments.vararg:
        yield _parameter(arguments.vararg, "varargs", None, scope, reader)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(argument, "keyword_only", default, scope, reader)
    if arguments.kwarg:
        yield _parameter(arguments.kwarg, "varkw", None, scope, reader)


def _parameter(
    argument: ast.arg, kind: str, default: ast.expr | None, scope: Scope, reader: Reader
) -> Parameter:
    span = scope.source.span(argument)
    given = _default(default, scope) if default is not None else None
    if argument.annotation is None:
        return Parameter(argument.arg, kind, None, given, span)
    reading = reader.read(argument.annotation)
    return Parameter(argument.arg, kind, reading.type, given, span, reading.marker, reading.name)


def _default(node: ast.expr, scope: Scope) -> Constant | Computed:
    text = scope.source.snippet(node)
    if isinstance(node, _COMPUTED):
        try:
            found = constant(evaluate(Frame(scope, scope.names), node), text)
        except RecursionError:
            found = None
        if found is not None:
            return found
    return Computed(text)


def yields(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> bool:
    """Whether the function is a generator. Most have no ``yield`` in their text."""
    if not any("yield" in line for line in scope.source.lines[node.lineno - 1 : node.end_lineno]):
        return False
    waiting: list[ast.AST] = list(node.body)
    for one in waiting:
        if isinstance(one, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(one))
    return False
