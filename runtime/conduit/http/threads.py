"""Our own threads: where handlers run that may block.

In: a function and its arguments. Out: a coroutine that waits for the result; context variables are copied.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from inspect import isawaitable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from conduit.http.errors import HTTPError

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future

    Job = tuple[AbstractEventLoop, Future[Any], Callable[[], Any]]


class Pool:
    """At most ``limit`` threads, started when nobody is idle. They end with the process."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._started = 0
        self._idle = 0
        self._lock = Lock()
        self._jobs: SimpleQueue[Job] = SimpleQueue()

    def submit(self, job: Job) -> None:
        """Have the job done by some thread."""
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._started < self.limit:
                self._started += 1
                Thread(target=self._work, name=f"conduit-{self._started}", daemon=True).start()
        self._jobs.put(job)

    def _work(self) -> None:
        while True:
            loop, future, call = self._jobs.get()
            value, failure = None, None
            try:
                value = call()
            except BaseException as error:
                failure = error
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, value, failure)
            del loop, future, call, value, failure
            with self._lock:
                self._idle += 1


def _settle(future: Future[Any], value: object, error: BaseException | None) -> None:
    if future.done():  # whoever waited was cancelled
        return
    if error is None:
        future.set_result(value)
    elif isinstance(error, StopIteration):  # which a future cannot carry
        future.set_exception(RuntimeError("the handler raised StopIteration"))
    else:
        future.set_exception(error)


#: Threads belong to the process, not to an app: adapters name no app when they ask for one.
POOL = Pool(40)


async def in_thread(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """``function(*arguments, **keywords)``, on a thread."""
    from asyncio import get_running_loop

    loop = get_running_loop()
    future = loop.create_future()
    POOL.submit((loop, future, partial(copy_context().run, function, *arguments, **keywords)))
    return await future


async def settle(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """``function(*arguments, **keywords)``, awaited if that gives something to await."""
    value = function(*arguments, **keywords)
    return await value if isawaitable(value) else value


async def settle_in_thread(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """As ``settle``, the call itself on a thread."""
    value = await in_thread(function, *arguments, **keywords)
    return await value if isawaitable(value) else value


async def with_timeout(seconds: float, awaitable: Awaitable[Any]) -> Any:
    """What ``awaitable`` gives.

    Raises:
        HTTPError: 503, not within ``seconds``.
    """
    from asyncio import timeout

    try:
        async with timeout(seconds) as limit:
            return await awaitable
    except TimeoutError:
        if limit.expired():
            raise HTTPError(503, f"no answer within {seconds:g} seconds") from None
        raise
