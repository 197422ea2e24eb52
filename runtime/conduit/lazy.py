"""Modules of a build that are imported on the first request to one of their routes (``--lazy``).

In the copied sources ``module`` and ``router`` stand where such a module was imported; ``Groups`` is
what wiring makes the group's entries with. A module is imported where the request is served, as at a start:
in the same thread, while others wait.
"""

from __future__ import annotations

from importlib import import_module

from conduit.http.entry import Entry
from conduit.http.errors import Loaded
from conduit.router import Router
from conduit.table import reachable, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from conduit.http.entry import Hit, Receive, Scope
    from conduit.table import Expected, Table

    Fill = Callable[[Table], tuple[Sequence[Entry], Mapping[int, Callable[[Hit], bool]]]]


class StandIn(Router):
    """Included in place of a router whose module is not imported yet; ``real`` is that router, then."""

    def __init__(self, module: str, name: str) -> None:
        self._record = []
        self.module = module
        self.name = name
        self.real: Router | None = None

    def find(self) -> None:
        """Take the router from its module, which is imported for it.

        Raises:
            TypeError: it is none.
        """
        found = getattr(import_module(self.module), self.name)
        if not isinstance(found, Router):
            raise TypeError(f"include takes a Router, got {type(found).__name__}")
        self.real = found


class Later:
    """Stands for a module; its attributes are stand-ins."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> StandIn:
        return StandIn(self._module, name)


def module(name: str) -> Later:
    """In place of an imported module."""
    return Later(name)


def router(module: str, name: str) -> StandIn:
    """In place of a router imported from a module."""
    return StandIn(module, name)


class Groups:
    """The groups of one app. ``modules[i]`` is the module of group *i*, with its declarations' places."""

    def __init__(
        self, app: Any, expected: Sequence[Expected], modules: Sequence[tuple[str, Sequence[int]]]
    ) -> None:
        self._app = app
        self._expected = expected
        self._modules = modules
        self._fills: list[Fill | None] = [None] * len(modules)
        self._entries: list[list[Entry]] = [[] for _ in modules]
        self._refine: list[Mapping[int, Callable[[Hit], bool]] | None] = [None] * len(modules)

    def table(self, also: int = -1) -> Table:
        """The objects of what is there: what groups bring that are loaded, or ``also``, is expected too."""
        there: set[int] = set()
        later: set[int] = set()
        for number, (_, places) in enumerate(self._modules):
            loaded = number == also or self._refine[number] is not None
            (there if loaded else later).update(places)
        return table(self._app, self._expected, later - there)

    def fill(self, number: int, fill: Fill) -> None:
        """Say how the entries of a group are made."""
        self._fills[number] = fill

    def entry(self, number: int, own: int, names: Sequence[str], route: str, **options: Any) -> Entry:
        """Stands for the group's entry *own*, and becomes it."""

        async def run(scope: Scope, receive: Receive, hit: Hit) -> Any:
            self.load(number)
            raise Loaded

        made = Entry(run, True, names, route, **options)
        self._entries[number].append(made)
        return made

    def refine(self, number: int, own: int) -> Callable[[Hit], bool]:
        """Whether the values of a hit satisfy the handler's annotations: that takes the handler."""

        def accepts(hit: Hit) -> bool:
            return self.load(number)[own](hit)

        return accepts

    def load(self, number: int) -> Mapping[int, Callable[[Hit], bool]]:
        """Import the group's module, once, and make its entries."""
        known = self._refine[number]
        if known is not None:
            return known
        name = self._modules[number][0]
        import_module(name)
        for row in list(reachable(self._app)):
            if isinstance(row[4], StandIn) and row[4].module == name:
                row[4].find()
        fill = self._fills[number]
        assert fill is not None
        entries, refine = fill(self.table(number))
        for stand_in, real in zip(self._entries[number], entries, strict=True):
            stand_in.become(real)
        self._refine[number] = refine
        return refine
