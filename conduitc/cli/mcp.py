"""``conduitc mcp DIST``: an app's tools over stdin and stdout, by the runtime that the build carries."""

import os
import sys

from conduitc.cli.run import build_among

_PROGRAM = "conduitc mcp"


def mcp_command(arguments: list[str]) -> int:
    """Serve until stdin ends; 2 where ``DIST`` is not a build."""
    dist = build_among(arguments)
    if dist is not None:
        sys.path.insert(0, os.path.abspath(dist))
    from conduit.mcp.command import main

    return main(arguments, _PROGRAM)
