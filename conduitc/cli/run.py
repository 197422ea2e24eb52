"""``conduitc run DIST``: serve a build in production, by the runtime that the build carries.

So the build decides what serves it, and ``python -m conduit.server DIST`` does the same where conduitc is not
installed. Nothing of the compiler is imported.
"""

import os
import sys

from conduitc.cli.served import MARK, mend

_PROGRAM = "conduitc run"


def run_command(arguments: list[str]) -> int:
    """Serve until stopped; 2 where ``DIST`` is not a build, or what is asked cannot be done."""
    dist = build_among(arguments)
    if dist is not None:
        if not os.path.isdir(os.path.join(dist, "conduit", "server")):
            print(f"{_PROGRAM}: {dist} was built by an older conduitc: build it again", file=sys.stderr)
            return 2
        sys.path.insert(0, os.path.abspath(dist))
    from conduit.server.command import main

    return main(arguments, _PROGRAM)


def build_among(words: list[str]) -> str | None:
    """The build that is meant; it is looked for before the build's own options are known."""
    named = [word for word in words if word and not word.startswith("-")]
    found = next(filter(_is_build, named), None)
    if found is None:
        for path in named:
            if not os.path.exists(path):
                mend(path)  # a build that was to replace it may have been killed
        found = next(filter(_is_build, named), None)
    return found


def _is_build(path: str) -> bool:
    return os.path.isfile(os.path.join(path, MARK))
