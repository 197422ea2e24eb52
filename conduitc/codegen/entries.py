"""Routes → the statements that make their entries.

Only constants and the names of ``conduit._abi`` stand here; what users wrote appears as ``constant``.
"""

from collections.abc import Mapping, Sequence

from conduitc.codegen.adapters import parameters
from conduitc.codegen.answers import done
from conduitc.codegen.code import Code, constant
from conduitc.codegen.folding import folded_answer
from conduitc.codegen.readers import reader, refine_readers
from conduitc.codegen.shapes import Shape, origin, path_converters
from conduitc.ir.nodes import App, Declaration, Function, Middleware, Route

#: What the handler of the route at hand is called in the emitted text.
_HANDLER = "handler"


class Entries:
    """Emits entries into ``code``. ``at[i]`` is the object of the app's declaration *i*."""

    def __init__(self, app: App, functions: Mapping[str, Function], code: Code) -> None:
        self.app = app
        self.functions = functions
        self.code = code
        self.places = {(one.slot, one.turn): index for index, one in enumerate(app.declarations)}

    def at(self, declaration: Declaration) -> str:
        return f"at[{self.places[declaration.slot, declaration.turn]}]"

    def chain(self, middleware: Sequence[Middleware]) -> str:
        """The list of middleware functions, outermost first."""
        return f"[{', '.join(map(self._middleware, middleware))}]"

    def _middleware(self, one: Middleware) -> str:
        if one.index < 0:
            return self.at(one.declaration)
        place = self.places[one.declaration.slot, one.declaration.turn]
        return f"at.middleware({place})[{one.index}]"

    def add(self, index: int, route: Route, shape: Shape) -> None:
        """Entry *index*; None where a conditional declaration, or an include before it, did not happen."""
        self.code.mark(route.span)
        self.code.comment(origin(route))
        doubtful = [one for one in (route.declaration, *route.includes) if one.conditional]
        if not doubtful:
            self._add(index, route, shape)
            return
        absent = " or ".join(f"{self.at(one)} is ABSENT" for one in doubtful)
        with self.code.block(f"if {absent}"):
            self.code.line("add(None)")
        with self.code.block("else"):
            self._add(index, route, shape)

    def _add(self, index: int, route: Route, shape: Shape) -> None:
        self.entry(route, shape, "add(", ")")
        if readers := refine_readers(route, _HANDLER):
            self.code.call(f"refine[{index}] = refiner", [f"[{', '.join(readers)}]"])

    def fallback(self, route: Route, shape: Shape) -> None:
        """The entry of what no route takes, as ``fallback``; set to None before."""
        if not route.declaration.conditional:
            self.entry(route, shape, "fallback = ", "")
            return
        with self.code.block(f"if {self.at(route.declaration)} is not ABSENT"):
            self.entry(route, shape, "fallback = ", "")

    def entry(self, route: Route, shape: Shape, head: str, tail: str) -> None:
        """``head`` entry ``tail``, after the statements that it needs."""
        names = tuple(path_converters(route))
        if route.folded is not None:
            status, media, body = folded_answer(route, self.functions[route.handler])
            answer = f"answer_constant({status}, {constant(media)}, {constant(body)})"
            self.code.call(f"{head}constant", [answer, constant(names), constant(route.id)], tail)
            return
        self.code.line(f"{_HANDLER} = {self.at(route.declaration)}")
        self.code.call(f"run = shapes.{shape.name}", self._data(route, shape))
        arguments = ["run", str(shape.awaits or shape.body_only), constant(names), constant(route.id)]
        if route.options.max_body is not None or shape.body_only:
            arguments.append(f"max_body={constant(self._limit(route))}")
        if shape.body_only:
            arguments.append("body_only=True")
        if route.middleware:
            self.code.call("entry = Entry", arguments)
            self.code.line(f"{head}with_middleware(entry, {self.chain(route.middleware)}){tail}")
        else:
            self.code.call(f"{head}Entry", arguments, tail)

    def _option(self, route: Route) -> str | None:
        """The expression for what was given as ``response=``."""
        if route.options.response is None:
            return None
        place = self.places[route.declaration.slot, route.declaration.turn]
        return f"at.option({place}, 'response')"

    def _limit(self, route: Route) -> int:
        """The most bytes that the route reads of a body."""
        own = route.options.max_body
        return self.app.settings.max_body if own is None else own

    def _data(self, route: Route, shape: Shape) -> list[str]:
        bindings = route.bindings or ()
        values = {
            "handler": _HANDLER,
            "done": done(self.app, route, self.functions[route.handler], self._option(route)),
            "names": constant(tuple(b.parameter for b in bindings if b.keyword)),
            "limit": constant(self._limit(route)),
            "seconds": constant(route.options.timeout),
        }
        for index, binding in enumerate(bindings):
            values[f"read_{index}"] = reader(binding, _HANDLER, path_converters(route))
        return [values[name] for name in parameters(shape)]
