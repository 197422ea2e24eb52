"""App → the text of ``_conduit/mcp``: what the app offers by MCP, and the functions behind it.

What is listed stands there as bytes: nothing is put together when a client asks.
"""

from collections.abc import Sequence

import msgspec

from conduitc import __version__
from conduitc.codegen.code import Code, constant
from conduitc.codegen.entries import Entries
from conduitc.codegen.mcp_json import prompt_entry, resource_entry, structured, tool_entry
from conduitc.codegen.readers import reader
from conduitc.codegen.shapes import origin, shape_of_offer
from conduitc.ir.dispatch import Pattern
from conduitc.ir.mirrors import mirrors
from conduitc.ir.nodes import App, Completion, Function, Offer, Prompt, Resource, Static, Tool

#: What stands at MCP's path, by transport.
DOORS = {"http": "Door", "sse": "Pair"}
_CLASSES = {Tool: "Tool", Resource: "Resource", Prompt: "Prompt", Completion: "Completion"}


def doors(app: App, index: int) -> list[Pattern]:
    """Where the app offers MCP over HTTP, from number ``index`` of the tables on."""
    return [
        Pattern(
            index + number,
            tuple(sorted(methods)),
            tuple(Static(part) for part in path.removeprefix("/").split("/")),
        )
        for number, (methods, path) in enumerate(app.doors)
    ]


def with_sessions(app: App, door: str) -> str:
    """What makes the door; where legacy clients get sessions, another one."""
    if app.offer("transport") != "http" or not app.offer("sessions", False):
        return door
    seconds = app.offer("session_seconds")
    idle = f", seconds={constant(seconds)}" if seconds is not None else ""
    return f"Session{door.removesuffix(')')}{idle})"


def emit_mcp_module(app: App) -> Code | None:
    """The module; None where the app offers nothing by MCP."""
    if app.mcp is None:
        return None
    functions = {function.id: function for function in app.functions}
    body = Code()
    entries = Entries(app, functions, body)
    said = app.offer("instructions")
    about = [] if said is None else [f"instructions={constant(_json(said))}"]
    most = app.offer("max_output")
    about += [f"max_output={constant(most)}"] if most is not None else []
    body.call("found = Catalogue", ["INFO", *about])
    for offer in _ordered(app):
        _emit(app, offer, functions[offer.function], entries)
    body.line("return found")
    return _module(app, body)


def _ordered(app: App) -> Sequence[Offer]:
    """By kind and name, so that lists never depend on the order of modules."""
    return (
        *sorted(app.tools, key=lambda one: one.name),
        *sorted(app.resources, key=lambda one: one.uri),
        *sorted(app.prompts, key=lambda one: one.name),
        *app.completions,
    )


def _emit(app: App, offer: Offer, function: Function, entries: Entries) -> None:
    code = entries.code
    code.mark(offer.span)
    code.comment(origin(offer))
    code.line(f"handler = {entries.at(offer.declaration)}")
    if not offer.declaration.conditional:
        _add(app, offer, function, code)
        return
    with code.block("if handler is not ABSENT"):
        _add(app, offer, function, code)


def _add(app: App, offer: Offer, function: Function, code: Code) -> None:
    shape = shape_of_offer(function, offer)
    keywords = tuple(one.parameter for one in offer.bindings or () if one.keyword)
    adapter = f"shapes.{shape.name}(handler{f', {constant(keywords)}' if keywords else ''})"
    given = [adapter, f"awaits={shape.awaits}"] if shape.awaits else [adapter]
    match offer:
        case Tool():
            entry = tool_entry(app, offer, function)
            schema = offer.schema.value if offer.schema is not None else entry["inputSchema"]
            given = [constant(offer.name), *given, *_of_tool(app, offer, function, schema)]
        case Resource():
            given = [constant(offer.uri), *given, _texts(offer)]
            given += [f"media_type={constant(offer.media_type)}"] if offer.media_type else []
            entry = resource_entry(offer)
        case Prompt():
            given = [constant(offer.name), *given, _texts(offer)]
            given += [f"description={constant(offer.description)}"] if offer.description else []
            entry = prompt_entry(offer)
        case Completion():
            made = [constant(offer.of), constant(offer.argument), *given]
            code.call("found.complete", [f"Completion({', '.join(made)})"])
            return
    code.call(f"made = {_CLASSES[type(offer)]}", given)
    needed = f", {constant(offer.scopes)}" if offer.scopes else ""
    code.line(f"found.add(made, {constant(_json(entry))}{needed})")


def _of_tool(app: App, tool: Tool, function: Function, schema: object) -> list[str]:
    typed = {one.name for one in function.parameters if one.type is not None}
    arguments = tuple(
        (one.parameter, one.parameter in typed, not one.required)
        for one in tool.bindings or ()
        if one.source == "argument"
    )
    given = ["handler=handler", f"arguments={constant(arguments)}"]
    kind = structured(app, function)
    given += [f"structured={constant(kind)}"] if kind else []
    given += [f"seconds={constant(tool.timeout)}"] if tool.timeout is not None else []
    beside = mirrors(schema)
    given += [f"mirrors={constant(beside)}"] if beside else []
    return given


def _texts(offer: Resource | Prompt) -> str:
    """The readers of what comes as text."""
    readers = [reader(one, "handler", {}) for one in offer.bindings or () if one.source == "text"]
    return f"texts=[{', '.join(readers)}]"


def _module(app: App, body: Code) -> Code:
    code = Code()
    code.header("MCP: what the app offers to models.", __version__, app.entry)
    text = body.text()
    used = [name for name in _ABI_NAMES if f"{name}(" in text or f" {name}\n" in text or f"{name}," in text]
    code.line("from conduit._abi import ABSENT, REQUIRED, Catalogue")
    if used:
        code.line(f"from conduit._abi import {', '.join(used)}")
    code.lines("from . import adapters as shapes", "")
    info = {"name": app.settings.title, "version": app.settings.version}
    code.line(f"INFO = {constant(_json(info))}")
    code.lines("", "")
    with code.block("def catalogue(at)"):
        code.docstring("What is offered; `at` holds what the app recorded.")
        code.insert(body)
    return code


_ABI_NAMES = ("Completion", "Prompt", "Resource", "Tool", "annotation_of", "default_of", "scalar_reader")


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
