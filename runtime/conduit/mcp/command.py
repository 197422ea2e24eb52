"""``conduitc mcp DIST|APP``, and ``python -m conduit.mcp DIST``: an app's tools over stdin and stdout."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from conduit.mcp.stdio import own_stdout, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The file that marks a build.
MARK = "conduit-build.json"


def main(arguments: Sequence[str], program: str = "python -m conduit.mcp") -> int:
    """Serve until stdin ends; 2 where what is named is no build."""
    named = [one for one in arguments if not one.startswith("-")]
    if len(named) != 1 or len(arguments) != 1:
        print(f"usage: {program} DIST", file=sys.stderr)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    dist = named[0]
    if not os.path.isfile(os.path.join(dist, MARK)):
        print(f"{program}: {dist} is no build: make one with `conduitc build APP -o {dist}`", file=sys.stderr)
        return 2
    sys.path.insert(0, os.path.abspath(dist))
    out = own_stdout()  # before anything of the user's can print
    app: Any = import_module("app").app
    return offer(getattr(app, "_conduit", app)._served, out, program)


def offer(served: Any, out: int, program: str) -> int:
    """Serve what is served; 2 where it offers nothing."""
    if served.offered is None:
        print(f"{program}: this app does not call `app.enable_mcp()`", file=sys.stderr)
        return 2
    try:
        serve(served, out)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the client went away
        return 0
    return 0
