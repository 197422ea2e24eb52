"""What an app's function does to its call, kept from all else: exceptions of any kind, hangs, odd words.

In: what is awaited and what was raised. Out: a value or an exception that ends one call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable

#: Characters of a reason that are told.
LONGEST = 10_000


class Stopped(BaseException):
    """The process was asked to end while it served: no function's own doing."""


class Late(Exception):
    """The call took longer than it may."""


async def within(seconds: float, awaited: Awaitable[Any]) -> Any:
    """What ``awaited`` gives. It is given up when the time is over, and nobody waits until it heeds that.

    Raises:
        Late: so it was.
    """
    import asyncio

    task = asyncio.ensure_future(_kept(awaited))
    try:
        await asyncio.wait((task,), timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
    if not task.done():
        raise Late
    value, error = task.result()
    if error is not None:
        raise error
    return value


async def _kept(awaited: Awaitable[Any]) -> tuple[Any, BaseException | None]:
    """In a task of its own SystemExit would end the event loop."""
    try:
        return await awaited, None
    except BaseException as error:
        if from_outside(error):
            raise
        return None, error


def from_outside(error: BaseException) -> bool:
    """Whether it ends the task or the process, and not just the function that it went through."""
    if isinstance(error, Exception):
        return False
    if isinstance(error, (Stopped, GeneratorExit)):
        return True
    from asyncio import CancelledError, current_task

    if not isinstance(error, CancelledError):
        return False
    task = current_task()
    return task is not None and task.cancelling() > 0


def words(error: object) -> str:
    """What an exception says, as text that can be sent."""
    try:
        text = str(error)
    except Exception:
        text = type(error).__name__
    return text[:LONGEST].encode("utf-8", "replace").decode()


def noted(what: str, error: BaseException) -> None:
    """In the log; a log that cannot be written to is no reason to fail."""
    import logging  # not before it is needed: a server over pipes starts without it

    try:
        logging.getLogger("conduit").error("unhandled exception in %s", what, exc_info=error)
    except Exception:
        return
