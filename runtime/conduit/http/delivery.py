"""Answers → ASGI messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.http.body import may_come
from conduit.http.entry import Folded, fresh
from conduit.http.response import Response

if TYPE_CHECKING:
    from conduit.http.entry import Answer, Message, Pair, Receive, Scope, Send
    from conduit.http.stream import EventStream, File, Stream

    Streaming = Stream | EventStream | File

#: Files from this size on, in bytes, are left to a server that offers it; a smaller one is one piece.
_BY_SERVER = 1 << 16
_NOTHING = {"type": "http.response.body", "body": b""}


class Broken(RuntimeError):
    """The answer broke off after it had begun: the server must end the connection."""


def messages_of(answer: Answer, head: bool) -> Pair:
    """Both messages of an answer; for HEAD without the body, and no iterator is begun."""
    if isinstance(answer, Response):
        if answer.streams:
            return _unopened(answer), dict(_NOTHING)
        start, body = answer.messages()
    else:
        start, body = fresh(answer) if type(answer) is Folded else answer
    return start, (dict(_NOTHING) if head else body)


def _unopened(response: Response) -> Message:
    """The start of a stream nobody reads: what has not begun has nothing to undo, and is closed."""
    close = getattr(getattr(response, "content", None), "close", None)
    if close is not None:
        close()
    return response.start()


class Opened:
    """A stream whose first piece is there, so that what goes wrong until then is an error like any other."""

    def __init__(self, response: Streaming, scope: Scope) -> None:
        self._response = response
        self._pieces = response.pieces()
        self._first = b""
        self._file = _sendable(response, scope)

    async def first(self) -> None:
        """Wait for it, unless the headers are to be sent before."""
        if self._response.eager:
            return
        if self._file is not None:
            from conduit.http.threads import in_thread

            (await in_thread(open, self._file, "rb")).close()
            return
        try:
            self._first = await anext(self._pieces, b"")
        except BaseException:
            await self._pieces.aclose()
            raise

    async def deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it all, and end it where the client goes away.

        Raises:
            Broken: an error came too late to be answered.
        """
        import asyncio

        watch = Watch()
        try:
            await send(self._response.start())
            if self._file is not None:
                await send({"type": "http.response.pathsend", "path": self._file})
                return
            watch.begin(asyncio.current_task(), scope, receive)
            if self._first:
                await send({"type": "http.response.body", "body": self._first, "more_body": True})
            async for piece in self._pieces:
                if piece:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send(dict(_NOTHING))
        except asyncio.CancelledError:
            if not watch.left():
                raise
        except Exception as error:
            raise Broken("the answer broke off") from error
        finally:
            watch.end()
            await self._pieces.aclose()


def _sendable(response: Streaming, scope: Scope) -> str | None:
    """The path of a large file, where the server can send files by itself."""
    path: str | None = getattr(response, "path", None)
    if path is None or int(response.headers["content-length"]) < _BY_SERVER:
        return None
    return path if "http.response.pathsend" in scope.get("extensions", ()) else None


async def departure(receive: Receive) -> None:
    """Until the client has left; what it still sends is passed over."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Watch:
    """Cancels the task that sends when the client goes away."""

    def __init__(self) -> None:
        self._watcher: Any = None
        self._task: Any = None
        self._over = False
        self._gone = False

    def begin(self, task: Any, scope: Scope, receive: Receive) -> None:
        if not may_come(scope):  # the pieces of the body are the handler's
            self.attend(task, receive)

    def attend(self, task: Any, receive: Receive) -> None:
        """Where the body was read whole, or nobody will."""
        from asyncio import get_running_loop

        self._task = task
        self._watcher = get_running_loop().create_task(self._wait(receive))

    async def _wait(self, receive: Receive) -> None:
        await departure(receive)
        if not self._over:
            self._gone = True
            self._task.cancel()

    @property
    def gone(self) -> bool:
        """Whether the client went away."""
        return self._gone

    def left(self) -> bool:
        """Whether the client did; the cancellation was ours then, and is taken back."""
        if self._gone:
            self._task.uncancel()
        return self._gone

    def end(self) -> None:
        self._over = True
        if self._watcher is not None:
            self._watcher.cancel()
