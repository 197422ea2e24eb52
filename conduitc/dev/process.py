"""One worker process: started, watched until it serves, its output passed on, ended with its parent."""

import os
import select
import subprocess
import sys
import threading
import time
from collections import deque

_KEPT_LINES = 200


class Worker:
    """A started worker. Its stderr is kept for an error report until it serves, and shown from then on."""

    #: Whether it has said that it serves.
    serving = False

    def __init__(self, arguments: list[str], fd: int) -> None:
        self.started = time.monotonic()
        self._ready, ready_fd = os.pipe()
        # The worker holds the other end of ``_life`` and ends when this process does, however that ends.
        life_fd, self._life = os.pipe()
        passed = (fd, ready_fd, life_fd)
        command = [sys.executable, "-m", "conduitc.dev.worker", *arguments, *map(str, passed)]
        self._process = subprocess.Popen(
            command, pass_fds=passed, stderr=subprocess.PIPE, text=True, errors="replace"
        )
        os.close(ready_fd)
        os.close(life_fd)
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader = threading.Thread(target=self._pass_on, daemon=True)
        self._reader.start()

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
        os.close(self._ready)
        os.close(self._life)

    def stop_beside(self, seconds: float) -> None:
        """Let it finish beside its successor; mostly it takes no request any more after ``seconds``."""
        stopping = threading.Thread(target=self.stop, daemon=True)
        stopping.start()
        stopping.join(seconds)

    def kill(self) -> None:
        self._process.kill()
        self.stop()
