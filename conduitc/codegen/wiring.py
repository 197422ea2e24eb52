"""App → the text of ``_conduit/wiring``: makes entries out of adapters and the objects the app recorded."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from conduitc.codegen.code import Code, constant
from conduitc.codegen.entries import Entries
from conduitc.codegen.introspection import emit_introspection
from conduitc.codegen.lazy_entries import Group, group_of
from conduitc.codegen.mcp import DOORS, with_sessions
from conduitc.codegen.shapes import Shape, shape_of
from conduitc.ir.nodes import App, Function, Route
from conduitc.ir.secrets import redact

#: The version of ``conduit._abi`` that emitted code speaks.
ABI = 2


def emit_wiring(
    app: App,
    functions: Mapping[str, Function],
    routes: Sequence[Route],
    shapes: Sequence[Shape],
    version: str,
) -> Code:
    """The module; ``routes[i]`` has ``shapes[i]`` and is number *i* of the dispatch tables."""
    body = Code()
    entries = Entries(app, functions, body)
    body.lines(
        "entries = []",
        "add = entries.append",
        f"refine = [None] * {len(routes) + len(app.doors) + len(app.introspection_doors)}",
    )
    groups = [Group(number, one) for number, one in enumerate(app.lazy)]
    for index, (route, shape) in enumerate(zip(routes, shapes, strict=True)):
        group = group_of(route, groups)
        if group is None:
            entries.add(index, route, shape)
        else:
            group.put_off(index, route, shape, body)
    for group in groups:
        group.emit(entries)
    if app.mcp is not None:
        body.line("offered = mcp.catalogue(at)")
        kind = DOORS.get(str(app.offer("transport")))
        if kind is not None:
            hosts = constant(tuple(cast("tuple[str, ...]", app.offer("hosts", ()))))
            _emit_door(entries, with_sessions(app, f"{kind}(offered, {hosts})"))
    emit_introspection(entries)
    _emit_serving(body, entries)
    return _module(app, body, version)


def _emit_door(entries: Entries, door: str) -> None:
    """The entries of MCP; whether tokens are asked for is known here, not when a request comes."""
    app, code = entries.app, entries.code
    enabled = next(one for one in app.declarations if one.kind == "enable_mcp")
    place, limit = entries.places[enabled.slot, enabled.turn], app.settings.max_body
    line = f"add({door}.entry({limit}))"
    if app.mcp_auth is not None:
        line = f"entries += guarded({door}, offered, at.option({place}, 'auth'), {limit})"
    if not enabled.conditional:
        code.line(line)
        return
    with code.block(f"if {entries.at(enabled)} is ABSENT"):
        code.line(f"entries += [None] * {len(app.doors)}")
    with code.block("else"):
        code.line(line)


def _emit_serving(body: Code, entries: Entries) -> None:
    app = entries.app
    body.line("fallback = None")
    for route in app.routes:
        if route.fallback:
            entries.fallback(route, shape_of(entries.functions[route.handler], route))
    functions = [one for one in app.middleware if one.kind == "function"]
    asgi = [one for one in app.middleware if one.kind == "asgi"]
    arguments = [
        "finders(entries, refine)",
        f"app_middleware={entries.chain(functions)}",
        f"asgi_middleware=[{', '.join(entries.at(one.declaration) for one in asgi)}]",
        f"exception_handlers=[{', '.join(_hooks(entries, 'exception_handler'))}]",
        f"startup=[{', '.join(_hooks(entries, 'on_startup'))}]",
        f"shutdown=[{', '.join(_hooks(entries, 'on_shutdown'))}]",
        "fallback=fallback",
        f"redirect_slashes={constant(app.settings.redirect_slashes)}",
        f"threads={constant(app.settings.threads)}",
    ]
    arguments += ["offered=offered"] if app.mcp is not None else []
    body.call("return serving", arguments)


def _hooks(entries: Entries, kind: str) -> list[str]:
    return [entries.at(hook.declaration) for hook in entries.app.hooks if hook.kind == kind]


def _module(app: App, body: Code, version: str) -> Code:
    code = Code()
    code.header("Wiring: the app's own objects meet their adapters.", version, app.entry)
    code.lines(
        "from conduit import _abi", "from . import adapters as shapes", "from .dispatch import finders"
    )
    if app.mcp is not None:
        code.line("from . import mcp")
    used = sorted(_ABI_NAMES & set(re.findall(r"\w+", body.text())))
    code.line(f"from conduit._abi import {', '.join(used[:7])}")
    for start in range(7, len(used), 7):
        code.line(f"from conduit._abi import {', '.join(used[start : start + 7])}")
    code.lines("", f"ABI = {ABI}")
    code.comment("slot, turn, kind, key, file, line, conditional")
    code.line("DECLARATIONS = (")
    for one in app.declarations:
        key = one.key if one.kind in _KEYED else redact(one.key)
        row = (one.slot, one.turn, one.kind, key, one.span.file, one.line, one.conditional)
        code.line(f"    {constant(row)},")
    code.line(")")
    if app.lazy:
        code.comment("modules imported when first asked for, and which declarations come with them")
        code.line("LAZY = (")
        for group in app.lazy:
            code.line(f"    ({constant(group.module)}, {constant(group.declarations)}),")
        code.line(")")
    code.lines("", "")
    with code.block("def bind(app)"):
        code.docstring("The ASGI callable that serves `app`, from what it recorded.")
        with code.block("if _abi.ABI != ABI"):
            code.line(
                'raise ImportError(f"this build speaks ABI {ABI}, the runtime {_abi.ABI}: build again")'
            )
        if app.lazy:
            code.line("groups = _abi.lazy_groups(app, DECLARATIONS, LAZY)")
            code.line("at = groups.table()")
        else:
            code.line("at = _abi.table(app, DECLARATIONS)")
        code.insert(body)
    return code


#: Kinds that are recognised by their key; of others, a title say, it is for messages.
_KEYED = ("route", "tool", "resource", "prompt", "completion", "ml_endpoint")
#: What a wiring module may use of ``conduit._abi``.
_ABI_NAMES = {
    *(
        "ABSENT",
        "REQUIRED",
        "Door",
        "Entry",
        "Pair",
        "SessionDoor",
        "annotation_of",
        "answer_any",
        "answer_constant",
        "answer_declared",
    ),
    *("answer_json", "body_reader", "constant", "default_of", "list_reader", "path_reader", "refiner"),
    *("guarded", "introspected", "return_of", "scalar_reader", "serving", "with_middleware"),
}
