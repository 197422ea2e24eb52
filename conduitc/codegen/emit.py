"""App → every text of a build but the copied sources and what metadata needs: pure, no disk.

The three modules under ``_conduit`` are the same in a build and in memory; only where they go differs.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from conduitc import __version__
from conduitc.codegen.adapters import emit_adapters
from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.dispatch_python import emit_python
from conduitc.codegen.introspection import doors as introspection_doors
from conduitc.codegen.mcp import doors, emit_mcp_module
from conduitc.codegen.plan import lower, patterns
from conduitc.codegen.shapes import Shape, shape_of, shape_of_offer
from conduitc.codegen.sourcemap import emit_sourcemap
from conduitc.codegen.wiring import emit_wiring
from conduitc.ir.dispatch import DispatchPlan
from conduitc.ir.nodes import App, Function, Offer, Route
from conduitc.kept import Kept

Target = Literal["python", "cython"]


class Emitted(Struct, frozen=True):
    """The texts of the modules, where their lines come from, and the plan they were made from.

    ``mcp`` is None where the app offers nothing by MCP.
    """

    dispatch: str
    adapters: str
    wiring: str
    sourcemap: str
    mcp: str | None
    plan: DispatchPlan
    shapes: int


def emit_service(
    app: App, target: Target, texts: Mapping[str, str] = MappingProxyType({}), kept: Kept | None = None
) -> Emitted:
    """What serves the app's routes, for one target. ``texts`` are the sources by file; ``kept`` is what was
    found in texts before."""
    routes = [route for route in app.routes if not route.fallback]
    offered = doors(app, len(routes))
    asked = introspection_doors(app, len(routes) + len(offered))
    plan = lower((*patterns(routes), *offered, *asked))
    origins = [f"{route.path.text}  ({route.span})" for route in routes]
    origins += [f"{path}  (MCP)" for _, path in app.doors]
    origins += [f"{path}  (introspection)" for _, path in app.introspection_doors]
    emit_dispatch = emit_cython if target == "cython" else emit_python
    functions = {function.id: function for function in app.functions}
    shapes = [shape_of(functions[route.handler], route) for route in routes]
    users = _users(app, functions, routes, shapes)
    adapters = emit_adapters(users, __version__, app.entry)
    wiring = emit_wiring(app, functions, routes, shapes, __version__)
    mcp = emit_mcp_module(app)
    suffix = "pyx" if target == "cython" else "py"
    marks = {f"adapters.{suffix}": adapters.marks, "wiring.py": wiring.marks}
    marks |= {"mcp.py": mcp.marks} if mcp else {}
    return Emitted(
        dispatch=emit_dispatch(plan, origins),
        adapters=adapters.text(),
        wiring=wiring.text(),
        sourcemap=emit_sourcemap(app, marks, texts, kept),
        mcp=mcp.text() if mcp else None,
        plan=plan,
        shapes=len(users),
    )


def _users(
    app: App, functions: Mapping[str, Function], routes: Sequence[Route], shapes: Sequence[Shape]
) -> dict[Shape, list[Route | Offer]]:
    users: dict[Shape, list[Route | Offer]] = {}
    for route, shape in zip(routes, shapes, strict=True):
        if route.folded is None:
            users.setdefault(shape, []).append(route)
    for route in app.routes:
        if route.fallback:
            users.setdefault(shape_of(functions[route.handler], route), []).append(route)
    for offer in app.offers if app.mcp is not None else ():
        users.setdefault(shape_of_offer(functions[offer.function], offer), []).append(offer)
    return users
