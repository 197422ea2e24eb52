"""App → the text of ``_conduit/mcp``: what the app offers by MCP, and the functions behind it.

What is listed stands there as bytes: nothing is put together when a client asks.
"""

import msgspec

from conduitc.codegen.code import Code, constant
from conduitc.codegen.entries import Entries
from conduitc.codegen.mcp_json import structured, tool_entry
from conduitc.codegen.shapes import origin, shape_of_tool
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import App, Function, Static, Tool

#: What streamable HTTP asks for at its path; all but POST are told that there is nothing.
_METHODS = ("DELETE", "GET", "POST")


def door(app: App, index: int) -> Pattern | None:
    """Where the app offers MCP over HTTP, as number ``index`` of the dispatch tables; None where it does not."""
    if app.mcp is None or app.offer("transport") != "http":
        return None
    path = str(app.offer("path"))
    return Pattern(index, _METHODS, tuple(Static(part) for part in path.removeprefix("/").split("/")))


def emit_mcp_module(app: App) -> Code | None:
    """The module; None where the app offers nothing by MCP."""
    if app.mcp is None:
        return None
    functions = {function.id: function for function in app.functions}
    body = Code()
    entries = Entries(app, functions, body)
    body.line("tools = []")
    for tool in sorted(app.tools, key=lambda one: one.name):
        _emit_tool(app, tool, functions[tool.function], entries)
    said = app.offer("instructions")
    about = [] if said is None else [f"instructions={constant(_json(said))}"]
    body.call("return Catalogue", ["INFO", "tools", *about])
    return _module(app, body)


def _emit_tool(app: App, tool: Tool, function: Function, entries: Entries) -> None:
    code = entries.code
    code.mark(tool.span)
    code.comment(origin(tool))
    code.line(f"handler = {entries.at(tool.declaration)}")
    shape = shape_of_tool(function, tool)
    keywords = [one.parameter for one in tool.bindings or () if one.keyword]
    adapter = f"shapes.{shape.name}(handler{f', {constant(tuple(keywords))}' if keywords else ''})"
    typed = {one.name for one in function.parameters if one.type is not None}
    arguments = tuple(
        (one.parameter, one.parameter in typed, not one.required)
        for one in tool.bindings or ()
        if one.source == "argument"
    )
    given = [constant(tool.name), adapter, "handler", constant(arguments)]
    given += ["awaits=True"] if shape.awaits else []
    kind = structured(app, function)
    given += [f"structured={constant(kind)}"] if kind else []
    given += [f"seconds={constant(tool.timeout)}"] if tool.timeout is not None else []
    entry = constant(_json(tool_entry(app, tool, function)))
    if tool.declaration.conditional:
        with code.block("if handler is not ABSENT"):
            code.call("tool = Tool", given)
            code.call("tools.append", [f"(tool, {entry})"])
        return
    code.call("tool = Tool", given)
    code.call("tools.append", [f"(tool, {entry})"])


def _module(app: App, body: Code) -> Code:
    from conduitc import __version__

    code = Code()
    code.header("MCP: what the app offers to models.", __version__, app.entry)
    code.lines("from conduit._abi import ABSENT, Catalogue, Tool", "from . import adapters as shapes", "")
    info = {"name": app.settings.title, "version": app.settings.version}
    code.line(f"INFO = {constant(_json(info))}")
    code.lines("", "")
    with code.block("def catalogue(at)"):
        code.docstring("What is offered; `at` holds what the app recorded.")
        code.insert(body)
    return code


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
