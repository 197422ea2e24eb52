"""Imports an app where it is installed and prints what its router holds: ``ROUTES [[method, path], …]``.

    python real_router.py MODULE VARIABLE [--call]

Runs in the project's own environment, with nothing of the compiler. Mounted apps are gone into; a mount
itself is ``* /prefix/{path:path}``.
"""

import importlib
import json
import re
import sys
from typing import Any

_PLAIN = re.compile(r"\{(\w+):str\}")
_RULE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def pairs(routes: Any, prefix: str) -> list[tuple[str, str]]:
    """Of Starlette's routes, FastAPI's included routers among them."""
    try:
        from fastapi.routing import iter_route_contexts

        routes = [(one, one.original_route) for one in iter_route_contexts(routes)]
    except ImportError:
        routes = [(one, one) for one in routes]
    found: list[tuple[str, str]] = []
    for context, route in routes:
        inner = getattr(getattr(context, "_route_context", None), "starlette_route", None) or context
        path = prefix + _PLAIN.sub(r"{\1}", getattr(inner, "path", None) or "")
        kind = type(route).__name__
        if hasattr(route, "_base_app") or kind == "Mount":
            inner = getattr(route, "app", None)
            found += below(inner, path.rstrip("/"))
            found.append(("*", path.rstrip("/") + "/{path:path}"))
        elif "WebSocket" in kind:
            found.append(("WEBSOCKET", path))
        else:
            methods = getattr(context, "methods", None) or getattr(route, "methods", None)
            found += [(method, path) for method in sorted(methods)] if methods else [("*", path)]
    return found


def below(app: Any, prefix: str) -> list[tuple[str, str]]:
    """Of an app that is mounted, whatever wraps it."""
    for _ in range(10):
        if hasattr(app, "url_map"):
            return rules(app, prefix)
        if hasattr(app, "routes"):
            return pairs(app.routes, prefix)
        app = getattr(app, "app", None) or getattr(app, "wsgi_application", None)
        if app is None:
            break
    return []


def rules(app: Any, prefix: str) -> list[tuple[str, str]]:
    """Of Flask's map."""
    found = []
    for rule in app.url_map.iter_rules():
        path = prefix + _RULE.sub(_common, rule.rule)
        found += [(method, path) for method in sorted(rule.methods)]
    return found


def _common(found: re.Match[str]) -> str:
    converter, name = found.groups()
    return f"{{{name}}}" if converter in (None, "string", "default") else f"{{{name}:{converter}}}"


def main() -> None:
    file, variable = sys.argv[1:3]
    module = importlib.import_module(file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    app = getattr(module, variable)
    if "--call" in sys.argv:
        app = app()
    listed = below(app, "")
    print("\nROUTES " + json.dumps(listed))


if __name__ == "__main__":
    sys.path.pop(0)
    main()
