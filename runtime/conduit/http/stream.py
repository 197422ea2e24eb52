"""Responses whose body comes in pieces: ``Stream``, ``EventStream``, ``File``.

``pieces()`` gives the body as an async generator of bytes; the serving core asks for it only where a body is
wanted. What a body is made of is left untouched until then.
"""

from __future__ import annotations

import os
import sys
from contextlib import aclosing, suppress

from conduit.http.response import Response, as_bytes, check_status, typed_pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from conduit.http.response import HeadersArgument

_CHUNK = 1 << 18


class Event:
    """One server-sent event; ``data`` that is not text is sent as JSON."""

    __slots__ = ("data", "event", "id", "retry")

    def __init__(
        self, data: Any = "", event: str | None = None, id: str | None = None, retry: int | None = None
    ) -> None:
        for name, text in (("event", event), ("id", id)):
            if text is not None and ("\n" in text or "\r" in text or "\0" in text):
                raise ValueError(f"an event's {name} is one line, not {text!r}")
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry

    def encode(self) -> bytes:
        """The event as it is sent."""
        lines = []
        if self.event is not None:
            lines.append(f"event: {self.event}")
        if self.id is not None:
            lines.append(f"id: {self.id}")
        if self.retry is not None:
            lines.append(f"retry: {int(self.retry)}")
        data = self.data if isinstance(self.data, str) else _as_json(self.data)
        lines += [f"data: {line}" for line in data.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
        return "\n".join([*lines, "", ""]).encode()


def _as_json(data: object) -> str:
    from conduit.http.encode import encode_json

    return encode_json(data).decode()


class Stream(Response):
    """Bytes or text from an iterator, sync (on a thread) or async.

    Without a media type the first piece decides: events, text or bytes.
    """

    __slots__ = ("content",)
    streams = True

    def __init__(
        self,
        content: Any,
        status: int = 200,
        headers: HeadersArgument = None,
        media_type: str | None = "application/octet-stream",
    ) -> None:
        self.content = check_content(content)
        self.status = check_status(status)
        self._pairs = typed_pairs(media_type, headers)

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(items_of(self.content)) as items:
            async for piece in items:
                if "content-type" not in self.headers:
                    self.headers["content-type"] = _media_type_of(piece)
                yield piece.encode() if isinstance(piece, Event) else as_bytes(piece)


class EventStream(Response):
    """Server-sent events from an iterator; what is no ``Event`` becomes the data of one."""

    __slots__ = ("content",)
    streams = True
    #: A client waits for the headers, however long the first event takes.
    eager = True

    def __init__(self, content: Any, status: int = 200, headers: HeadersArgument = None) -> None:
        self.content = check_content(content)
        self.status = check_status(status)
        self._pairs = typed_pairs("text/event-stream", headers)
        self.headers.setdefault("cache-control", "no-cache")

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(items_of(self.content)) as items:
            async for piece in items:
                yield (piece if isinstance(piece, Event) else Event(piece)).encode()


class File(Response):
    """A file; a relative path starts at the file of the code that names it.

    Raises:
        OSError: there is no such file.
    """

    __slots__ = ("content", "path")
    streams = True

    def __init__(
        self,
        path: str | os.PathLike[str],
        status: int = 200,
        headers: HeadersArgument = None,
        media_type: str | None = None,
        *,
        filename: str | None = None,
    ) -> None:
        self.path = os.fspath(path)
        if not os.path.isabs(self.path):
            here = sys._getframe(1).f_globals.get("__file__")
            self.path = os.path.join(os.path.dirname(os.path.abspath(here)) if here else "", self.path)
        if os.path.isdir(self.path):
            raise IsADirectoryError(f"a directory is no answer: {self.path}")
        size = os.stat(self.path).st_size
        self.content = None
        self.status = check_status(status)
        self._pairs = typed_pairs(media_type or _guess(self.path), headers)
        self.headers["content-length"] = str(size)
        if filename is not None:
            self.headers["content-disposition"] = _attachment(filename)

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        from conduit.http.threads import in_thread

        left = int(self.headers["content-length"])
        file = await in_thread(open, self.path, "rb")
        try:
            while left:
                piece = await in_thread(file.read, min(left, _CHUNK))
                if not piece:
                    raise OSError(f"{self.path} became shorter while it was sent")
                left -= len(piece)
                yield piece
        finally:
            file.close()


def _guess(path: str) -> str:
    from mimetypes import guess_type

    kind, encoding = guess_type(path)
    if kind is None or encoding is not None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _attachment(filename: str) -> str:
    from urllib.parse import quote

    quoted = quote(filename, safe="")
    if quoted == filename:
        return f'attachment; filename="{filename}"'
    return f"attachment; filename*=UTF-8''{quoted}"


def _media_type_of(piece: object) -> str:
    if isinstance(piece, Event):
        return "text/event-stream"
    return "text/plain; charset=utf-8" if isinstance(piece, str) else "application/octet-stream"


def check_content(content: Any) -> Any:
    """What can be iterated.

    Raises:
        TypeError: it cannot be, or it is text or bytes in full.
    """
    iterable = hasattr(content, "__aiter__") or hasattr(content, "__iter__")
    if not iterable or isinstance(content, str | bytes | bytearray | dict):
        raise TypeError(f"a stream is made of an iterator, not {type(content).__name__}")
    return content


async def items_of(content: Any) -> AsyncGenerator[Any, None]:
    """The items of any iterable; a generator is closed in the end, a sync one runs on a thread."""
    if hasattr(content, "__aiter__"):
        try:
            async for item in content:
                yield item
        finally:
            if hasattr(content, "aclose"):
                await content.aclose()
        return
    from conduit.http.threads import in_thread

    iterator, end = iter(content), object()
    try:
        while (item := await in_thread(next, iterator, end)) is not end:
            yield item
    finally:
        if hasattr(iterator, "close"):
            with suppress(ValueError):  # it is running: who waited for it was cancelled
                await in_thread(iterator.close)
