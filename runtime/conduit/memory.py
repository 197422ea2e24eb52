"""Serving an app that has no build: the compiler runs in memory, once, over the modules already imported."""

from __future__ import annotations

import sys
from itertools import count
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conduit.app import Conduit

_lock = Lock()
_number = count()


class CannotServe(RuntimeError):
    """The app could not be compiled; the message is what the compiler says."""


def first_scope(app: Conduit) -> Any:
    """What serves ``app`` from now on: its build in memory, or what says that there is none."""
    with _lock:
        if app._serve is None:
            try:
                _compile(app)
            except Exception as error:
                app._serve = _Refusing(error).serve
        return app._serve


def _compile(app: Conduit) -> None:
    from conduit.binding import bind_build
    from conduit.run import import_name

    file = app._module.get("__file__")
    if not file:
        raise CannotServe("the app was made outside of any file, so there is no source to compile")
    try:
        from conduitc.driver import in_memory
    except ModuleNotFoundError as error:
        if error.name not in ("conduitc", "conduitc.driver"):
            raise
        raise CannotServe(
            "conduitc is not installed: install it, or serve a build made by `conduitc build`"
        ) from None
    try:
        line, also = _places(app, file)
        name = import_name(app._module)
        sources = in_memory(file, variable_of(app), module=name, line=line, also=also)
    except Exception as error:
        raise CannotServe(_explained(error)) from error
    wiring = _execute(f"_conduit_memory_{next(_number)}", sources)
    bind_build(app, wiring.bind)


def metadata_of(app: Conduit) -> bytes:
    """The metadata.json of an app that has no build."""
    from conduitc.driver import metadata_in_memory

    file = app._module["__file__"]
    line, also = _places(app, file)
    from conduit.run import import_name

    name = import_name(app._module)
    try:
        return metadata_in_memory(file, variable_of(app), module=name, line=line, also=also)
    except Exception as error:
        raise CannotServe(_explained(error)) from error


def _places(app: Conduit, file: str) -> tuple[int | None, list[str]]:
    """The line of ``Conduit(...)``, and the other files that declared on the app or on what it includes."""
    from conduit.table import reachable

    line, files = None, set()
    for _, _, kind, _, value, place, _ in reachable(app):
        if place is not None:
            files.add(place[2])
            line = place[3] if value is app and kind == "app" else line
    return line, sorted(one for one in files - {file} if not one.startswith("<"))


def _explained(error: Exception) -> str:
    """What the compiler found, one line each; ``diagnostics`` is what its exception carries."""
    found = [one for one in getattr(error, "diagnostics", ()) if one.severity == "error"]
    return "\n".join(f"{one.span}: {one.rule.code} {one.message}" for one in found) or str(error)


def variable_of(app: Conduit) -> str | None:
    """The name of the app in its module; None where it has none there yet."""
    return next((name for name, value in app._module.items() if value is app), None)


def _execute(name: str, sources: dict[str, str]) -> Any:
    """Make a package of emitted modules; ``linecache`` knows their text, for tracebacks."""
    import linecache

    package = ModuleType(name)
    package.__path__ = []
    package.sourcemap = sources["sourcemap"]  # type: ignore[attr-defined]  # a build has a file of that name
    sys.modules[name] = package
    for part in ("dispatch", "adapters", "mcp", "wiring"):
        if part not in sources:
            continue
        full, file = f"{name}.{part}", f"<{name}/{part}.py>"
        module = ModuleType(full)
        module.__package__ = name
        module.__file__ = file
        sys.modules[full] = module
        setattr(package, part, module)
        text = sources[part]
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        exec(compile(text, file, "exec"), module.__dict__)
    return sys.modules[f"{name}.wiring"]


class _Refusing:
    """Tells the server at start-up; where it does not ask, requests are 500s and the log says why once."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self._told = False

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        from conduit.http.problem import problem

        if scope["type"] == "lifespan":
            await receive()
            self._told = True
            await send({"type": "lifespan.startup.failed", "message": str(self._error)})
            raise self._error
        if not self._told:
            import logging

            self._told = True
            logging.getLogger("conduit").error("this app cannot be served: %s", self._error)
        if scope["type"] != "http":
            raise self._error
        start, body = problem(500).messages()
        await send(start)
        await send(body)
