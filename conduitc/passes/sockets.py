"""Handlers of WebSocket connections: what they must be and take.

In: bound routes. Out: the same App. ``wrong_connection`` and ``no_body`` are what ``bind`` says of a
parameter that belongs to the other kind of route.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label
from conduitc.ir.nodes import App, Function, Parameter, Route
from conduitc.passes.socket_rules import NOT_ASYNC, NOT_OF_CONNECTION, NOT_TAKEN

#: What a socket is mostly called where nothing says so.
USUAL = ("ws", "websocket", "socket")

_SOCKET, _REQUEST = "a WebSocket connection", "a request"


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    found: list[Diagnostic] = []
    for route in app.routes:
        if route.websocket:
            found.extend(_handler(route, functions[route.handler]))
    return app, tuple(found)


def _handler(route: Route, function: Function) -> Iterator[Diagnostic]:
    what = "a generator" if function.is_generator else "a plain `def`"
    if function.opaque is None and (function.is_generator or not function.is_async):
        place = replace(function.span, end_line=function.span.line, end_column=function.span.column)
        yield NOT_ASYNC.at(
            function.span,
            labels=(Label(route.span, "takes WebSocket connections"),),
            help=None if function.is_generator else "and await what it does with the socket",
            # not safe: what its body does with the socket is to be awaited, too
            fix=None if function.is_async else Fix("make it `async def`", place, "async "),
            handler=function.name,
            what=what,
        )
    bound = route.bindings or ()
    if len(bound) == len(function.parameters) and all(one.source != "request" for one in bound):
        yield NOT_TAKEN.at(
            function.span,
            labels=(Label(route.span, "takes WebSocket connections"),),
            help="add `ws: WebSocket` to its parameters, and `await ws.accept()` to its body",
            handler=function.name,
        )


def wrong_connection(parameter: Parameter, route: Route) -> Diagnostic:
    """A ``Request`` where connections are taken, a ``WebSocket`` where requests are."""
    if route.websocket:
        return NOT_OF_CONNECTION.at(
            parameter.span,
            labels=(Label(route.span, "takes WebSocket connections"),),
            help="a `WebSocket` has `headers`, `cookies`, `query_params` and `path_params`",
            fix=Fix("take the WebSocket", parameter.span, f"{parameter.name}: WebSocket"),
            parameter=parameter.name,
            what="the request",
            where=_SOCKET,
        )
    return NOT_OF_CONNECTION.at(
        parameter.span,
        labels=(Label(route.span, f"takes {','.join(route.methods)} requests"),),
        help="declare the handler with `@app.websocket(path)`, or take the `Request`",
        parameter=parameter.name,
        what="a WebSocket",
        where=_REQUEST,
    )


def no_body(parameter: Parameter, route: Route) -> Diagnostic:
    """What would be the JSON body of a connection."""
    return NOT_OF_CONNECTION.at(
        parameter.span,
        labels=(Label(route.span, "takes WebSocket connections"),),
        help="let the client send it: `await ws.receive_json()`",
        parameter=parameter.name,
        what="the JSON body",
        where=_SOCKET,
    )
