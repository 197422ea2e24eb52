"""The process that serves: imports the app as it stands on disk and serves it with the Python target.

``python -m conduitc.dev.worker ROOT MODULE VARIABLE ERROR_FILE FD READY_FD LIFE_FD``; READY_FD hears when it
serves, LIFE_FD is at its end when the process that started it is.
"""

import asyncio
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

import uvicorn

from conduitc.dev.page import ErrorPage


class ReadyServer(uvicorn.Server):
    """A uvicorn server that says when it has started."""

    ready_fd: int

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets=sockets)  # type: ignore[arg-type]
        if self.started:
            os.write(self.ready_fd, b"ready\n")


def main(arguments: list[str]) -> int:
    """Serve until stopped; 3 where the app did not start (as uvicorn itself exits)."""
    root, module, variable, error_file, fd, ready_fd, life_fd = arguments
    threading.Thread(target=_end_with, args=(int(life_fd),), daemon=True).start()
    sys.path.insert(0, root)
    app = getattr(import_module(module), variable)
    config = uvicorn.Config(
        ErrorPage(app, Path(error_file)), fd=int(fd), log_level="warning", timeout_graceful_shutdown=2
    )
    server = ReadyServer(config)
    server.ready_fd = int(ready_fd)
    asyncio.run(server.serve())
    return 0 if server.started else 3


def _end_with(life_fd: int) -> None:
    """Nothing is ever written there: reading ends when the other side does."""
    os.read(life_fd, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
