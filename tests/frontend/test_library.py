"""What the dialect knows of the library is what the library has."""

import importlib
import inspect
from collections.abc import Callable
from typing import TypeVar

import conduit
import pytest

from conduitc.frontend.conduit import declare, names, options
from conduitc.passes import usage

OF = {
    "get": (conduit.Conduit.get, options.ROUTE, {"path"}),
    "route": (conduit.Conduit.route, options.ROUTE, {"path", "methods"}),
    "websocket": (conduit.Router.websocket, options.SOCKET, {"path"}),
    "Conduit": (conduit.Conduit.__init__, options.APP, set()),
    "Router": (conduit.Router.__init__, options.ROUTER, set()),
    "include": (conduit.Conduit.include, options.INCLUDE, {"router"}),
    "tool": (conduit.Conduit.tool, options.TOOL, {"function"}),
    "enable_mcp": (conduit.Conduit.enable_mcp, options.MCP, set()),
    "Introspection": (conduit.Introspection.__init__, options.INTROSPECTION, set()),
}


@pytest.mark.parametrize("name", OF)
def test_options_are_the_signatures(name: str) -> None:
    function, table, own = OF[name]
    assert set(inspect.signature(function).parameters) - {"self", "_slot"} == set(table) | own


def test_exports() -> None:
    assert set(conduit.__all__) == names.EXPORTS


def _is_own(value: object, module: str) -> bool:
    return getattr(value, "__module__", "") == module and not isinstance(value, TypeVar)


@pytest.mark.parametrize("module", names.OF_PARTS)
def test_exports_of_parts(module: str) -> None:
    found = importlib.import_module(module)
    own = {name for name, value in vars(found).items() if _is_own(value, module)}
    own |= {name for name in getattr(found, "__all__", ()) if getattr(found, name)}  # some are lazy
    assert {name for name in own if not name.startswith("_")} == names.OF_PARTS[module]


def test_attributes_of_requests() -> None:
    assert {name for name in dir(conduit.Request) if not name.startswith("_")} == usage.ATTRIBUTES


@pytest.mark.parametrize(("kind", "cls"), [("app", conduit.Conduit), ("router", conduit.Router)])
def test_declaring_methods(kind: str, cls: type) -> None:
    public = {name for name, value in inspect.getmembers(cls, callable) if not name.startswith("_")}
    assert declare.methods(kind) == public - {"run", "resource_updated"}


def test_every_declaring_call_takes_a_slot() -> None:
    for kind, cls in (("app", conduit.Conduit), ("router", conduit.Router)):
        for name in declare.methods(kind):
            method: Callable[..., object] = getattr(cls, name)
            assert "_slot" in inspect.signature(method).parameters, name
