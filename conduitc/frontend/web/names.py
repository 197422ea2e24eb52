"""The frameworks' public names, by whatever path they are imported."""

from __future__ import annotations

from conduitc.frontend.values import Class, External, TypeForm, Value, ancestry, settled

FRAMEWORKS = ("fastapi", "starlette", "flask")

#: What makes something that routes are declared on: framework and kind.
GROUPS = {
    "fastapi.FastAPI": ("fastapi", "app"),
    "fastapi.applications.FastAPI": ("fastapi", "app"),
    "fastapi.APIRouter": ("fastapi", "router"),
    "fastapi.routing.APIRouter": ("fastapi", "router"),
    "starlette.applications.Starlette": ("starlette", "app"),
    "starlette.routing.Router": ("starlette", "router"),
    "flask.Flask": ("flask", "app"),
    "flask.app.Flask": ("flask", "app"),
    "flask.Blueprint": ("flask", "blueprint"),
    "flask.blueprints.Blueprint": ("flask", "blueprint"),
}

#: Objects that stand in ``routes=[...]``.
_ROUTES = {
    "starlette.routing.Route": "route",
    "starlette.routing.WebSocketRoute": "websocket",
    "starlette.routing.Mount": "mount",
    "fastapi.routing.Route": "route",
    "fastapi.routing.Mount": "mount",
    "fastapi.routing.APIRoute": "api",
    "fastapi.routing.APIWebSocketRoute": "websocket",
    "fastapi.routing.WebSocketRoute": "websocket",
}

#: Wrappers of an app of another kind, by the keyword and place of what they wrap.
WRAPPERS = {
    "starlette.middleware.wsgi.WSGIMiddleware": ("app", 0),
    "fastapi.middleware.wsgi.WSGIMiddleware": ("app", 0),
    "a2wsgi.WSGIMiddleware": ("app", 0),
    "asgiref.wsgi.WsgiToAsgi": ("wsgi_application", 0),
}

VIEWS = ("flask.views.View", "flask.views.MethodView")
ENDPOINTS = ("starlette.endpoints.HTTPEndpoint",)
VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

#: A call that is given an app by one of these says nothing about routes.
_HARMLESS = (
    "uvicorn.",
    "hypercorn.",
    "gunicorn.",
    "waitress.",
    "builtins.",
    "typing.",
    "logging.",
    "starlette.testclient.",
    "starlette.routing.",
    "fastapi.testclient.",
    "starlette.middleware.",
    "fastapi.middleware.",
    "flask_cors.",
    "functools.",
    "contextlib.",
    "asyncio.",
    "copy.",
    "json.",
    "os.",
    "sys.",
)


def group_of(cls: Value) -> tuple[str, str] | None:
    """Framework and kind of what calling ``cls`` makes, where routes are declared on that."""
    if isinstance(cls, External):
        return GROUPS.get(cls.name)
    if isinstance(cls, Class):
        return next((found for one in ancestry(cls) if (found := GROUPS.get(name_of(one)))), None)
    return None


def route_kind(cls: Value) -> str | None:
    """What an object of a routes list is: ``route``, ``websocket``, ``mount``; None for anything else."""
    if isinstance(cls, Class):
        return next((found for one in ancestry(cls) if (found := _ROUTES.get(name_of(one)))), None)
    return _ROUTES.get(name_of(cls))


def name_of(value: Value) -> str:
    """The full name of something outside the project; nothing for anything else."""
    value = settled(value)
    if isinstance(value, TypeForm) and value.base is not None:
        value = settled(value.base)
    return value.name if isinstance(value, External) else ""


def derives(cls: Value, *names: str) -> bool:
    """Whether a class of the project has one of these among its bases."""
    return isinstance(cls, Class) and any(name_of(one) in names for one in ancestry(cls))


def harmless(name: str) -> bool:
    """Whether what is called declares no routes on an app that it is given."""
    return name.startswith(_HARMLESS)
