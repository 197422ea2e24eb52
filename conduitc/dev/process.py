"""One worker process: started, watched until it serves, its output passed on."""

import os
import select
import subprocess
import sys
import threading
from collections import deque

_KEPT_LINES = 200


class Worker:
    """A started worker. What it writes to stderr is shown at once and kept for an error report."""

    def __init__(self, arguments: list[str], fd: int) -> None:
        self._ready, ready_fd = os.pipe()
        command = [sys.executable, "-m", "conduitc.dev.worker", *arguments, str(fd), str(ready_fd)]
        self._process = subprocess.Popen(
            command, pass_fds=(fd, ready_fd), stderr=subprocess.PIPE, text=True, errors="replace"
        )
        os.close(ready_fd)
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader = threading.Thread(target=self._pass_on, daemon=True)
        self._reader.start()

    def _pass_on(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)
            if self.serving:
                sys.stderr.write(line)

    #: Whether it has said that it serves; before that its output is only kept.
    serving = False

    def wait_until_ready(self, seconds: float) -> bool:
        """Whether it serves; False where it ended, or took longer than ``seconds``."""
        ready, _, _ = select.select([self._ready], [], [], seconds)
        self.serving = bool(ready) and os.read(self._ready, 16) != b""
        os.close(self._ready)
        if self.serving:
            sys.stderr.writelines(self._lines)
        return self.serving

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

    def stop_later(self) -> None:
        """Let it finish beside its successor."""
        threading.Thread(target=self.stop, daemon=True).start()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
