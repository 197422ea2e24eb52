"""Functions around handlers → subjects: middleware, and what answers for errors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conduitc.frontend.observing.bodies import body
from conduitc.frontend.observing.seen import Function as Node
from conduitc.frontend.observing.seen import Seen, own
from conduitc.frontend.observing.texts import Text, hole, plain
from conduitc.frontend.values import Function
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Subject


def middleware(app: App, functions: dict[str, Function]) -> Iterator[Subject]:
    """Each function that stands around handlers, and each that is called for an exception."""
    every = (*app.middleware, *(one for route in app.routes for one in route.middleware))
    for id_ in dict.fromkeys(one.function for one in every if one.function):
        if (function := functions.get(id_)) is not None:
            seen = Seen(function.scope.source)
            _around(seen, function.node)
            yield seen.subject(
                "middleware function", id_, function.node, (f"in {function.scope.source.file}",)
            )
    for id_ in dict.fromkeys(hook.function for hook in app.hooks if hook.exception):
        if (function := functions.get(id_)) is not None:
            seen = Seen(function.scope.source)
            body(seen, function.node, function.scope, own(function.node.body), "error")
            yield seen.subject("error handler", id_, function.node, (f"in {function.scope.source.file}",))


def _around(seen: Seen, node: Node) -> None:
    """What it takes, how it calls what it stands around, and what it does to the answer."""
    head = Text("async def " if isinstance(node, ast.AsyncFunctionDef) else "def ") + hole(
        "middleware", node.name
    )
    names = [one.arg for one in node.args.args]
    for name in names[-1:]:
        seen.add("middleware", head + f"(..., {name}, ...)", node)
    for one in own(node.body):
        match one:
            case ast.Assign(targets=[target], value=ast.Await(value=ast.Call(func=ast.Name(id=name)))):
                if name in names:
                    start = seen.writer.hole("response", target) + f" = await {plain(name).text}("
                    seen.add("middleware", start + hole("request", names[0]) + ")", one)
            case ast.Return(value=ast.Await(value=ast.Call(func=ast.Name(id=name)))) if name in names:
                seen.add("middleware", plain(f"return await {name}(") + hole("request", names[0]) + ")", one)
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Attribute(value=owner, attr="headers"), slice=key)]
            ):
                start = seen.writer.hole("response", owner) + ".headers[" + seen.writer.hole("header", key)
                seen.add("middleware", start + "] = " + seen.writer.hole("value", one.value), one)
