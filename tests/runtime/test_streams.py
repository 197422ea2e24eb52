"""Bodies in pieces: generators, events, files; what goes wrong on the way, and clients that leave."""

import asyncio
import threading

import pytest
from conduit import Event, EventStream, File, Stream

from tests.runtime.client import Got, app, ask, call, scope_of


def served(make, **options):
    return app({"GET /": lambda request: make()}, **options)


def test_an_async_generator():
    async def numbers():
        for number in range(3):
            yield f"{number},"

    got = call(served(numbers), "GET")
    assert got.headers == [(b"content-type", b"text/plain; charset=utf-8")]
    assert [message.get("body") for message in got.messages[1:]] == [b"0,", b"1,", b"2,", b""]
    assert [message.get("more_body") for message in got.messages[1:]] == [True, True, True, None]


def test_a_generator_runs_on_a_thread():
    def threads():
        yield threading.current_thread().name.encode()

    got = call(served(threads), "GET")
    assert got.header("content-type") == "application/octet-stream"
    assert got.body.startswith(b"conduit-")


def test_events():
    def events():
        yield Event("one\ntwo", event="tick", id="7", retry=50)
        yield Event({"a": 1})
        yield Event()

    got = call(served(events), "GET")
    assert got.headers == [(b"content-type", b"text/event-stream")]
    assert got.body == (b'event: tick\nid: 7\nretry: 50\ndata: one\ndata: two\n\ndata: {"a":1}\n\ndata: \n\n')


