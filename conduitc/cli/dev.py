"""``conduitc dev APP``: serve while you work."""

import signal
import tempfile
from pathlib import Path

from conduitc.cli.served import address, listening
from conduitc.dev.server import DevServer
from conduitc.staging import staging, sweep


def dev_command(target: str, host: str, port: int) -> int:
    """Serve until interrupted; 2 where the address is taken."""
    sock = listening("dev", host, port)
    if sock is None:
        return 2
    sock.set_inheritable(True)
    url = address(host, sock.getsockname()[1])
    print(f"Server running at {url}\nwatching {target}; Ctrl-C stops", flush=True)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        temporary = Path(tempfile.gettempdir())
        sweep(temporary)
        with staging(temporary) as folder:
            DevServer(target, sock, folder, _say).run()
    except KeyboardInterrupt:
        return 0
    finally:
        sock.close()
    return 0


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)
