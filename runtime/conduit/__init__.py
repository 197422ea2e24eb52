"""``conduit``: what an app imports. Every name is fetched when it is first used."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.websockets import WebSocket as WebSocket

    from conduit.app import Conduit as Conduit
    from conduit.auth.signed import BearerJWT as BearerJWT
    from conduit.http.errors import HTTPError as HTTPError
    from conduit.http.places import Body as Body
    from conduit.http.places import Cookie as Cookie
    from conduit.http.places import Header as Header
    from conduit.http.places import Query as Query
    from conduit.http.request import Request as HTTPRequest
    from conduit.http.request import Request as Request
    from conduit.http.response import HTML as HTML
    from conduit.http.response import JSON as JSON
    from conduit.http.response import Redirect as Redirect
    from conduit.http.response import Response as HTTPResponse
    from conduit.http.response import Response as Response
    from conduit.http.response import Text as Text
    from conduit.http.stream import Event as Event
    from conduit.http.stream import EventStream as EventStream
    from conduit.http.stream import File as File
    from conduit.http.stream import Stream as Stream
    from conduit.introspection import Introspection as Introspection
    from conduit.mcp.context import Context as Context
    from conduit.router import Router as Router

#: Public name → module, and its name there where that differs.
_HOMES = {
    "BearerJWT": "conduit.auth.signed",
    "Conduit": "conduit.app",
    "Context": "conduit.mcp.context",
    "Introspection": "conduit.introspection",
    "Router": "conduit.router",
    "Request": "conduit.http.request",
    "HTTPRequest": "conduit.http.request:Request",
    "Response": "conduit.http.response",
    "HTTPResponse": "conduit.http.response:Response",
    "JSON": "conduit.http.response",
    "Text": "conduit.http.response",
    "HTML": "conduit.http.response",
    "Redirect": "conduit.http.response",
    "File": "conduit.http.stream",
    "Stream": "conduit.http.stream",
    "EventStream": "conduit.http.stream",
    "Event": "conduit.http.stream",
    "HTTPError": "conduit.http.errors",
    "Query": "conduit.http.places",
    "Body": "conduit.http.places",
    "Header": "conduit.http.places",
    "Cookie": "conduit.http.places",
    "WebSocket": "starlette.websockets",
}

__all__ = [
    "HTML",
    "JSON",
    "BearerJWT",
    "Body",
    "Conduit",
    "Context",
    "Cookie",
    "Event",
    "EventStream",
    "File",
    "HTTPError",
    "HTTPRequest",
    "HTTPResponse",
    "Header",
    "Introspection",
    "Query",
    "Redirect",
    "Request",
    "Response",
    "Router",
    "Stream",
    "Text",
    "WebSocket",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'conduit' has no attribute {name!r}")
    from importlib import import_module

    module, _, there = home.partition(":")
    value: object = getattr(import_module(module), there or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