def test_event_stream():
    got = call(served(lambda: EventStream(["a", Event("b"), {"c": 1}])), "GET")
    assert got.headers == [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
    assert got.body == b'data: a\n\ndata: b\n\ndata: {"c":1}\n\n'


def test_event_stream_sends_its_headers_at_once():
    async def run():
        release = asyncio.Event()
        got = Got()

        async def events():
            await release.wait()
            yield "x"

        async def receive():
            await asyncio.Event().wait()

        async def send(message):
            got.messages.append(message)

        task = asyncio.create_task(served(lambda: EventStream(events()))(scope_of("GET", "/"), receive, send))
        while not got.messages:
            await asyncio.sleep(0)
        assert got.messages[0]["type"] == "http.response.start"
        release.set()
        await task
        assert got.body == b"data: x\n\n"

    asyncio.run(run())


@pytest.mark.parametrize("field", ["event", "id"])
def test_events_cannot_smuggle_lines(field):
    with pytest.raises(ValueError, match="one line"):
        Event("x", **{field: "a\nb"})


def test_status_and_headers_of_a_stream():
    got = call(
        served(lambda: Stream([b"a", "b", b""], 201, {"content-length": "2", "x": "y"}, "text/x")), "GET"
    )
    assert (got.status, got.body) == (201, b"ab")
    assert got.headers == [(b"content-type", b"text/x"), (b"content-length", b"2"), (b"x", b"y")]
    assert call(served(lambda: ((b"a" for _ in range(2)), 206)), "GET").status == 206


@pytest.mark.parametrize("content", ["text", b"bytes", {"a": 1}, 5, None])
def test_what_is_no_stream(content):
    with pytest.raises(TypeError, match="a stream is made of an iterator"):
        Stream(content)


def test_an_empty_stream():
    got = call(served(lambda: (x for x in ())), "GET")
    assert (got.status, got.headers, got.body, got.complete) == (200, [], b"", True)


def test_head_begins_no_generator():
    begun, closed = [], []

    async def pieces():
        begun.append(1)
        yield b"x"

    class Content:
        def __iter__(self):
            begun.append(2)
            return iter([b"x"])

        def close(self):
            closed.append(1)

    assert call(served(pieces), "HEAD").status == 200
    got = call(served(lambda: Stream(Content(), media_type="text/x")), "HEAD")
    assert (got.headers, got.body, got.complete) == ([(b"content-type", b"text/x")], b"", True)
    assert (begun, closed) == ([], [1])


def test_what_fails_before_the_first_piece_is_a_500(caplog):
    async def broken():
        raise RuntimeError("early")
        yield b""

    got = call(served(broken), "GET")
    assert got.status == 500
    assert "early" in caplog.text
    handled = served(broken, exception_handlers=[(RuntimeError, lambda request, error: ("mine", 503))])
    assert call(handled, "GET").json == "mine"


def test_what_cannot_be_sent_is_a_500(caplog):
    assert call(served(lambda: ({"a": 1} for _ in range(2))), "GET").status == 500


def test_what_fails_later_breaks_the_answer_off(caplog):
    async def broken():
        yield b"a"
        raise RuntimeError("late")

    async def run():
        got = Got()

        async def send(message):
            got.messages.append(message)

        async def receive():
            await asyncio.Event().wait()

        with pytest.raises(RuntimeError, match="broke off"):
            await served(broken)(scope_of("GET", "/"), receive, send)
        return got

    got = asyncio.run(run())
    assert (got.status, got.body, got.complete) == (200, b"a", False)
    assert "late" in caplog.text


@pytest.mark.parametrize("sync", [False, True])
def test_a_client_that_leaves_ends_the_generator(sync):
    async def run():
        closed = asyncio.Event()
        left = asyncio.Event()
        loop = asyncio.get_running_loop()

        async def forever():
            try:
                while True:
                    yield b"x"
                    await asyncio.sleep(0)
            finally:
                closed.set()

        def forever_sync():
            try:
                while True:
                    yield b"x"
            finally:
                loop.call_soon_threadsafe(closed.set)

        async def receive():
            await left.wait()
            return {"type": "http.disconnect"}

        sent = []

        async def send(message):
            sent.append(message)
            if len(sent) == 5:
                left.set()
            await asyncio.sleep(0)

        make = forever_sync if sync else forever
        await served(make)(scope_of("GET", "/"), receive, send)
        await closed.wait()
        assert asyncio.current_task().cancelling() == 0

    asyncio.run(run())


def test_a_cancelled_request_stays_cancelled():
    async def run():
        closed = []

        async def forever():
            try:
                yield b"x"
                await asyncio.Event().wait()
            finally:
                closed.append(1)

        async def receive():
            await asyncio.Event().wait()

        begun = asyncio.Event()

        async def send(message):
            if message.get("body") == b"x":
                begun.set()

        task = asyncio.create_task(served(forever)(scope_of("GET", "/"), receive, send))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert closed == [1]

    asyncio.run(run())


def test_the_bodys_pieces_are_the_handlers():
    async def echo(request):
        async def pieces():
            async for piece in request.stream():
                yield piece.upper()

        return Stream(pieces(), media_type="text/plain")

    async def run():
        return await ask(
            app({"POST /": echo}), scope_of("POST", "/", [("content-length", "6")]), [b"ab", b"cd", b"ef"]
        )

    got = asyncio.run(run())
    assert [message.get("body") for message in got.messages[1:]] == [b"AB", b"CD", b"EF", b""]


def test_files(tmp_path):
    data = bytes(range(256)) * 2000
    path = tmp_path / "data.bin"
    path.write_bytes(data)
    got = call(served(lambda: File(path, headers={"x": "y"})), "GET")
    assert got.headers == [
        (b"content-type", b"application/octet-stream"),
        (b"content-length", b"512000"),
        (b"x", b"y"),
    ]
    assert got.body == data
    assert len(got.messages) > 3
    head = call(served(lambda: File(path, filename="a b.bin")), "HEAD")
    assert (head.header("content-length"), head.body) == ("512000", b"")
    assert head.header("content-disposition") == "attachment; filename*=UTF-8''a%20b.bin"


def test_relative_files_start_at_the_code_that_names_them():
    got = call(served(lambda: File("client.py")), "GET")
    assert got.header("content-type") == "text/x-python; charset=utf-8"
    assert got.body.startswith(b'"""A plain ASGI client')


def test_files_that_are_not_there(tmp_path, caplog):
    assert call(served(lambda: File(tmp_path / "nothing")), "GET").status == 500
    assert call(served(lambda: File(tmp_path)), "GET").status == 500


def test_empty_files(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    got = call(served(lambda: File(tmp_path / "empty.txt")), "GET")
    assert (got.header("content-length"), got.body, got.complete) == ("0", b"", True)
