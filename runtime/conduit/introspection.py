"""``Introspection``: what ``Conduit(introspection=...)`` is given. It records, and imports nothing.

``entries`` is what wiring asks for: the door, where introspection is on, and nothing where it is not.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: ``0`` turns introspection off, whatever the program and its settings say.
SWITCH = "CONDUIT_INTROSPECTION_ENABLED"
#: The tokens, separated by blanks, where the program gives none.
TOKEN = "CONDUIT_INTROSPECTION_TOKEN"
#: The file of the audit, where the program names none.
AUDIT = "CONDUIT_INTROSPECTION_AUDIT"
_OFF = frozenset({"0", "false", "no", "off"})


class Introspection:
    """Questions about the app, answered below ``/introspect/v1/`` to who has a token.

    ``enabled`` may be changed while the app runs, to False and back to True; what is not enabled when the app
    starts is not there at all. ``token`` is one, or several; ``rate_limit`` is how many questions each may
    ask, in each process; above ``memory_limit_mb`` introspection gives way. ``audit`` is a file that gets a
    line an access; without, standard error gets it.
    """

    def __init__(
        self,
        *,
        enabled: bool | None = None,
        token: str | Sequence[str] | None = None,
        rate_limit: str = "100/second",
        memory_limit_mb: float = 100,
        audit: str | None = None,
    ) -> None:
        self.enabled = enabled
        self.token = token
        self.rate_limit = rate_limit
        self.memory_limit_mb = memory_limit_mb
        self.audit = audit

    def __repr__(self) -> str:
        return f"Introspection(enabled={self.enabled!r})"  # and never its tokens


def entries(given: Introspection | None, asked: bool, count: int, file: str, app: Any) -> list[Any]:
    """What stands in the tables' last ``count`` places; Nones where introspection is off.

    ``asked``: the program's settings turn it on where the program says nothing. ``file`` is that of the
    wiring; what has none on a disk was compiled in memory.

    Raises:
        TypeError, ValueError: it is on, and cannot work.
    """
    if given is not None and not isinstance(given, Introspection):
        raise TypeError(f"introspection= is an Introspection, not {type(given).__name__}")
    settings = given or Introspection()
    if settings.enabled is None:
        settings.enabled = asked
    if not settings.enabled or os.environ.get(SWITCH, "").strip().lower() in _OFF:
        return [None] * count
    from conduit.introspect.serving.opening import opened

    return opened(settings, count, file, app)
