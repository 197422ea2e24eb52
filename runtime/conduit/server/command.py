"""``conduitc run DIST``, and ``python -m conduit.server DIST`` where conduitc is not installed.

In: the words of the command line. Out: a served build, and the exit code: 0 after an orderly end, 1 where the
app does not start, 2 where what is asked cannot be done.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from conduit.server.listen import Refused, address_of, bound, bound_unix, inherited
from conduit.server.settings import BY_NAME, SettingError, Settings, environment_of
from conduit.server.words import parser

if TYPE_CHECKING:
    import socket
    from argparse import Namespace
    from collections.abc import Sequence

#: The file that marks a build.
MARK = "conduit-build.json"


def main(arguments: Sequence[str], program: str = "python -m conduit.server") -> int:
    """Serve until stopped."""
    options = parser(program).parse_args(arguments)
    options.program = program
    dist = options.dist
    if not (os.path.isfile(os.path.join(dist, MARK)) and os.path.isfile(os.path.join(dist, "app.py"))):
        return _refuse(program, f"{dist} is no build: make one with `conduitc build APP -o {dist}`")
    try:
        _check(options)
        said = {name: value for name in BY_NAME if (value := getattr(options, name)) is not None}
        os.environ.update(environment_of(said))  # workers read it there
        settings = Settings.from_environment(os.environ)
        listener = _listener(options)
    except (SettingError, Refused) as error:
        return _refuse(program, str(error))
    path = os.path.abspath(dist)
    if path in sys.path:
        sys.path.remove(path)
    sys.path.insert(0, path)
    try:
        return _serve(options, settings, listener)
    finally:
        listener.close()
        if options.uds is not None:
            _unlink(options.uds)


def _serve(options: Namespace, settings: Settings, listener: socket.socket) -> int:
    scheme = "https" if options.ssl_certfile else "http"
    if find_spec("conduit.server._native") is None:
        from conduit.server.process import WITHOUT

        print(f"{options.program}: this build has no native module; {WITHOUT}", file=sys.stderr, flush=True)
    served = f"Server running at {address_of(listener, options.host, scheme)}"
    if options.workers > 1:
        from conduit.server.supervisor import supervise

        return supervise(options, settings, listener, served)
    from conduit.server.process import Process, serve

    return serve(Process(options, settings, listener, lambda: print(served, flush=True)))


def _check(options: Namespace) -> None:
    """Refuse what does not go together.

    Raises:
        Refused: it does not.
    """
    if options.single and options.workers > 1:
        raise Refused("--single is one process: leave --workers out")
    if options.workers > 1 and os.name != "posix":
        raise Refused("--workers needs a POSIX system")
    if options.uds is not None and options.fd is not None:
        raise Refused("--uds and --fd are two addresses: give one of them")
    if options.loop == "uvloop" and find_spec("uvloop") is None:
        raise Refused("--loop uvloop needs uvloop: pip install uvloop")
    if options.ssl_certfile is None and (options.ssl_keyfile or options.ssl_ca_certs):
        raise Refused("TLS needs --ssl-certfile")
    if options.ssl_certfile is not None:
        from conduit.server.tls import context_of

        context_of(options)


def _listener(options: Namespace) -> socket.socket:
    if options.fd is not None:
        return inherited(options.fd)
    if options.uds is not None:
        return bound_unix(options.uds)
    return bound(options.host, options.port, "https" if options.ssl_certfile else "http")


def _unlink(path: str) -> None:
    """Nobody listens there any more."""
    try:
        os.unlink(path)
    except OSError:
        return


def _refuse(program: str, why: str) -> int:
    print(f"{program}: {why}", file=sys.stderr)
    return 2
