"""Several processes that serve one socket: keeps them alive, replaces them one by one, ends them.

uvicorn's supervisor names its own server in its own code, and hears nothing while it restarts. Here a new
worker serves before the old one is asked to end, the old one drains beside it, and signals are always heeded.
The parent imports neither uvicorn nor the app.

| signal | what it does |
|---|---|
| TERM, INT | end all, in order; a second one: at once |
| HUP | replace all by new ones, which import the build anew |
| TTIN, TTOU | one more, one less |
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

from conduit.server.drain import GRACE_SECONDS, turn_away
from conduit.server.process import not_started
from conduit.server.worker import WorkerProcess

if TYPE_CHECKING:
    import socket
    from argparse import Namespace

    from conduit.server.settings import Settings

_HEEDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCHLD)
#: Before a worker is started in the place of one that did not start.
_PAUSE_SECONDS = 1.0
_SESSIONS = (
    "this app keeps sessions of MCP, each in one worker: send what has the same Mcp-Session-Id to the same "
    "worker, or serve with one"
)


def supervise(options: Namespace, settings: Settings, listener: socket.socket, served: str) -> int:
    """Serve until stopped."""
    patience = settings.drain_seconds + GRACE_SECONDS + 1
    return Supervisor(options, listener, served, patience).run()


class Supervisor:
    """The parent. ``patience`` is how long workers may take to end."""

    def __init__(self, options: Namespace, listener: socket.socket, served: str, patience: float) -> None:
        self.options = options
        self.listener = listener
        self.served: str | None = served
        self.patience = patience
        self.wanted: int = options.workers
        self.workers: list[WorkerProcess] = []
        #: Workers that are to be replaced.
        self.old: list[WorkerProcess] = []
        self.code = 0
        self.last = float("inf")
        self.not_before = 0.0

    @property
    def ending(self) -> bool:
        return self.last < float("inf")

    def run(self) -> int:
        """Until all have ended."""
        wake = self._heed()
        while self.workers or not self.ending:
            if not self.ending:
                self._balance()
            self._wait(wake)
            for worker in tuple(self.workers):
                self._look(worker)
            if time.monotonic() > self.last:
                self._kill(1)
        return self.code

    def _heed(self) -> int:
        """Signals wake the loop: their numbers come through a pipe."""
        wake, tell = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(tell, False)
        signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
        for number in _HEEDED:
            signal.signal(number, lambda number, frame: None)
        return wake

    def _wait(self, wake: int) -> None:
        waiting = [worker.ready for worker in self.workers if worker.ready >= 0]
        if select.select([wake, *waiting], [], [], _PAUSE_SECONDS)[0].count(wake):
            for number in os.read(wake, 4096):
                self._signal(number)

    def _signal(self, number: int) -> None:
        if number in (signal.SIGTERM, signal.SIGINT):
            if self.ending:
                self._kill(128 + number)
            else:
                self._end()
        elif number == signal.SIGHUP:
            self._say("replacing all workers")
            self.old = [worker for worker in self.workers if not worker.leaving]
        elif number == signal.SIGTTIN:
            self.wanted += 1
        elif number == signal.SIGTTOU:
            self.wanted = max(1, self.wanted - 1)

    def _end(self) -> None:
        """Ask all to end. The socket is theirs alone now, so that the last of them empties its queue."""
        self.last = time.monotonic() + self.patience
        if self.options.fd is None:
            turn_away(self.listener)
        self.listener.close()
        for worker in self.workers:
            worker.end()

    def _kill(self, code: int) -> None:
        self.code = code
        for worker in self.workers:
            worker.kill()

    def _balance(self) -> None:
        """Start what is missing; of what is to be replaced, one at a time."""
        self.old = [worker for worker in self.old if worker in self.workers and not worker.leaving]
        standing = [worker for worker in self.workers if not worker.leaving]
        spare = [worker for worker in standing if worker.replaces in standing]
        if time.monotonic() >= self.not_before:
            for _ in range(self.wanted - len(standing) + len(spare)):
                self.workers.append(WorkerProcess(self.options, self.listener))
            if self.old and not spare and all(worker.serving for worker in standing):
                self.workers.append(WorkerProcess(self.options, self.listener, self.old[0]))
        for worker in standing[self.wanted + len(spare) :]:
            worker.end()

    def _look(self, worker: WorkerProcess) -> None:
        """Take note of what became of it."""
        if worker.heard():
            if self.served is not None:
                print(self.served, flush=True)
                self.served = None
                if worker.sessions:
                    self._say(_SESSIONS)
            if worker.replaces is not None:
                worker.replaces.end()
                worker.replaces = None
        status = worker.status()
        if status is not None:
            self.workers.remove(worker)
            worker.close()
            if not self.ending:
                self._ended(worker, status)
            elif status > 0:  # not in order
                self.code = self.code or 1

    def _ended(self, worker: WorkerProcess, status: int) -> None:
        """It was not asked to."""
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        if worker.serving:
            if status:
                self._say(f"worker {worker.number} ended {how}; another takes its place")
            return
        self._say(f"worker {worker.number} ended {how} before it served")
        if self.served is not None:
            self._say_plainly(not_started(self.options))
            self.code = 1
            self._end()
        elif worker.replaces is not None:
            self._say("the old workers go on")
            self.old = []
        else:
            self.not_before = time.monotonic() + _PAUSE_SECONDS

    def _say(self, text: str) -> None:
        self._say_plainly(f"{self.options.program}: {text}")

    def _say_plainly(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
