"""``conduitc mcp DIST|APP``, ``python -m conduit.mcp DIST``: what an app offers, over stdin and stdout."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from conduit.mcp.stdio import own_pipes, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.app import Conduit
    from conduit.mcp.stdio import Pipes

#: The file that marks a build.
MARK = "conduit-build.json"


def main(arguments: Sequence[str], program: str = "python -m conduit.mcp") -> int:
    """Serve until stdin ends; 2 where what is named is neither a build nor a file of Python."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(f"usage: {program} DIST|APP", file=sys.stderr)
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    place = arguments[0]
    if place.endswith(".py") and os.path.isfile(place):
        return _of_source(place, program)
    if not os.path.isfile(os.path.join(place, MARK)):
        print(
            f"{program}: {place} is no build: make one with `conduitc build APP -o {place}`", file=sys.stderr
        )
        return 2
    sys.path.insert(0, os.path.abspath(place))
    pipes = own_pipes()  # before anything of the user's can print
    app: Any = import_module("app").app
    return _offer(getattr(app, "_conduit", app)._served, pipes, program)


def _of_source(file: str, program: str) -> int:
    """An app without a build: it is imported, and compiled in memory."""
    from conduit.app import Conduit

    pipes = own_pipes()
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    module = import_module(os.path.splitext(os.path.basename(file))[0])
    apps = {name: one for name, one in vars(module).items() if isinstance(one, Conduit)}
    app = apps.get("app") or next(iter(apps.values()), None)
    if app is None:
        print(f"{program}: {file} has no Conduit app", file=sys.stderr)
        return 2
    return offer_app(app, pipes, program)


def offer_app(app: Conduit, pipes: Pipes | None = None, program: str = "app.run()") -> int:
    """Serve an app that is imported; its build is made in memory where it has none."""
    pipes = own_pipes() if pipes is None else pipes
    if app._served is None:
        from conduit.memory import first_scope

        first_scope(app)
    if app._served is None:
        error = getattr(getattr(app._serve, "__self__", None), "_error", "it cannot be compiled")
        print(f"{program}: {error}", file=sys.stderr)
        return 1
    return _offer(app._served, pipes, program)


def _offer(served: Any, pipes: Pipes, program: str) -> int:
    if served.offered is None:
        print(f"{program}: this app does not call `app.enable_mcp()`", file=sys.stderr)
        return 2
    return serve(served, pipes)
