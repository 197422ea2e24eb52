"""One process that serves, by uvicorn (``run.py``) or without (``single.py``): how both begin and end.

In: options, a bound socket, and what to do when it serves. Out: the exit code.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from conduit.server.drain import Deadline, leave, turn_away

if TYPE_CHECKING:
    import socket
    from argparse import Namespace
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from conduit.server.log import Structured
    from conduit.server.settings import Settings

    Tell = Callable[[], None]

#: The compiled protocol.
NATIVE = "conduit.server._native"
WITHOUT = "uvicorn's own protocol serves it, without our limits and deadlines"
#: The exit code of servers whose app does not start.
_DID_NOT_START = 3


class Process:
    """What a runner needs to know of the process it runs in."""

    def __init__(
        self,
        options: Namespace,
        settings: Settings,
        listener: socket.socket,
        served: Tell,
        leaving: Tell | None = None,
        parent: int = 0,
    ) -> None:
        self.options = options
        self.settings = settings
        self.listener = listener
        #: To be called when requests are answered, and when no more are accepted.
        self.served = served
        self.leaving = leaving or (lambda: None)
        #: The supervisor's process; 0 where there is none.
        self.parent = parent
        self.native = _native(options)
        self.log = _log(options)
        self.asked = False
        #: Called at the first signal.
        self.stop: Tell = self._not_begun
        self.deadline = Deadline(settings.drain_seconds, self.flush)

    def signals(self) -> None:
        """Heed them from now on. In a worker, the supervisor alone decides what an interrupt means."""
        for number in (signal.SIGTERM,) if self.parent else (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signal)

    def _signal(self, number: int, frame: FrameType | None) -> None:
        if self.asked:  # a second time: at once
            leave(128 + number, self.flush)
        self.asked = True
        self.deadline.begin()
        self.stop()

    def _not_begun(self) -> None:
        """The app is still imported: there is nothing to finish."""
        if not self.parent and self.options.uds is not None:
            turn_away(self.listener)
        leave(0, self.flush)

    def closing(self) -> None:
        """The end begins: others know it, and nobody new is let in, unless the socket outlives us."""
        self.deadline.begin()
        self.leaving()
        found = offered()
        if found is not None:
            found.hub.end()
        if not self.parent and self.options.fd is None:
            turn_away(self.listener)

    def flush(self) -> None:
        """Nothing that was noted is lost."""
        if self.log is not None:
            self.log.flush()

    def orphaned(self) -> bool:
        """Whether the supervisor is gone."""
        return self.parent != 0 and os.getppid() != self.parent


def serve(process: Process) -> int:
    """Until it is asked to end."""
    options = process.options
    try:
        process.signals()
        if options.single and process.native:
            from conduit.server.single import run
        else:
            from conduit.server.run import run
        return run(process)
    except Exception as error:  # whatever the user's modules raise when they are imported
        print(f"{_told(error, options.dist)}\n{not_started(options)}", file=sys.stderr)
        return 1
    except SystemExit as end:
        return 1 if end.code == _DID_NOT_START else end.code if isinstance(end.code, int) else 1
    finally:
        process.flush()
        process.deadline.cancel()


def offered() -> Any:
    """What the app offers by MCP; None where that is nothing. It has the same name in every build."""
    app = getattr(sys.modules.get("app"), "app", None)
    return getattr(getattr(getattr(app, "_conduit", app), "_served", None), "offered", None)


def not_started(options: Namespace) -> str:
    """The line after whatever it was."""
    return f"{options.program}: the app in {options.dist} does not start"


def _native(options: Namespace) -> bool:
    """Whether the compiled protocol is there, and fits this Python."""
    try:
        import_module(NATIVE)
    except ModuleNotFoundError:  # the command has said so
        return False
    except ImportError as error:
        print(f"{options.program}: {error}; {WITHOUT}", file=sys.stderr)
        return False
    return True


def _log(options: Namespace) -> Structured | None:
    if not (options.access_log or options.access_log_query):
        return None
    from conduit.server.log import structured

    return structured(sys.stdout, options.access_log_query)


def _told(error: Exception, dist: str) -> str:
    """The traceback; of a refusal by the build's own ``app.py`` what it says."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    if isinstance(error, ImportError) and last.filename == os.path.join(os.path.abspath(dist), "app.py"):
        return str(error)
    return "".join(traceback.format_exception(error)).rstrip()


def server_headers(options: Namespace) -> list[tuple[str, str]]:
    """What names the server in each answer."""
    return [("server", "conduit")] if options.server_header else []


def loop_factory(options: Namespace) -> Callable[[], Any]:
    """Makes the event loop that was asked for."""
    if options.loop != "asyncio":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            made: Callable[[], Any] = uvloop.new_event_loop
            return made
    import asyncio

    return asyncio.new_event_loop
