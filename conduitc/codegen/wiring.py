"""App → the text of ``_conduit/wiring``: makes entries out of adapters and the objects the app recorded.

Only constants and the names of ``conduit._abi`` stand here; users' names appear as ``repr``ed strings.
"""

import re
from collections.abc import Sequence

from conduitc.codegen.adapters import parameters
from conduitc.codegen.code import Code
from conduitc.codegen.folding import folded_answer
from conduitc.codegen.readers import reader, refine_readers
from conduitc.codegen.shapes import Shape, path_converters, shape_of
from conduitc.ir.nodes import App, Declaration, Function, Hook, Middleware, Route
from conduitc.ir.types import ArrayOf, DictOf, External, Ref, Scalar, Type, Unknown, walk

#: The version of ``conduit._abi`` that emitted code speaks.
ABI = 1

#: Scalars that encode as themselves.
_PLAIN_SCALARS = frozenset({"bool", "int", "float", "str"})


class Wiring:
    """Collects what the module needs while routes are emitted."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.places = {(d.slot, d.turn): index for index, d in enumerate(app.declarations)}

    def at(self, declaration: Declaration) -> str:
        return f"at[{self.places[declaration.slot, declaration.turn]}]"

    # -- one route -------------------------------------------------------------------------------------------

    def entry(self, route: Route, shape: Shape) -> str:
        names = tuple(path_converters(route))
        head = f"shapes.{shape.name}({', '.join(self._data(route, shape))})"
        if route.folded is not None:
            status, media, body = folded_answer(route, self.app.function(route.handler))
            return f"constant(answer_constant({status}, {media!r}, {body!r}), {names!a}, {route.id!a})"
        made = f"Entry({head}, {shape.awaits}, {names!a}, {route.id!a})"
        if route.middleware:
            made = f"with_middleware({made}, {self.chain(route.middleware)})"
        return made

    def _data(self, route: Route, shape: Shape) -> list[str]:
        function = self.app.function(route.handler)
        bindings = route.bindings or ()
        handler = self.at(route.declaration)
        values: dict[str, str] = {"handler": handler, "done": done(self.app, route, function, handler)}
        for index, binding in enumerate(bindings):
            values[f"read_{index}"] = reader(binding, handler, path_converters(route))
        values["names"] = repr(tuple(b.parameter for b in bindings if b.keyword))
        limit = route.options.max_body
        values["limit"] = str(self.app.settings.max_body if limit is None else limit)
        values["seconds"] = repr(route.options.timeout)
        return [values[name] for name in parameters(shape)]

    def chain(self, middleware: Sequence[Middleware]) -> str:
        return f"[{', '.join(map(self._middleware, middleware))}]"

    def _middleware(self, one: Middleware) -> str:
        if one.index < 0:
            return self.at(one.declaration)
        place = self.places[one.declaration.slot, one.declaration.turn]
        return f"at.middleware({place})[{one.index}]"


def done(app: App, route: Route, function: Function, handler: str) -> str:
    """The expression that makes ``value → answer`` for a route."""
    status = route.options.status or 200
    declared, returned = function.returns, function.effects.returned
    proven = returned if function.opaque is None else None
    if declared is not None and filters(declared):
        if proven == declared and is_plain(app, declared):
            return f"answer_json({status})"
        return f"answer_declared({status}, return_of({handler}))"
    return (
        f"answer_json({status})" if proven is not None and is_plain(app, proven) else f"answer_any({status})"
    )


def filters(declared: Type) -> bool:
    """Whether a declared return type says how a value is sent: as what it names, and no more."""
    if isinstance(declared, External):
        return declared.name in ("conduit.HTML", "conduit.Text")
    if declared in (Scalar("any"), Scalar("none")) or (isinstance(declared, DictOf) and declared.bare):
        return False
    return not any(isinstance(one, External | Unknown) for one in walk(declared))


def is_plain(app: App, type_: Type) -> bool:
    """Whether every value of the type encodes as what the type says, so that nothing need be looked at."""
    match type_:
        case Scalar(kind=kind):
            return kind in _PLAIN_SCALARS
        case ArrayOf(kind="list", item=item):
            return is_plain(app, item)
        case DictOf(key=Scalar(kind="str"), value=value):
            return is_plain(app, value)
        case Ref(id=id_):
            schema = app.schema(id_)
            flat = all(
                isinstance(field.type, Scalar) and is_plain(app, field.type) for field in schema.fields
            )
            return schema.kind in ("dataclass", "struct") and flat
    return False


def emit_wiring(app: App, routes: Sequence[Route], shapes: Sequence[Shape], header: str) -> str:
    """The module's text; ``routes[i]`` has ``shapes[i]`` and is number *i* of the dispatch tables."""
    wiring = Wiring(app)
    body = Code()
    body.lines("entries = []", "add = entries.append", f"refine = [None] * {len(routes)}")
    for index, (route, shape) in enumerate(zip(routes, shapes, strict=True)):
        body.comment(f"{','.join(route.methods)} {route.path.text}  ({route.span})")
        if route.declaration.conditional:
            with body.block(f"if {wiring.at(route.declaration)} is ABSENT"):
                body.line("add(None)")
            with body.block("else"):
                _emit_route(body, wiring, route, shape, index)
        else:
            _emit_route(body, wiring, route, shape, index)
    _emit_serving(body, wiring)
    return _module(app, body.text(), header)


