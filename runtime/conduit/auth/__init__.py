"""Who may call: bearer tokens, of MCP's clients. ``BearerJWT`` is in ``conduit``, too."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.auth.bearer import Bearer
    from conduit.auth.signed import BearerJWT
    from conduit.auth.token import Token

_PLACES = {"Bearer": "bearer", "BearerJWT": "signed", "Token": "token"}

__all__ = ["Bearer", "BearerJWT", "Token"]


def __getattr__(name: str) -> object:
    if name in _PLACES:
        return getattr(import_module(f"conduit.auth.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
