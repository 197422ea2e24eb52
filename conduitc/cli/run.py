"""``conduitc run DIST``: serve a build in production."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from conduitc.cli.served import MARK, address, listening, mend

#: uvicorn's exit code for that.
_DID_NOT_START = 3


def run_command(arguments: list[str]) -> int:
    """Serve until stopped; 2 where ``DIST`` is not a build, or the address cannot be had."""
    options = _parser().parse_args(arguments)
    dist = Path(options.dist)
    if not dist.exists():
        mend(dist)
    if not (dist / MARK).is_file() or not (dist / "app.py").is_file():
        print(
            f"conduitc run: {dist} is no build: make one with `conduitc build APP -o {dist}`", file=sys.stderr
        )
        return 2
    sock = listening("run", options.host, options.port)
    if sock is None:
        return 2
    with sock:  # released for uvicorn, which takes it in its own way
        port = sock.getsockname()[1]
    print(f"Server running at {address(options.host, port)}", flush=True)
    return _serve(dist, port, options)


def _serve(dist: Path, port: int, options: argparse.Namespace) -> int:
    """Until stopped; 1 where the app does not start."""
    import uvicorn

    try:
        uvicorn.run(
            "app:app",
            app_dir=str(dist),
            host=options.host,
            port=port,
            workers=options.workers,
            log_level=options.log_level,
            access_log=options.access_log,
            proxy_headers=options.proxy_headers,
            forwarded_allow_ips=options.forwarded_allow_ips,
            root_path=options.root_path,
            timeout_keep_alive=options.timeout_keep_alive,
        )
    except Exception as error:  # whatever the user's modules raise when they are imported
        print(f"{_told(error, dist)}\nconduitc run: the app in {dist} does not start", file=sys.stderr)
        return 1
    except SystemExit as end:
        return 1 if end.code == _DID_NOT_START else end.code if isinstance(end.code, int) else 1
    return 0


def _told(error: Exception, dist: Path) -> str:
    """The traceback; of a refusal by the build's own ``app.py`` what it says."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    if isinstance(error, ImportError) and Path(last.filename) == dist.absolute() / "app.py":
        return str(error)
    return "".join(traceback.format_exception(error)).rstrip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="conduitc run", description="Serve a build in production.")
    add = parser.add_argument
    add("dist", metavar="DIST", help="the folder that `conduitc build` wrote")
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=_between(0, 65535), default=8000, help="port to listen on (%(default)s)")
    add("--workers", type=_between(1, 1024), default=1, help="processes (%(default)s)")
    add("--log-level", default="info", choices=["critical", "error", "warning", "info", "debug"])
    add("--access-log", action="store_true", help="log every request")
    add("--proxy-headers", action=argparse.BooleanOptionalAction, default=True)
    add("--forwarded-allow-ips", default=None, help="whose forwarding headers are believed")
    add("--root-path", default="", help="the prefix a proxy strips")
    add("--timeout-keep-alive", type=_between(0, 86400), default=5, help="seconds (%(default)s)")
    return parser


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return number
