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


class _Thread:
    """What one of the threads is at; ``lost`` when nobody waits for it and another has its place."""

    __slots__ = ("function", "future", "lost")

    def __init__(self) -> None:
        self.future: Future[Any] | None = None
        self.function: object = None
        self.lost = False


class Pool:
    """At most ``limit`` threads, started when nobody is idle. They end with the process.

    A call that its caller gave up cannot be ended. Its thread loses its place, so that calls which never
    return do not take it from others; as many may be lost as there are places, and a quarter by one function.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.lost = 0
        self._started = 0
        #: Jobs that run or wait, those of lost threads left out.
        self._begun = 0
        self._lock = Lock()
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._threads: set[_Thread] = set()

    def submit(self, job: Job) -> None:
        """Have the job done by some thread."""
        with self._lock:
            self._begun += 1
            self._start_if_needed()
        self._jobs.put(job)

    def _start_if_needed(self) -> None:
        if self._started < min(self._begun, self.limit):
            self._started += 1
            one = _Thread()
            self._threads.add(one)
            name = f"conduit-{len(self._threads)}"
            Thread(target=self._work, args=(one,), name=name, daemon=True).start()

    def give_up(self, future: Future[Any], function: object) -> None:
        """Nobody waits for the job any more. One that has not begun is left out."""
        with self._lock:
            for one in tuple(self._threads):
                if one.future is future and not one.lost and self.lost < self.limit:
                    one.lost, one.function = True, function
                    self.lost += 1
                    self._started -= 1
                    self._begun -= 1
                    self._start_if_needed()

    def exhausted_by(self, function: object) -> bool:
        """Whether so many calls of it were given up, and still run, that it gets no more threads."""
        with self._lock:
            return sum(one.lost and one.function == function for one in self._threads) * 4 >= self.limit

    def _work(self, place: _Thread) -> None:
        while not place.lost:
            loop, future, call = self._jobs.get()
            value, failure = None, None
            place.future = future
            if not future.cancelled():
                try:
                    value = call()
                except BaseException as error:
                    failure = error
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_settle, future, value, failure)
            del loop, future, call, value, failure
            with self._lock:
                place.future = None
                if place.lost:
                    self.lost -= 1
                    self._threads.discard(place)
                else:
                    self._begun -= 1


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
    from asyncio import CancelledError, get_running_loop

    if POOL.lost and POOL.exhausted_by(function):
        raise HTTPError(503, "too many calls that were given up still run")
    loop = get_running_loop()
    future = loop.create_future()
    POOL.submit((loop, future, partial(copy_context().run, function, *arguments, **keywords)))
    try:
        return await future
    except CancelledError:
        if future.cancelled():
            POOL.give_up(future, function)
        raise


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
