"""Shapes → the text of ``_conduit/adapters``: valid Python, and the same text compiled by Cython.

One function per shape. It takes the handler, ``done`` (value → answer), a reader for every argument that
needs one, the body limit and the timeout; it returns the ``run`` of an ``Entry`` (docs/architecture.md).
"""

from collections.abc import Mapping, Sequence

from conduitc.codegen.code import Code
from conduitc.codegen.shapes import Read, Shape, origin
from conduitc.ir.nodes import Offer, Route

_VIEWS = {"query": "query_of(scope)", "header": "headers_of(scope)", "cookie": "cookies_of(scope)"}
_CALLERS = {"step": "finish", "thread": "in_thread", "opaque": "settle", "opaque_thread": "settle_in_thread"}
_NEEDS_READER = ("path", "query", "header", "cookie", "body")


def emit_adapters(users: Mapping[Shape, Sequence[Route | Offer]], version: str, entry: str) -> Code:
    """The module. ``users`` says which routes have a shape; ``entry`` is the program's file."""
    code = Code()
    code.header("Adapters: request -> handler -> answer, one function a shape.", version, entry)
    names = sorted(set().union(*(_imports(shape) for shape in users)))
    if names:
        code.call("from conduit._abi import ", names) if len(names) > 6 else code.line(
            f"from conduit._abi import {', '.join(names)}"
        )
    for shape, routes in users.items():
        code.lines("", "")
        for route in routes:
            code.mark(route.span)
        for route in routes[:5]:
            code.comment(origin(route))
        if len(routes) > 5:
            code.comment(f"and {len(routes) - 5} more")
        _emit_shape(code, shape)
    return code


def parameters(shape: Shape) -> list[str]:
    """What the shape's function takes, in order."""
    names = ["handler"] if shape.socket or shape.tool else ["handler", "done"]
    names += [f"read_{index}" for index, read in enumerate(shape.reads) if read.how in _NEEDS_READER]
    if any(read.keyword for read in shape.reads):
        names.append("names")
    if _reads_body(shape):
        names.append("limit")
    if shape.timed:
        names.append("seconds")
    return names


def _imports(shape: Shape) -> set[str]:
    hows = {read.how for read in shape.reads}
    wanted = {view.partition("(")[0] for how, view in _VIEWS.items() if how in hows}
    if "request" in hows and not shape.socket:
        wanted.add("Request")
    if _reads_body(shape):
        wanted.add("read_body")
    if hows & {"query", "header", "cookie", "body"}:
        wanted.add("invalid")
    if shape.call in _CALLERS:
        wanted.add(_CALLERS[shape.call])
    if shape.timed:
        wanted.add("with_timeout")
    return wanted


def _emit_shape(code: Code, shape: Shape) -> None:
    with code.block(f"def {shape.name}({', '.join(parameters(shape))})"):
        head = "async def run(scope, receive, hit)" if shape.awaits else "def run(scope, hit)"
        head = "def run(scope, hit, raw)" if shape.body_only else head
        head = "async def run(scope, socket, hit)" if shape.socket else head
        if shape.tool:
            head = f"{'async ' if shape.awaits else ''}def run(arguments, context)"
        with code.block(head):
            arguments = _emit_reads(code, shape)
            _emit_call(code, shape, arguments)
        code.lines("", "return run")


def _emit_reads(code: Code, shape: Shape) -> list[str]:
    """Statements that read what the handler takes; gives the call's arguments."""
    hows = [read.how for read in shape.reads]
    fallible = any(how in ("query", "header", "cookie", "body") for how in hows)
    if fallible:
        code.line("faults = []")
    for how, view in _VIEWS.items():
        if how in hows:
            code.line(f"{how} = {view}")
    if _reads_body(shape):
        code.line("raw = await read_body(scope, receive, limit)")
    arguments, position = [], 0
    for index, read in enumerate(shape.reads):
        if read.how in ("query", "header", "cookie", "body"):
            source = "raw, scope" if read.how == "body" else read.how
            code.line(f"value_{index} = read_{index}({source}, faults)")
        arguments.append(_argument(index, read, position, shape))
        position += read.keyword
    if fallible:
        with code.block("if faults"):
            code.line("raise invalid(faults)")
    return arguments


def _reads_body(shape: Shape) -> bool:
    """Whether the adapter itself waits for the body."""
    return not shape.body_only and any(read.how == "body" for read in shape.reads)


def _argument(index: int, read: Read, keyword: int, shape: Shape) -> str:
    match read.how:
        case "value":
            text = f"hit[{read.position + 1}]"
        case "path":
            text = f"read_{index}(hit)"
        case "nothing":
            text = "None"
        case "argument":
            number = sum(one.how == "argument" for one in shape.reads[:index])
            text = f"arguments.a{number}"
        case "text":
            number = sum(one.how == "text" for one in shape.reads[:index])
            text = f"arguments[{number}]"
        case "context":
            text = "context"
        case "request":
            text = "Request(scope, receive, hit)" if shape.awaits else "Request(scope, None, hit)"
            text = "socket" if shape.socket else text
        case _:
            text = f"value_{index}"
    return f"**{{names[{keyword}]: {text}}}" if read.keyword else text


def _emit_call(code: Code, shape: Shape, arguments: list[str]) -> None:
    caller = _CALLERS.get(shape.call)
    call = f"handler({', '.join(arguments)})"
    if shape.call == "step":
        call = f"finish({call})"
    elif caller is not None:
        call = f"{caller}({', '.join(['handler', *arguments])})"
    if shape.timed:
        call = f"with_timeout(seconds, {call})"
    if shape.socket:
        code.line(f"await {call}")
        return
    if shape.tool:
        code.line(f"return {'await ' if shape.awaits else ''}{call}")
        return
    code.line(f"return done({'await ' if shape.awaits else ''}{call})")
