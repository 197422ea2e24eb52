"""The process that serves: imports the app as it stands on disk and serves it with the Python target.

``python -P -m conduitc.dev.worker FD READY_FD LIFE_FD ORDER_FD``. It is started before it is needed, imports
all but the user's, and waits for its order, one line of JSON: ``[root, module, variable, error_file]``.
READY_FD hears when it serves; LIFE_FD is at its end when the process that started it is.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

import uvicorn

from conduitc import places
from conduitc.dev.page import ErrorPage, Message, Receive, Send

#: What an app without a build needs besides itself.
_NEEDED = ("conduit.app", "conduit.router", "conduit._abi", "conduit.memory", "conduitc.driver")


class ReadyServer(uvicorn.Server):
    """A uvicorn server that says when it has started, and takes no more requests once it is to end."""

    ready_fd: int

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets=sockets)  # type: ignore[arg-type]
        if self.started:
            self.loop = asyncio.get_running_loop()
            os.write(self.ready_fd, b"ready\n")

    def handle_exit(self, sig: int, frame: object) -> None:
        super().handle_exit(sig, frame)  # type: ignore[arg-type]
        for server in self.servers if self.started else ():  # uvicorn itself looks ten times a second
            self.loop.call_soon_threadsafe(server.close)


def main(arguments: list[str]) -> int:
    """Serve until stopped; 3 where the app did not start (as uvicorn itself exits)."""
    fd, ready_fd, life_fd, order_fd = map(int, arguments)
    threading.Thread(target=_end_with, args=(life_fd,), daemon=True).start()
    for name in _NEEDED:
        import_module(name)
    _config(_nothing, fd).load()
    gc.freeze()  # what stays need not be looked through while the app is imported
    with open(order_fd, encoding="utf-8") as orders:
        order = orders.readline()
    if not order:
        return 0
    root, module, variable, error_file = json.loads(order)
    _forget(root)
    sys.path.insert(0, root)
    app = getattr(import_module(module), variable)
    server = ReadyServer(_config(ErrorPage(app, Path(error_file)), fd))
    server.ready_fd = ready_fd
    asyncio.run(server.serve())
    return 0 if server.started else 3


def _config(app: object, fd: int) -> uvicorn.Config:
    return uvicorn.Config(app, fd=fd, log_level="warning", timeout_graceful_shutdown=2)  # type: ignore[arg-type]


async def _nothing(scope: Message, receive: Receive, send: Send) -> None:
    """Stands for the app while what serves it is imported."""


def _forget(root: str) -> None:
    """The project's modules come first, also where we have imported another of that name by now."""
    hidden = {name for name in sys.modules if "." not in name and (places.search(root, name) or ("",))[0]}
    hidden -= {"__main__", "conduit", "conduitc", *sys.builtin_module_names}
    for name in [one for one in sys.modules if one.partition(".")[0] in hidden]:
        del sys.modules[name]


def _end_with(life_fd: int) -> None:
    """Nothing is ever written there: reading ends when the other side does."""
    os.read(life_fd, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
