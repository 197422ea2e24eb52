"""What an app may declare already although nothing serves it yet: one error says so."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNSERVED = {
    "register_model": "ML models",
    "ml_endpoint": "ML endpoints",
}


class NotServed(RuntimeError):
    """This version recognises the declaration, but does not serve it."""


def not_served(what: str) -> NotServed:
    return NotServed(f"{what}: not served by this version yet")


def check_served(app: Any) -> None:
    """Say plainly what of an app will not be there.

    Raises:
        NotServed: it has nothing else.
    """
    kinds = {row[2] for row in app._record}
    named = [name for kind, name in _UNSERVED.items() if kind in kinds]
    if not named:
        return
    error = not_served(", ".join(named))
    if not kinds & {"route", "include", "fallback", "enable_mcp"}:
        raise error
    import logging

    logging.getLogger("conduit").warning("%s; the rest of the app is", error)
