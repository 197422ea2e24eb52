"""From whom a request over HTTP may come: Host and Origin → nothing, or 403.

Read to the letter: what is not a name or address and a port is nobody's. X-Forwarded-Host and its kin are not
looked at: whoever sends a request can write them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from conduit.http.errors import HTTPError

if TYPE_CHECKING:
    from collections.abc import Collection

    from conduit.http.entry import Scope
    from conduit.mcp.checks import Headers

#: Where in its scope a request's principal is noted, if it has one.
PRINCIPAL = "conduit.principal"

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = rb"(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::[0-9]{1,5})?"
_host = re.compile(_HOST).fullmatch
_origin = re.compile(rb"https?://" + _HOST).fullmatch


def check_source(scope: Scope, headers: Headers, hosts: Collection[str]) -> None:
    """Refuse what another site's page may have sent: by a name that it gave this machine (DNS rebinding), or
    from its own origin. ``hosts`` are names that are ours, beside the loopback's.

    Raises:
        HTTPError: 403.
    """
    name = _of_host(headers.raw(b"host") or b"")
    if (name not in LOOPBACK and name not in hosts) or headers.twice(b"host"):
        server = scope.get("server")
        if hosts or (server is not None and _is_loopback(str(server[0]))):
            raise HTTPError(403, "this server does not go by that name")
    origin = headers.raw(b"origin")
    if origin is not None:
        name = _name(_origin(origin))
        if (name not in LOOPBACK and name not in hosts) or headers.twice(b"origin"):
            raise HTTPError(403, "requests from that origin are not answered")


@lru_cache(64)
def _of_host(value: bytes) -> str:
    return _name(_host(value))


def _name(found: re.Match[bytes] | None) -> str:
    """The name or address; nothing where there is none."""
    return "" if found is None else (found[1] or found[2]).decode().lower()


def _is_loopback(address: str) -> bool:
    """Whether only this machine reaches it; where both kinds of addresses are listened to, 127.0.0.1 has
    another spelling."""
    return address.removeprefix("::ffff:").startswith("127.") or address in LOOPBACK
