"""Addresses → bound sockets, and how an address is shown.

A socket is bound before the app is imported, so that a taken address is known at once; it listens when the
app is there.
"""

from __future__ import annotations

import os
import socket
import stat

#: What a socket's unsent bytes are limited with, where the system has it.
UNSENT_OPTION: int | None = getattr(socket, "TCP_NOTSENT_LOWAT", None)
#: Bytes that the kernel takes before it can send them: else it takes megabytes for each client that does not
#: read, and with hundreds of those has no memory left to serve the others well.
KEPT_UNSENT = 131072


class Refused(Exception):
    """The address cannot be had; the text is one line."""


def shown(host: str, port: int, scheme: str = "http") -> str:
    """``http://host:port`` as one can open it: wildcard addresses become the loopback's."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return f"{scheme}://{host}:{port}"


def bound(host: str, port: int, scheme: str = "http") -> socket.socket:
    """A socket bound to the address.

    Raises:
        Refused: it is taken, or is none.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        found = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if UNSENT_OPTION is not None:
                found.setsockopt(socket.IPPROTO_TCP, UNSENT_OPTION, KEPT_UNSENT)  # connections inherit it
            found.bind((host, port))
        except BaseException:
            found.close()
            raise
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused(f"cannot listen on {shown(host, port, scheme)}: {why}") from None
    return found


def bound_unix(path: str) -> socket.socket:
    """A socket at ``path``, for every user of the machine; one that nobody listens to any more is replaced.

    Raises:
        Refused: the path is taken, or cannot be had.
    """
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _remove_stale(path)
        found.bind(path)
        os.chmod(path, 0o666)
    except OSError as error:
        found.close()
        raise Refused(f"cannot listen on {path}: {error.strerror or error}") from None
    return found


def _remove_stale(path: str) -> None:
    try:
        if not stat.S_ISSOCK(os.stat(path).st_mode):
            return
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)


def inherited(descriptor: int) -> socket.socket:
    """The socket that whoever started us left open.

    Raises:
        Refused: it is none.
    """
    try:
        found = socket.socket(fileno=descriptor)
    except OSError as error:
        raise Refused(f"file descriptor {descriptor} is no socket: {error.strerror}") from None
    if found.type != socket.SOCK_STREAM:
        found.detach()
        raise Refused(f"file descriptor {descriptor} is no stream socket")
    return found


def address_of(found: socket.socket, host: str = "", scheme: str = "http") -> str:
    """What to tell people."""
    name = found.getsockname()
    if found.family not in (socket.AF_INET, socket.AF_INET6):
        return f"unix:{os.fsdecode(name)}"
    return shown(host or name[0], name[1], scheme)
