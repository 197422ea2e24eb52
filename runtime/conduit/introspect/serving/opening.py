"""Settings → the entries of a door, when the app starts: all that can be wrong with them is said here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from conduit.introspect.audit import Audit
from conduit.introspect.serving.callers import Callers
from conduit.introspect.serving.door import Door
from conduit.introspect.serving.guards import Guards
from conduit.introspect.serving.models import Models
from conduit.introspect.serving.rate import rate_of
from conduit.introspect.serving.source import of_file, of_memory
from conduit.introspection import AUDIT, TOKEN

if TYPE_CHECKING:
    from typing import Any

    from conduit.http.entry import Entry
    from conduit.introspect.serving.source import Source
    from conduit.introspection import Introspection

#: Beside the metadata, or the app's own file: while there is one of that name, nobody is answered.
OFF = "introspect.off"
_STDERR = 2


def opened(settings: Introspection, count: int, file: str, app: Any) -> list[Entry]:
    """The entries of an app's door. ``file`` is that of the wiring: the metadata stands above it, if it is a
    build's.

    Raises:
        TypeError, ValueError: a setting cannot be, or there is no token.
        OSError: the audit cannot be written.
    """
    if os.path.isfile(file):
        folder = os.path.dirname(os.path.dirname(os.path.abspath(file)))
        source = of_file(folder)
    else:
        folder = os.path.dirname(os.path.abspath(app._module.get("__file__") or ""))
        source = of_memory(lambda: _compiled(app))
    return entries_of(Door(guards_of(settings, source, folder)), count)


def entries_of(door: Door, count: int) -> list[Entry]:
    """Of ``App.introspection_doors``: the door by several addresses, and at last the one for models."""
    return [*[door.entry()] * (count - 1), Models(door).entry()]


def guards_of(settings: Introspection, source: Source, folder: str) -> Guards:
    """What stands before a door of these settings."""
    limit = settings.memory_limit_mb
    if not isinstance(limit, int | float) or isinstance(limit, bool) or limit <= 0:
        raise ValueError(f"memory_limit_mb of Introspection is a number above 0, not {limit!r:.40}")
    callers = Callers(tokens_of(settings), rate_of(settings.rate_limit))
    path = settings.audit or os.environ.get(AUDIT) or None
    return Guards(settings, callers, Audit(path or _STDERR), source, os.path.join(folder, OFF))


def tokens_of(settings: Introspection) -> list[str]:
    """Those of the program, else of the environment.

    Raises:
        TypeError, ValueError: there is none, or it cannot stand in a header.
    """
    given = settings.token
    if given is None:
        given = os.environ.get(TOKEN, "").split()
    tokens = [given] if isinstance(given, str) else list(given)
    if not tokens or not all(tokens):
        raise ValueError(
            "introspection is enabled and has no token: give Introspection(token=os.environ[...]), or set "
            f"{TOKEN}; for instance to the output of `openssl rand -hex 32`"
        )
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(f"a token of Introspection is a text, not {type(token).__name__}")
        if not (token.isascii() and token.isprintable() and " " not in token):
            raise ValueError("a token of Introspection is printable ASCII without blanks")
    return tokens


def _compiled(app: Any) -> bytes:
    from conduit.memory import metadata_of

    return metadata_of(app)
