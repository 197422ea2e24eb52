"""All that emitted code may use of the runtime. Version 2; docs/architecture.md says what each name means."""

from importlib import import_module

from conduit.binding import annotation_of, bind_build, default_of, return_of
from conduit.http.answers import answer_any, answer_constant, answer_declared, answer_json
from conduit.http.body import read_body
from conduit.http.entry import Entry, constant, finish, with_middleware
from conduit.http.errors import invalid
from conduit.http.query import cookies_of, headers_of, query_of
from conduit.http.readers import (
    REQUIRED,
    body_reader,
    list_reader,
    path_reader,
    refiner,
    scalar_reader,
)
from conduit.http.request import Request
from conduit.http.served import serving
from conduit.http.threads import in_thread, settle, settle_in_thread, with_timeout
from conduit.table import ABSENT, table

#: Raised with every change that a build made before would notice.
ABI = 2


_OF_MCP = {
    "Catalogue": "catalogue",
    "Completion": "completions",
    "Door": "http",
    "Pair": "sse",
    "Prompt": "prompts",
    "Resource": "resources",
    "SessionDoor": "session_door",
    "Tool": "tools",
    "guarded": "guard",
}


def __getattr__(name: str) -> object:
    """``lazy_groups``, which only builds made with ``--lazy`` ask for, and what only apps with MCP or with
    introspection do."""
    if name == "lazy_groups":
        from conduit.lazy import Groups

        return Groups
    if name == "introspected":
        from conduit.introspection import entries

        return entries
    if name in _OF_MCP:
        return getattr(import_module(f"conduit.mcp.{_OF_MCP[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ABI",
    "ABSENT",
    "REQUIRED",
    "Entry",
    "Request",
    "annotation_of",
    "answer_any",
    "answer_constant",
    "answer_declared",
    "answer_json",
    "bind_build",
    "body_reader",
    "constant",
    "cookies_of",
    "default_of",
    "finish",
    "headers_of",
    "in_thread",
    "invalid",
    "list_reader",
    "path_reader",
    "query_of",
    "read_body",
    "refiner",
    "return_of",
    "scalar_reader",
    "serving",
    "settle",
    "settle_in_thread",
    "table",
    "with_middleware",
    "with_timeout",
]
