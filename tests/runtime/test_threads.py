"""Our own threads: results, errors, context, limits, cancellation, time."""

import asyncio
import contextvars
import threading

import pytest
from conduit import HTTPError
from conduit._abi import in_thread, settle, settle_in_thread, with_timeout
from conduit.http.threads import POOL, Pool


def test_results_and_errors():
    async def run():
        assert await in_thread(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await in_thread(divmod, 7, 0)
        with pytest.raises(RuntimeError, match="StopIteration"):
            await in_thread(next, iter(()))

    asyncio.run(run())


def test_off_the_loop_with_a_copy_of_the_context():
    variable = contextvars.ContextVar("variable", default="none")

    def look():
        seen = variable.get()
        variable.set("thread")
        return seen, threading.current_thread() is threading.main_thread()

    async def run():
        variable.set("task")
        assert await in_thread(look) == ("task", False)
        assert variable.get() == "task"

    asyncio.run(run())


def test_several_at_once_and_no_more_than_the_limit():
    async def run():
        loop = asyncio.get_running_loop()
        pool = Pool(3)
        running, most = 0, 0
        lock = threading.Lock()
        barrier = threading.Barrier(3)

        def job():
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            barrier.wait()
            with lock:
                running -= 1
            return threading.current_thread().name

        futures = [loop.create_future() for _ in range(12)]
        for future in futures:
            pool.submit((loop, future, job))
        names = set(await asyncio.gather(*futures))
        assert most == 3
        assert len(names) == 3

    asyncio.run(run())


def test_an_idle_thread_is_used_again():
    async def run():
        loop = asyncio.get_running_loop()
        pool = Pool(40)
        names = set()
        for _ in range(20):
            future = loop.create_future()
            pool.submit((loop, future, lambda: threading.current_thread().name))
            names.add(await future)
        assert len(names) < 20

    asyncio.run(run())


def test_who_was_cancelled_gets_nothing():
    begun = threading.Event()
    release = threading.Event()
    done = threading.Event()

    def job():
        begun.set()
        release.wait()
        done.set()

    async def run():
        task = asyncio.create_task(in_thread(job))
        await in_thread(begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        release.set()
        await in_thread(done.wait)

    asyncio.run(run())


def test_a_loop_that_is_gone_is_no_harm():
    release = threading.Event()

    async def run():
        task = asyncio.create_task(in_thread(release.wait))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(run())
    release.set()
    assert asyncio.run(in_thread(len, "abc")) == 3


def test_opaque_handlers():
    async def later(value):
        return value

    def plain(value):
        return value

    def either(value):
        return later(value)

    async def run():
        for function in (later, plain, either):
            assert await settle(function, 5) == 5
            assert await settle_in_thread(function, 5) == 5

    asyncio.run(run())


def test_time():
    async def slow():
        await asyncio.Event().wait()

    async def own():
        raise TimeoutError("own")

    async def run():
        assert await with_timeout(5, asyncio.sleep(0, "x")) == "x"
        with pytest.raises(HTTPError) as caught:
            await with_timeout(0.01, slow())
        assert (caught.value.status, caught.value.detail) == (503, "no answer within 0.01 seconds")
        with pytest.raises(TimeoutError, match="own"):
            await with_timeout(5, own())

    asyncio.run(run())


def test_calls_that_never_return_do_not_take_the_threads_of_others():
    release = threading.Event()

    begun = threading.Event()

    def never():
        begun.set()
        release.wait()

    async def given_up():
        begun.clear()
        task = asyncio.create_task(in_thread(never))
        await in_thread(begun.wait)
        task.cancel()
        await asyncio.wait([task])

    async def run():
        limit = POOL.limit
        for _ in range(limit // 4):
            await given_up()
        assert POOL.lost == limit // 4
        with pytest.raises(HTTPError) as caught:  # of one function there may be so many
            await in_thread(never)
        assert caught.value.status == 503
        names = await asyncio.gather(*(in_thread(threading.current_thread) for _ in range(limit)))
        assert len(names) == limit
        release.set()
        while POOL.lost:
            await asyncio.sleep(0.001)
        assert await in_thread(never) is None

    asyncio.run(run())


def test_no_more_threads_are_lost_than_there_are_places():
    release = threading.Event()

    async def run():
        loop = asyncio.get_running_loop()
        pool = Pool(3)
        futures = [loop.create_future() for _ in range(9)]
        for future in futures:
            pool.submit((loop, future, release.wait))
        while sum(one.future is not None for one in pool._threads) < 3:
            await asyncio.sleep(0.001)
        for future in futures:
            future.cancel()
            pool.give_up(future, release.wait)
        assert pool.lost == 3
        last = loop.create_future()
        pool.submit((loop, last, lambda: "done"))
        release.set()
        assert await last == "done"

    asyncio.run(run())


def test_what_is_given_up_before_it_begins_never_runs():
    release, ran = threading.Event(), []

    async def run():
        loop = asyncio.get_running_loop()
        pool = Pool(1)
        first, second, third = (loop.create_future() for _ in range(3))
        pool.submit((loop, first, release.wait))
        pool.submit((loop, second, lambda: ran.append("second")))
        second.cancel()
        pool.give_up(second, None)
        pool.submit((loop, third, lambda: ran.append("third")))
        release.set()
        await third
        assert ran == ["third"]

    asyncio.run(run())
