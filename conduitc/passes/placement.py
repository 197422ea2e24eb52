"""Where each handler runs: ``inline`` on the event loop, in a ``thread``, or as a ``task``.

In: functions with their effects. Out: ``Route.placement``, and ``placement_why``, what keeps it from running
inline. Only what is proven runs inline: one obstacle anywhere in the functions it calls is enough.

``def f(): return {"a": 1}``   →   inline
``def f(): return helper()``, where ``helper`` sleeps   →   thread, because of the sleep
"""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Edit, Fix, Label
from conduitc.ir.nodes import App, Function, Middleware, Obstacle, Offer, RequestUse, Route, Tool
from conduitc.passes.offered import replace_offers
from conduitc.passes.placement_rules import AWAITABLE_IN_DEF, BLOCKS_LOOP, BLOCKS_THREAD, KEPT_FROM_INLINE
from conduitc.span import Span

_AWAITABLE = frozenset({"body", "json", "form", "stream"})


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    verdicts = _verdicts(functions)
    routes = tuple(_placed(route, functions, verdicts) for route in app.routes)
    app = replace_offers(app, lambda one: _placed_offer(one, functions, verdicts))
    app = replace(app, routes=routes)
    return app, (*_findings(app, functions), *_kept(app, functions))


def _placed(
    route: Route, functions: Mapping[str, Function], verdicts: Mapping[str, Obstacle | None]
) -> Route:
    function = functions.get(route.handler)
    if function is None:
        unknown = Obstacle("its body is not part of the project", route.span)
        return replace(route, placement="thread", placement_why=unknown)
    if route.websocket:  # it lasts as long as the client likes
        return replace(route, placement="task")
    why = _why(function, route.options.blocking, route.span, verdicts[function.id])
    elsewhere = "task" if function.is_async else "thread"
    return replace(route, placement=elsewhere if why else "inline", placement_why=why)


def _placed_offer(
    offer: Offer, functions: Mapping[str, Function], verdicts: Mapping[str, Obstacle | None]
) -> Offer:
    """As a route. What a tool says while it runs is sent by the event loop, so it does not run there; nor
    does what may take only so long, unless it is said to."""
    function = functions[offer.function]
    why = _why(function, offer.blocking, offer.span, verdicts[function.id])
    context = next((one for one in offer.bindings or () if one.source == "context"), None)
    if context is not None and why is None:
        why = Obstacle("it takes the context", context.span)
    if why is None and isinstance(offer, Tool) and offer.timeout is not None and offer.blocking is not False:
        why = Obstacle("it has a timeout, and what runs on the event loop cannot be interrupted", offer.span)
    elsewhere = "task" if function.is_async else "thread"
    return replace(offer, placement=elsewhere if why else "inline", placement_why=why)


def _why(function: Function, blocking: bool | None, span: Span, verdict: Obstacle | None) -> Obstacle | None:
    """What keeps the handler from running inline; ``blocking=`` has the last word on a ``def``."""
    if blocking:
        return Obstacle("declared with blocking=True", span)
    if function.is_generator:
        return Obstacle("it yields", function.span)
    if blocking is False and not function.is_async:
        return None
    if function.opaque is not None:
        return Obstacle(f"wrapped by {function.opaque}, which is not known", function.span)
    return verdict


def _verdicts(functions: Mapping[str, Function]) -> dict[str, Obstacle | None]:
    """The first obstacle of each function and of all it calls, callees first.

    What is left when no function has only settled callees calls itself, or ends in one that does.
    """
    waiting = {
        id_: {call for call in one.effects.calls if call in functions} for id_, one in functions.items()
    }
    callers: dict[str, list[str]] = {id_: [] for id_ in functions}
    for id_, calls in waiting.items():
        for call in calls:
            callers[call].append(id_)
    verdicts: dict[str, Obstacle | None] = {}
    ready = [id_ for id_, calls in waiting.items() if not calls]
    for id_ in ready:
        verdicts[id_] = _own(functions[id_]) or _of_callees(functions[id_], functions, verdicts)
        for caller in callers[id_]:
            waiting[caller].discard(id_)
            if not waiting[caller]:
                ready.append(caller)
    for id_, one in functions.items():
        if id_ not in verdicts:
            verdicts[id_] = _own(one) or Obstacle("it calls itself, or what it calls does", one.span)
    return verdicts


def _own(function: Function) -> Obstacle | None:
    effects = function.effects
    found = next(iter((*effects.blocking, *effects.unproven)), None)
    if found is not None:
        return found
    return Obstacle("it awaits", function.span) if effects.awaits else None


def _of_callees(
    function: Function, functions: Mapping[str, Function], verdicts: Mapping[str, Obstacle | None]
) -> Obstacle | None:
    for call in function.effects.calls:
        callee = functions.get(call)
        if callee is None:
            return Obstacle(f"it calls {call.rpartition(':')[2]}, whose body is not known", function.span)
        if callee.opaque is not None:
            why = f"it calls {callee.qualname}, which is wrapped by {callee.opaque}"
            return Obstacle(why, callee.span)
        if callee.is_async:
            return Obstacle(f"it calls {callee.qualname}, which is async", callee.span)
        found = verdicts[call]
        if found is not None:
            return found
    return None


# -- findings ------------------------------------------------------------------------------------------------


