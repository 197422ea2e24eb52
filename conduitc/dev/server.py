"""The dev server: owns the socket, checks on save, and replaces its worker only by one that works."""

import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from conduitc.cli.findings import shown
from conduitc.dev.process import Worker
from conduitc.dev.watch import Snapshot, changed, snapshot, sources
from conduitc.diagnostics import has_errors
from conduitc.driver import NO_APP, Analysis, analyse, serves
from conduitc.span import NOWHERE

POLL_SECONDS = 0.1
START_SECONDS = 30.0


class DevServer:
    """Serves ``target`` on ``sock``; ``say`` prints to the developer."""

    def __init__(self, target: str, sock: socket.socket, say: Callable[[str], None]) -> None:
        self.target = target
        self.sock = sock
        self.say = say
        self.worker: Worker | None = None
        self.folder = tempfile.TemporaryDirectory(prefix="conduitc-dev-")
        self.error_file = Path(self.folder.name, "error.txt")

    def run(self) -> None:
        """Serve, watch and reload until interrupted."""
        seen: Snapshot = {}
        try:
            while True:
                now = snapshot(sources(self._root()))
                if files := changed(seen, now):
                    self.reload([file.name for file in files] if seen else [])
                    seen = now
                time.sleep(POLL_SECONDS)
        finally:
            self.stop()

    def _root(self) -> Path:
        path = Path(self.target.partition(":")[0]).absolute()
        return path if path.is_dir() else path.parent

    def reload(self, files: list[str]) -> None:
        """Check the program; where it is sound, start it and let the worker before it go."""
        if files:
            self.say(f"changed: {', '.join(files)}")
        analysis = analyse(self.target)
        worth = [d for d in analysis.diagnostics if d.severity != "info"]
        if not serves(analysis) and not has_errors(worth):
            worth.append(NO_APP.at(NOWHERE, file=self.target))
        if has_errors(worth):
            self._broken(shown(worth, self.target))
            return
        if worth:
            self.say(shown(worth, self.target))
        self._replace(analysis)

    def _replace(self, analysis: Analysis) -> None:
        assert analysis.app is not None and analysis.project is not None
        app = analysis.app
        worker = Worker(
            [str(analysis.project.root), app.module, app.variable, str(self.error_file)], self.sock.fileno()
        )
        if not worker.wait_until_ready(START_SECONDS):
            worker.kill()
            self._broken(worker.output() or "the app did not start")
            return
        before, self.worker = self.worker, worker
        self.error_file.unlink(missing_ok=True)
        if before is not None:
            before.stop_later()
        self.say("serving" if before is None else "reloaded")

    def _broken(self, text: str) -> None:
        self.error_file.write_text(text, encoding="utf-8")
        self.say(text)
        if self.worker is not None:
            self.say("still serving the last good version")

    def stop(self) -> None:
        """End the worker and remove what was written."""
        if self.worker is not None:
            self.worker.stop()
        self.folder.cleanup()
