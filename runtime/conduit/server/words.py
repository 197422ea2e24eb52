"""The options of ``conduitc run``: those of the server, and one for each of ``settings.FIELDS``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from conduit.server.settings import FIELDS, Field, SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPS = ("auto", "asyncio", "uvloop")
LEVELS = ("critical", "error", "warning", "info", "debug")


def parser(program: str) -> argparse.ArgumentParser:
    """Its answer has an attribute for each option; a setting that was not said is None."""
    made = argparse.ArgumentParser(
        prog=program, description="Serve a build in production.", allow_abbrev=False
    )
    made.add_argument("dist", metavar="DIST", help="the folder that `conduitc build` wrote")
    _add_server(made)
    _add_tls(made.add_argument_group("TLS"))
    settings = made.add_argument_group(
        "limits and deadlines", "also by environment, as CONDUIT_HTTP_HEADER_BYTES"
    )
    for field in FIELDS:
        _add_setting(settings, field)
    return made


def _add_server(made: argparse.ArgumentParser) -> None:
    add, switch = made.add_argument, argparse.BooleanOptionalAction
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=_between(0, 65535), default=8000, help="port to listen on (%(default)s); 0: any")
    add("--uds", metavar="PATH", help="listen on a Unix socket instead")
    add("--fd", type=_between(0, 1 << 20), help="listen on a socket that was left open for us")
    add("--backlog", type=_between(1, 65535), default=2048, help="connections that may wait (%(default)s)")
    add("--workers", type=_between(1, 256), default=1, help="processes (%(default)s)")
    add("--single", action="store_true", help="start sooner: one process without uvicorn")
    add(
        "--loop",
        choices=LOOPS,
        default="auto",
        help="uvloop where installed (%(default)s)",
    )
    add("--log-level", default="info", choices=LEVELS)
    add("--access-log", action="store_true", help="a line of JSON for each request, on stdout")
    add("--access-log-query", action="store_true", help="the same with queries, which may hold secrets")
    add("--date-header", action=switch, default=True)
    add("--server-header", action=switch, default=True)
    add("--proxy-headers", action=switch, default=True)
    add(
        "--forwarded-allow-ips", metavar="HOSTS", help="whose forwarding headers are believed (127.0.0.1,::1)"
    )
    add("--root-path", default="", help="the prefix a proxy strips")
    add(
        "--limit-concurrency",
        type=_between(1, 1 << 20),
        help="connections or tasks from which 503 is answered",
    )
    add("--limit-max-requests", type=_between(1, 1 << 60), help="requests after which a worker is replaced")


def _add_tls(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--ssl-certfile", metavar="FILE", help="certificate and its chain")
    group.add_argument("--ssl-keyfile", metavar="FILE", help="its key, where that is a file of its own")
    group.add_argument("--ssl-keyfile-password", metavar="TEXT", help="the key's password")
    group.add_argument("--ssl-ca-certs", metavar="FILE", help="ask clients for a certificate signed by these")


def _add_setting(group: argparse._ArgumentGroup, field: Field) -> None:
    flags = (field.flag, *field.also)
    if isinstance(field.default, bool):
        group.add_argument(
            *flags, dest=field.name, action=argparse.BooleanOptionalAction, help=field.what, default=None
        )
        return
    metavar = "SECONDS" if isinstance(field.default, float) else "N"
    group.add_argument(
        *flags,
        dest=field.name,
        type=_reader(field),
        metavar=metavar,
        help=f"{field.what} ({field.default:.15g})",
    )


def _reader(field: Field) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            return field.read(text)
        except SettingError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _between(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} to {most}")
        return int(text)

    return number
