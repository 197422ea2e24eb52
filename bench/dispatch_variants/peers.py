"""Other routers, where they are installed, given the same routes: how each finds one, in its own words."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Find = Callable[[str], Any]


def peers(routes: Sequence[str]) -> Iterator[tuple[str, Find]]:
    """Name and ``find(path)`` of each peer that is installed."""
    for name, package, make in (
        ("Falcon (compiled router)", "falcon", falcon),
        ("Starlette", "starlette", starlette),
        ("FastAPI", "fastapi", fastapi),
        ("werkzeug", "werkzeug", werkzeug),
    ):
        if find_spec(package) is not None:
            yield name, make(routes)


def falcon(routes: Sequence[str]) -> Find:
    from falcon.routing import CompiledRouter

    class Resource:
        def on_get(self, request: Any, response: Any, **values: Any) -> None: ...

    router = CompiledRouter()
    for route in routes:
        router.add_route(route, Resource())
    router.find(routes[0])  # compiles
    find: Find = router.find
    return find


def _first_full(routes: Sequence[Any]) -> Find:
    """What Starlette's ``Router.app`` does to find a route."""
    from starlette.routing import Match

    def find(path: str) -> Any:
        scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
        for route in routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                return route, child
        return None

    return find


def starlette(routes: Sequence[str]) -> Find:
    from starlette.routing import Route

    async def endpoint(request: Any) -> Any: ...

    return _first_full([Route(route, endpoint) for route in routes])


def fastapi(routes: Sequence[str]) -> Find:
    from fastapi.routing import APIRoute

    async def endpoint() -> Any: ...

    return _first_full([APIRoute(route, endpoint) for route in routes])


def werkzeug(routes: Sequence[str]) -> Find:
    routing = import_module("werkzeug.routing")  # may be absent, for the type checker too

    rules = [
        routing.Rule(route.replace("{id:int}", "<int:id>"), endpoint=str(n)) for n, route in enumerate(routes)
    ]
    adapter = routing.Map(rules).bind("localhost")
    return lambda path: adapter.match(path, method="GET")
