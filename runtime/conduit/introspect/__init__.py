"""Read-only questions about an app, answered from its metadata.json. Standard library only.

``load(path)`` gives a ``Codebase``; docs/introspection.md says what it can be asked. Each name is looked up
when it is first used, so that a list costs no more than a list.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.introspect.codebase import Codebase as Codebase
    from conduit.introspect.codebase import load as load
    from conduit.introspect.errors import MetadataError as MetadataError
    from conduit.introspect.errors import QueryError as QueryError

_HOMES = {"Codebase": "codebase", "load": "codebase", "MetadataError": "errors", "QueryError": "errors"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = ["Codebase", "MetadataError", "QueryError", "load"]
