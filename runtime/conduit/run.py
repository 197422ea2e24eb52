"""``app.run()``, and an app under ``__main__``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conduit.app import Conduit


def import_name(module: dict[str, Any]) -> str | None:
    """The name by which the program's main module would be imported; None where it has no file."""
    spec = module.get("__spec__")
    if spec is not None and spec.name:
        name: str = spec.name
        return name
    file = module.get("__file__")
    stem = os.path.splitext(os.path.basename(file))[0] if file else ""
    return stem if stem.isidentifier() else None


def register_main(module: dict[str, Any]) -> None:
    """Let ``__main__`` be found under its import name too, so that nothing executes twice."""
    name = import_name(module)
    main = sys.modules.get("__main__")
    if name is not None and main is not None and main.__dict__ is module:
        sys.modules.setdefault(name, main)


def run(app: Conduit, *, host: str, port: int, reload: bool, workers: int) -> None:
    """Serve ``app`` until it is stopped."""
    from conduit.unserved import check_served

    check_served(app)
    transports = [row[3] for row in app._record if row[2] == "enable_mcp"]
    if "stdio" in transports:
        from conduit.mcp.command import offer_app

        sys.exit(offer_app(app))
    shown = f"[{host}]" if ":" in host else host
    _check_address(host, port, shown)
    print(f"Server running at http://{shown}:{port}", flush=True)
    if reload or workers > 1:
        arguments = ["--host", host, "--port", str(port)]
        arguments += ["--reload"] if reload else ["--workers", str(workers)]
        _execute_uvicorn(app, arguments)
    import uvicorn

    uvicorn.run(app, host=host, port=port)


def _check_address(host: str, port: int, shown: str) -> None:
    """End here where the address cannot be had: whoever serves takes it again, and says it at length."""
    import socket

    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except (OSError, UnicodeError) as error:
        # create_server appends "(while attempting to bind …)" to what the system says
        why = (getattr(error, "strerror", None) or str(error)).partition(" (while")[0]
        print(f"cannot listen on http://{shown}:{port}: {why}", file=sys.stderr)
        sys.exit(2)


def _execute_uvicorn(app: Conduit, arguments: list[str]) -> None:
    """Become ``python -m uvicorn module:variable``: its own processes import the app again."""
    from conduit.memory import variable_of

    name, variable = import_name(app._module), variable_of(app)
    if name is None or variable is None:
        raise RuntimeError("reload and workers need an app in a variable of an importable module")
    folder = os.path.dirname(os.path.abspath(app._module["__file__"]))
    for _ in range(name.count(".")):
        folder = os.path.dirname(folder)
    command = [sys.executable, "-m", "uvicorn", f"{name}:{variable}", "--app-dir", folder, *arguments]
    sys.stdout.flush()
    os.execv(sys.executable, command)
