"""Route → Shape: everything about a route that decides the *code* of its adapter.

Routes of the same shape share one adapter function; what differs between them (handler, readers, names,
status) is handed to it as data. So generated code grows with the number of shapes, not of routes.
"""

from collections.abc import Sequence

from msgspec import Struct

from conduitc.ir.nodes import Binding, Dynamic, Function, Offer, Route
from conduitc.ir.types import Scalar

#: What a path value already is after its converter; anything else needs a reader.
_CONVERTED = {"int": "int", "float": "float", "uuid": "uuid", "str": "str", "path": "str"}

#: Calls that wait for nothing.
_AT_ONCE = ("call", "step")


class Read(Struct, frozen=True):
    """One argument: ``how`` is value (a path value as it is), path, query, header, cookie, body, request, or
    nothing: a request that the handler's body never mentions is not made. Of offers it is argument,
    text (an argument that was text) or context.

    ``position`` is the place of a ``value`` among the path's; ``keyword`` marks a keyword-only parameter.
    """

    how: str
    position: int = 0
    keyword: bool = False


class Shape(Struct, frozen=True):
    """The code of one adapter. ``timed`` where the route has a timeout; ``socket`` for a WebSocket's, which
    answers nothing; ``tool`` for an offer's, whose answer is what the function gives.

    ``call`` is how the handler is called: ``call`` (directly), ``step`` (a coroutine that waits for nothing),
    ``awaited``, ``thread``, or ``opaque`` and ``opaque_thread``, whose result may be awaitable.
    """

    call: str
    reads: tuple[Read, ...]
    timed: bool
    socket: bool = False
    tool: bool = False

    @property
    def awaits(self) -> bool:
        """Whether the adapter is a coroutine."""
        return self.socket or self.call not in _AT_ONCE

    @property
    def body_only(self) -> bool:
        """Whether it runs at once when the body is there, which it is given."""
        return not self.awaits and any(read.how == "body" for read in self.reads)

    @property
    def name(self) -> str:
        """A readable identifier, unique to the shape."""
        # "await" alone is no identifier
        words = ["awaited" if self.call == "await" else self.call, *(_word(read) for read in self.reads)]
        words = ["socket", *words] if self.socket else ["tool", *words] if self.tool else words
        return "_".join([*words, "timed"] if self.timed else words)


def _word(read: Read) -> str:
    word = f"value{read.position}" if read.how == "value" else read.how
    return word + "kw" if read.keyword else word


def shape_of(function: Function, route: Route) -> Shape:
    """The shape of a bound and placed route; ``function`` is its handler's."""
    converters = path_converters(route)
    ignored = () if function.opaque else function.effects.unused_parameters
    reads = tuple(_read(binding, converters, ignored) for binding in route.bindings or ())
    call = _call(function, route.placement, reads, endless=route.websocket)
    # a call on the event loop itself cannot be interrupted
    timed = route.options.timeout is not None and call not in _AT_ONCE
    return Shape(call, reads, timed, socket=route.websocket)


def shape_of_offer(function: Function, offer: Offer) -> Shape:
    """The shape of a bound and placed tool, resource or prompt; ``function`` is its own."""
    reads = tuple(Read(binding.source, keyword=binding.keyword) for binding in offer.bindings or ())
    return Shape(_call(function, offer.placement, reads), reads, timed=False, tool=True)


def path_converters(route: Route) -> dict[str, tuple[int, str]]:
    """Path parameter → its position among the path values (from 0) and its converter."""
    dynamic = [segment for segment in route.path.segments if isinstance(segment, Dynamic)]
    return {segment.name: (position, segment.converter or "str") for position, segment in enumerate(dynamic)}


def _call(function: Function, placement: str | None, reads: Sequence[Read], *, endless: bool = False) -> str:
    if function.opaque is not None:
        return "opaque" if function.is_async or placement == "inline" else "opaque_thread"
    if function.is_generator:  # calling it only makes the generator; an async one may ask for the body
        asks = function.is_async and any(read.how == "request" for read in reads)
        return "opaque" if asks else "call"
    if function.is_async:
        return "step" if placement == "inline" and not endless else "await"
    return "call" if placement == "inline" else "thread"


def _read(binding: Binding, converters: dict[str, tuple[int, str]], ignored: Sequence[str]) -> Read:
    if binding.source == "request" and binding.parameter in ignored:
        return Read("nothing", keyword=binding.keyword)
    if binding.source != "path":
        return Read(binding.source, keyword=binding.keyword)
    position, converter = converters[binding.key]
    plain = not binding.refined and binding.type == Scalar(_CONVERTED[converter])
    if plain:
        return Read("value", position, binding.keyword)
    return Read("path", keyword=binding.keyword)  # its reader knows the position


def origin(route: Route | Offer) -> str:
    """A route or an offer as comments name it."""
    if not isinstance(route, Route):
        return f"{route.id}  ({route.span})"
    return f"{','.join(route.methods)} {route.path.text}  ({route.span})"