def _emit_route(body: Code, wiring: Wiring, route: Route, shape: Shape, index: int) -> None:
    body.line(f"add({wiring.entry(route, shape)})")
    if readers := refine_readers(route, wiring.at(route.declaration)):
        body.line(f"refine[{index}] = refiner([{', '.join(readers)}])")


def _emit_serving(body: Code, wiring: Wiring) -> None:
    app = wiring.app
    functions = [one for one in app.middleware if one.kind == "function"]
    asgi = [one for one in app.middleware if one.kind == "asgi"]
    arguments = [
        "finders(entries, refine)",
        f"app_middleware={wiring.chain(functions)}",
        f"asgi_middleware=[{', '.join(wiring.at(one.declaration) for one in asgi)}]",
        f"exception_handlers=[{', '.join(_hooks(wiring, 'exception_handler'))}]",
        f"startup=[{', '.join(_hooks(wiring, 'on_startup'))}]",
        f"shutdown=[{', '.join(_hooks(wiring, 'on_shutdown'))}]",
        f"fallback={_fallback(wiring)}",
        f"redirect_slashes={app.settings.redirect_slashes}",
        f"threads={app.settings.threads}",
    ]
    body.call("return serving", arguments)


def _fallback(wiring: Wiring) -> str:
    fallback = next((route for route in wiring.app.routes if route.fallback), None)
    if fallback is None:
        return "None"
    entry = wiring.entry(fallback, shape_of(wiring.app, fallback))
    if fallback.declaration.conditional:
        return f"None if {wiring.at(fallback.declaration)} is ABSENT else {entry}"
    return entry


def _hooks(wiring: Wiring, kind: str) -> list[str]:
    hooks: list[Hook] = [hook for hook in wiring.app.hooks if hook.kind == kind]
    return [wiring.at(hook.declaration) for hook in hooks]


def _module(app: App, body: str, header: str) -> str:
    code = Code()
    code.docstring(header)
    code.lines(
        "", "from conduit import _abi", "from . import adapters as shapes", "from .dispatch import finders"
    )
    used = sorted(_ABI_NAMES & set(re.findall(r"\w+", body)))
    code.line(f"from conduit._abi import {', '.join(used[:7])}")
    for start in range(7, len(used), 7):
        code.line(f"from conduit._abi import {', '.join(used[start : start + 7])}")
    code.lines("", f"ABI = {ABI}")
    code.comment("slot, turn, kind, key, file, line, conditional")
    code.line("DECLARATIONS = (")
    for one in app.declarations:
        row = (one.slot, one.turn, one.kind, one.key, one.span.file, one.line, one.conditional)
        code.line(f"    {ascii(row)},")
    code.lines(")", "", "")
    with code.block("def bind(app)"):
        code.docstring("The ASGI callable that serves `app`, from what it recorded.")
        with code.block("if _abi.ABI != ABI"):
            code.line(
                'raise ImportError(f"this build speaks ABI {ABI}, the runtime {_abi.ABI}: build again")'
            )
        code.line("at = _abi.table(app, DECLARATIONS)")
        for line in body.splitlines():
            code.line(line)
    return code.text()


#: What a wiring module may use of ``conduit._abi``.
_ABI_NAMES = {
    *("ABSENT", "REQUIRED", "Entry", "annotation_of", "answer_any", "answer_constant", "answer_declared"),
    *("answer_json", "body_reader", "constant", "default_of", "list_reader", "path_reader", "refiner"),
    *("return_of", "scalar_reader", "serving", "with_middleware"),
}
