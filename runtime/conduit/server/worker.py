"""A worker, from both sides: the supervisor starts a fresh Python, which gets its orders through a pipe.

A second pipe tells the supervisor: a line when the worker serves, its end when it accepts no more.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

_BEGIN = (
    "import sys; sys.path[:0] = sys.argv.pop(1),; from conduit.server.worker import work; sys.exit(work())"
)
#: What a worker tells whose clients must come back to it.
_SESSIONS = b"serving, with sessions\n"


class WorkerProcess:
    """What the supervisor knows of one; it may have been started to replace another."""

    def __init__(
        self, options: Namespace, listener: socket.socket, replaces: WorkerProcess | None = None
    ) -> None:
        self.replaces = replaces
        self.serving = self.leaving = False
        #: Whether its app keeps sessions, once it serves.
        self.sessions = False
        self.ready, tell = os.pipe()
        orders, order = os.pipe()
        try:
            flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]  # as ours
            command = [sys.executable, *flags, "-P", "-c", _BEGIN, os.path.abspath(options.dist)]
            numbers = [str(one) for one in (orders, tell, listener.fileno())]
            passed = (orders, tell, listener.fileno())
            self._process = subprocess.Popen([*command, *numbers], pass_fds=passed)
            self.number = self._process.pid
        finally:
            os.close(orders)
            os.close(tell)
        with open(order, "w", encoding="utf-8") as stream:
            json.dump({"options": vars(options), "path": sys.path}, stream)

    def heard(self) -> bool:
        """Whether it has begun to serve since this was last asked; notes when it begins to leave."""
        begun = False
        while self.ready >= 0 and _readable(self.ready):
            told = os.read(self.ready, 64)
            if told:
                self.serving = begun = True
                self.sessions = told == _SESSIONS
            else:
                os.close(self.ready)
                self.ready = -1
                self.leaving = self.leaving or self.serving
        return begun

    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    def end(self) -> None:
        """Ask it to finish what is in flight; once, for a second time means at once."""
        if not self.leaving:
            self.leaving = True
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """It has ended."""
        if self.ready >= 0:
            os.close(self.ready)
            self.ready = -1


def _readable(descriptor: int) -> bool:
    import select

    return bool(select.select([descriptor], [], [], 0)[0])


def work() -> int:
    """The worker's side."""
    from argparse import Namespace

    from conduit.server.process import Process, serve
    from conduit.server.settings import Settings

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    orders, tell, listener = (int(one) for one in sys.argv[1:4])
    del sys.argv[1:]
    with open(orders, encoding="utf-8") as stream:
        order = json.load(stream)
    sys.path[:] = order["path"]
    for one in (tell, listener):  # what the app starts has no part in them
        os.set_inheritable(one, False)
    process = Process(
        Namespace(**order["options"]),
        Settings.from_environment(os.environ),
        socket.socket(fileno=listener),
        lambda: _tell(tell),
        lambda: os.close(tell),
        os.getppid(),
    )
    return serve(process)


def _tell(tell: int) -> None:
    """That it serves."""
    from conduit.server.process import offered

    found = offered()
    os.write(tell, b"serving\n" if found is None or not found.keeps_sessions else _SESSIONS)