def _findings(app: App, functions: Mapping[str, Function]) -> Iterator[Diagnostic]:
    blocking = _reaching_blocks(functions)
    called = {callee for one in functions.values() for callee in one.effects.calls}
    judged: set[str] = set()
    for route in app.routes:
        function = functions.get(route.handler)
        if function is None or function.opaque is not None:
            continue
        if not function.is_async:
            used = function.id in called
            yield from (_awaitable_in_def(use, function, used) for use in _awaitables(function))
        if route.options.blocking is None or (route.options.blocking and function.is_async):
            yield from (_blocks(function, *found) for found in _blocking(function, blocking))
        judged.add(function.id)
    for id_ in {one.function: None for one in app.offers if one.function in functions}:
        if functions[id_].is_async and functions[id_].opaque is None and id_ not in judged:
            judged.add(id_)
            yield from (_blocks(functions[id_], *found) for found in _blocking(functions[id_], blocking))
    for id_ in [one.function for one in app.middleware if one.function is not None]:
        if id_ in functions and id_ not in judged:
            yield from (_blocks(functions[id_], *found) for found in _blocking(functions[id_], blocking))


def _kept(app: App, functions: Mapping[str, Function]) -> Iterator[Diagnostic]:
    """Middleware, and the handlers around which it stands though they could be answered inline."""
    around: dict[Span, tuple[Middleware, dict[str, None]]] = {}
    for route in app.routes:
        if route.placement == "inline":
            for one in (*app.middleware, *route.middleware):
                around.setdefault(one.span, (one, {}))[1][route.handler] = None
    for middleware, handlers in around.values():
        first = functions[next(iter(handlers))]
        many = f"{len(handlers)} handlers, such as `{first.qualname}`,"
        yield KEPT_FROM_INLINE.at(
            middleware.span,
            labels=(Label(first.span, "could be answered inline"),),
            name=middleware.name.rpartition(".")[2],
            handlers=many if len(handlers) > 1 else f"`{first.qualname}`",
        )


def _reaching_blocks(functions: Mapping[str, Function]) -> dict[str, Function]:
    """The functions that block, or call one that does."""
    callers: dict[str, list[Function]] = {}
    for one in functions.values():
        for call in one.effects.calls:
            callers.setdefault(call, []).append(one)
    found = {id_: one for id_, one in functions.items() if one.effects.blocking}
    waiting = list(found)
    for id_ in waiting:
        for caller in callers.get(id_, ()):
            if caller.id not in found:
                found[caller.id] = caller
                waiting.append(caller.id)
    return found


def _blocking(
    root: Function, blocking: Mapping[str, Function]
) -> Iterator[tuple[Obstacle, tuple[Function, ...]]]:
    """Each blocking place that calling ``root`` reaches, and the functions on the way to it."""
    if root.id not in blocking:
        return
    queue: list[tuple[Function, ...]] = [(root,)]
    seen = {root.id}
    for path in queue:
        for place in path[-1].effects.blocking:
            yield place, path
        for call in path[-1].effects.calls:
            if call in blocking and call not in seen:
                seen.add(call)
                queue.append((*path, blocking[call]))


def _blocks(root: Function, place: Obstacle, path: tuple[Function, ...]) -> Diagnostic:
    """On the event loop a warning at the blocking call; in a thread a hint at the handler."""
    way = "".join(f", called by {one.qualname}" for one in reversed(path[:-1]))
    if root.is_async:
        labels = (Label(root.span, f"{root.qualname} runs on the event loop"),)
        return BLOCKS_LOOP.at(
            place.span,
            label=f"blocks{way}",
            labels=labels,
            help=place.help,
            what=place.reason,
            name=root.qualname,
        )
    labels = (Label(place.span, f"blocks{way}"),)
    return BLOCKS_THREAD.at(root.span, labels=labels, what=place.reason, name=root.qualname)


def _awaitables(function: Function) -> Iterator[RequestUse]:
    return (use for use in function.effects.request_uses if use.attribute in _AWAITABLE)


def _awaitable_in_def(use: RequestUse, function: Function, called: bool) -> Diagnostic:
    written = f"{use.parameter}.{use.attribute}"
    instead = "take the body as a parameter (`data: dict`, or a dataclass), or "
    way = f"write `await {written}()`" if use.attribute != "stream" else "loop with `async for`"
    return AWAITABLE_IN_DEF.at(
        use.span,
        label="gives a coroutine, not a value" if use.attribute != "stream" else "waits for each piece",
        labels=(Label(function.span, "cannot await"),),
        help=f"{instead * (use.attribute == 'json')}make the handler `async def` and {way}",
        fix=_async(use, function, called),
        what=written,
    )


def _async(use: RequestUse, function: Function, called: bool) -> Fix | None:
    """``async def``, and ``await`` where the call stands.

    Safe where it changes nothing else: nobody calls the function, and nothing in it may block, so that it
    loses nothing by leaving its thread.
    """
    if use.call is None or function.is_generator:
        return None
    start = replace(use.span, end_line=use.span.line, end_column=use.span.column)
    end = replace(use.span, line=use.span.end_line, column=use.span.end_column)
    place = function.span
    before = Edit(replace(place, end_line=place.line, end_column=place.column), "async ")
    opened, closed = ("await ", ()) if use.call == "value" else ("(await ", (Edit(end, ")"),))
    effects = function.effects
    obstacles = [one for one in effects.unproven if one.span != use.span]
    left = any(one.call is None for one in _awaitables(function))
    safe = not (called or left or effects.blocking or effects.calls or obstacles)
    return Fix("await it in an `async def`", start, opened, also=(before, *closed), safe=safe)
