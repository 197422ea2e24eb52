"""The dev server: owns the socket, checks on save, and replaces its worker only by one that works."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

from conduitc.cli.findings import shown
from conduitc.dev.process import Worker
from conduitc.dev.watch import Snapshot, changed, forget_bytecode, snapshot, sources
from conduitc.diagnostics import has_errors
from conduitc.driver import Analysis, analyse, serves, unserved
from conduitc.ir.secrets import masked_line
from conduitc.kept import Kept

POLL_SECONDS = 0.05
#: Of the time, what looking at the files may take at most is one part in so many.
POLL_SHARE = 10
#: A start that takes longer is mentioned; a worker that ends sooner is not started again by itself.
LONG_SECONDS = 3.0
HANDOVER_SECONDS = 0.5


class DevServer:
    """Serves ``target`` on ``sock``; ``folder`` is for its notes, ``say`` prints to the developer."""

    def __init__(self, target: str, sock: socket.socket, folder: Path, say: Callable[[str], None]) -> None:
        self.target = target
        self.sock = sock
        self.say = say
        self.worker: Worker | None = None
        self.starting: Worker | None = None
        self.spare: Worker | None = None
        self.again: Analysis | None = None
        self.error_file = folder / "error.txt"
        self.kept = Kept()

    def run(self) -> None:
        """Serve, watch and reload until interrupted."""
        seen: Snapshot | None = None
        try:
            while True:
                began = time.monotonic()
                now = snapshot(sources(self._root()))
                pause = max(POLL_SECONDS, (time.monotonic() - began) * POLL_SHARE)
                if seen is None:
                    self.reload([])
                elif files := changed(seen, now):
                    forget_bytecode(files)
                    self.reload([file.name for file in files])
                seen = now
                if self.starting is not None:
                    self._await(self.starting)
                else:
                    self._revive()
                    time.sleep(pause)
        finally:
            self.stop()

    def _root(self) -> Path:
        path = Path(self.target.partition(":")[0]).absolute()
        return path if path.is_dir() else path.parent

    def reload(self, files: list[str]) -> None:
        """Check the program; where it is sound, start it."""
        if files:
            self.say(f"changed: {', '.join(files)}")
        if self.starting is not None:  # what it started is no longer what stands on disk
            self.starting.kill()
            self.starting = None
        analysis = analyse(self.target, compiled=True, kept=self.kept)
        worth = [d for d in analysis.diagnostics if d.severity != "info"]
        if not serves(analysis) and not has_errors(worth):
            worth.append(unserved(analysis, self.target))
        if has_errors(worth):
            self._broken(shown(worth, self.target))
            return
        if worth:
            self.say(shown(worth, self.target))
        self._start(analysis)

    def _start(self, analysis: Analysis) -> None:
        assert analysis.app is not None and analysis.project is not None
        app = analysis.app
        spare, self.spare = self.spare, None
        if spare is not None and spare.status() is not None:
            spare.stop()
            spare = None
        self.again = None if spare is None else analysis
        self.starting = spare or Worker(self.sock.fileno())
        self.starting.serve(analysis.project.root, app.module, app.variable, self.error_file)

    def _await(self, worker: Worker) -> None:
        """Give a starting worker a moment; once it serves, it replaces the one before it."""
        waited = time.monotonic() - worker.started
        worker.wait(POLL_SECONDS)
        if worker.serving:
            before, self.worker, self.starting = self.worker, worker, None
            self.error_file.unlink(missing_ok=True)
            if before is not None:
                before.stop_beside(HANDOVER_SECONDS)
            self.say("serving" if before is None else "reloaded")
            if self.spare is None:
                self.spare = Worker(self.sock.fileno())
        elif worker.status() is not None:
            self.starting = None
            if self.again is not None and (worker.status() or 0) < 0:  # killed while it waited for its turn
                worker.stop()
                self._start(self.again)
                return
            self._broken(worker.output() or f"the app did not start: it ended with status {worker.status()}")
            worker.stop()
        elif waited < LONG_SECONDS <= time.monotonic() - worker.started:
            self.say("the app is still starting")

    def _revive(self) -> None:
        """Start an app again that ended by itself, unless it would only end again."""
        if self.worker is None or self.worker.status() is None:
            return
        self.say(f"the app ended with status {self.worker.status()}")
        lived = time.monotonic() - self.worker.started
        self.worker.stop()
        self.worker = None
        if lived > LONG_SECONDS:
            self.reload([])
        else:
            self.say("save a file to start it again")

    def _broken(self, text: str) -> None:
        """Show it here and in browsers. A traceback quotes lines of the program: secrets are masked."""
        text = "\n".join(map(masked_line, text.split("\n")))
        self.error_file.write_text(text, encoding="utf-8")
        self.say(text)
        if self.worker is not None:
            self.say("still serving the last good version")

    def stop(self) -> None:
        """End the workers."""
        for worker in (self.starting, self.spare):
            if worker is not None:
                worker.kill()
        if self.worker is not None:
            self.worker.stop()
