"""One worker process: started, told what to serve, watched until it does, ended with its parent."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

_KEPT_LINES = 200


class Worker:
    """A started worker. Its stderr is kept for an error report until it serves, and shown from then on."""

    #: Whether it has said that it serves.
    serving = False

    def __init__(self, fd: int) -> None:
        self.started = time.monotonic()
        self._ready, ready_fd = os.pipe()
        # The worker holds the other end of ``_life`` and ends when this process does, however that ends.
        life_fd, self._life = os.pipe()
        order_fd, self._orders = os.pipe()
        passed = (fd, ready_fd, life_fd, order_fd)
        # Without the working directory: what stands there is the project's, and not to be imported yet.
        command = [sys.executable, "-P", "-m", "conduitc.dev.worker", *map(str, passed)]
        self._process = subprocess.Popen(
            command, pass_fds=passed, stderr=subprocess.PIPE, text=True, errors="replace"
        )
        os.close(order_fd)
        os.close(ready_fd)
        os.close(life_fd)
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader = threading.Thread(target=self._pass_on, daemon=True)
        self._reader.start()

    def serve(self, root: Path, module: str, variable: str, error_file: Path) -> None:
        """Tell it what to serve; once."""
        self.started = time.monotonic()
        order = json.dumps([str(root), module, variable, str(error_file)]) + "\n"
        with contextlib.suppress(BrokenPipeError), open(self._orders, "wb") as orders:
            orders.write(order.encode())
        self._orders = -1

    def _pass_on(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)
            if self.serving:
                sys.stderr.write(line)

    def wait(self, seconds: float) -> None:
        """Until it serves or has ended, ``seconds`` at most; called until one of them is so."""
        if select.select([self._ready], [], [], seconds)[0]:
            self.serving = os.read(self._ready, 16) != b""
            if self.serving:
                sys.stderr.writelines(self._lines)
            else:
                self._process.wait()

    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.poll()

    def output(self) -> str:
        """What it wrote last; call it when the process has ended."""
        self._reader.join(2)
        return "".join(self._lines).strip()

    def stop(self, seconds: float = 5.0) -> None:
        """Ask it to finish what is in flight; kill it where it does not."""
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for descriptor in (self._ready, self._life, self._orders):
            if descriptor >= 0:
                os.close(descriptor)

    def stop_beside(self, seconds: float) -> None:
        """Let it finish beside its successor; mostly it takes no request any more after ``seconds``."""
        stopping = threading.Thread(target=self.stop, daemon=True)
        stopping.start()
        stopping.join(seconds)

    def kill(self) -> None:
        self._process.kill()
        self.stop()
