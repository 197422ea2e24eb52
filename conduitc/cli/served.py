"""What the serving commands share: how a build is recognised, how an address is written and taken."""

import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: The file that marks a build (``conduitc.output`` writes it; importing that room costs more than this line).
MARK = "conduit-build.json"


def mend(dist: "str | Path") -> None:
    """Bring back the build that was at ``dist``, where one that was to replace it was killed."""
    from pathlib import Path

    from conduitc.exchange import repair

    repair(Path(dist).absolute().parent)


def address(host: str, port: int) -> str:
    """``http://host:port`` as one can open it: wildcard addresses become the loopback's."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    if ":" in shown and not shown.startswith("["):
        shown = f"[{shown}]"
    return f"http://{shown}:{port}"


def listening(command: str, host: str, port: int) -> socket.socket | None:
    """A listening socket; None, and the reason on stderr, where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        # create_server appends "(while attempting to bind …)" to what the system says
        why = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        print(f"conduitc {command}: cannot listen on {address(host, port)}: {why}", file=sys.stderr)
        return None
