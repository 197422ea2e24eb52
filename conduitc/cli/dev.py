"""``conduitc dev APP``: serve while you work."""

import signal
import socket
import sys

from conduitc.cli.served import address
from conduitc.dev.server import DevServer


def dev_command(target: str, host: str, port: int) -> int:
    """Serve until interrupted; 2 where the address is taken."""
    try:
        sock = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        print(f"conduitc dev: cannot listen on {address(host, port)}: {error.strerror}", file=sys.stderr)
        return 2
    sock.set_inheritable(True)
    url = address(host, sock.getsockname()[1])
    print(f"Server running at {url}\nwatching {target}; Ctrl-C stops", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        DevServer(target, sock, _say).run()
    except KeyboardInterrupt:
        return 0
    finally:
        sock.close()
    return 0


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)
