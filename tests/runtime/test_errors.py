"""What was raised: the app's handlers first, then problem documents, then a 500 that reveals nothing."""

import asyncio
import logging

import pytest
from conduit import JSON, HTTPError, _abi

from tests.runtime.client import app, ask, call, entry, scope_of


class Base(Exception):
    pass


class Child(Base):
    pass


class Other(Child, ValueError):
    pass


def raising(error):
    def handler(request):
        raise error

    return handler


def test_http_errors_are_problem_documents():
    got = call(app({"GET /": raising(HTTPError(404, "no such user"))}), "GET")
    assert got.body == b'{"type":"about:blank","title":"Not Found","status":404,"detail":"no such user"}'
    assert got.headers == [(b"content-type", b"application/problem+json"), (b"content-length", b"79")]


def test_http_errors_without_detail_and_with_headers():
    got = call(app({"GET /": raising(HTTPError(401, headers={"WWW-Authenticate": "Basic"}))}), "GET")
    assert got.json == {"type": "about:blank", "title": "Unauthorized", "status": 401}
    assert got.headers[2:] == [(b"www-authenticate", b"Basic")]
    assert call(app({"GET /": raising(HTTPError(499))}), "GET").json["title"] == "Error"


def test_faults_are_listed():
    faults = [("query", "q", "Missing"), ("body", "$.a", "Expected `int`")]
    got = call(app({"GET /": raising(_abi.invalid(faults))}), "GET")
    assert got.body == (
        b'{"type":"about:blank","title":"Unprocessable Content","status":422,'
        b'"detail":"the request does not validate",'
        b'"errors":[{"in":"query","path":"q","message":"Missing"},'
        b'{"in":"body","path":"$.a","message":"Expected `int`"}]}'
    )


@pytest.mark.parametrize("awaits", [False, True])
def test_an_unhandled_exception_reveals_nothing_and_is_logged(caplog, awaits):
    async def later(request):
        raise RuntimeError("the password is hunter2")

    handler = later if awaits else raising(RuntimeError("the password is hunter2"))
    got = call(app({"GET /x": handler}), "GET", "/x")
    assert got.body == b'{"type":"about:blank","title":"Internal Server Error","status":500}'
    record = caplog.records[0]
    assert (record.name, record.levelno) == ("conduit", logging.ERROR)
    assert record.getMessage() == "unhandled exception in GET /x"
    assert "hunter2" in caplog.text
    assert "test_errors.py" in caplog.text


def test_the_nearest_class_decides():
    served = app(
        {"GET /child": raising(Child()), "GET /other": raising(Other()), "GET /value": raising(ValueError())},
        exception_handlers=[
            (Exception, lambda request, error: "exception"),
            (Base, lambda request, error: "base"),
            (ValueError, lambda request, error: "value"),
        ],
    )
    assert call(served, "GET", "/child").json == "base"
    assert call(served, "GET", "/other").json == "base"
    assert call(served, "GET", "/value").json == "value"


def test_the_later_of_two_handlers_for_one_class_counts():
    served = app(
        {"GET /": raising(Base())},
        exception_handlers=[(Base, lambda request, error: 1), (Base, lambda request, error: 2)],
    )
    assert call(served, "GET").json == 2


def test_handlers_give_any_answer():
    async def teapot(request, error):
        return {"path": request.path, "error": str(error)}, 418

    for handler, status in (
        (teapot, 418),
        (lambda request, error: JSON({}, 409), 409),
        (lambda *_: None, 204),
    ):
        served = app({"GET /": raising(Base("b"))}, exception_handlers=[(Base, handler)])
        assert call(served, "GET").status == status


def test_http_errors_meet_handlers_of_their_own_class_only():
    general = [(Exception, lambda request, error: "mine")]
    assert call(app({"GET /": raising(HTTPError(404))}, exception_handlers=general), "GET").status == 404
    own = [(HTTPError, lambda request, error: (f"mine {error.status}", error.status))]
    assert call(app({"GET /": raising(HTTPError(404))}, exception_handlers=own), "GET").json == "mine 404"
    assert (
        call(app({"GET /": raising(_abi.invalid([("a", "b", "c")]))}, exception_handlers=own), "GET").status
        == 422
    )


def test_a_handler_that_raises_is_a_500(caplog):
    def broken(request, error):
        raise KeyError("in the handler")

    assert call(app({"GET /": raising(Base())}, exception_handlers=[(Base, broken)]), "GET").status == 500
    assert "in the handler" in caplog.text


def test_plain_handlers_may_block():
    """They run on a thread: nobody has shown that they do not."""
    import threading

    seen = []
    served = app(
        {"GET /": raising(Base())},
        exception_handlers=[(Base, lambda request, error: seen.append(threading.current_thread().name))],
    )
    assert call(served, "GET").status == 204
    assert seen[0].startswith("conduit-")


def test_a_path_value_that_is_refused_late_is_404():
    def late(request):
        return _abi.path_reader(0, int, "int")(request._hit)

    served = app({"GET /{x}": late})
    assert call(served, "GET", "/x").status == 404
    assert call(served, "GET", "/5").json == 5


def test_cancellation_is_nobodys_answer():
    async def cancelled(request):
        raise asyncio.CancelledError

    async def run():
        with pytest.raises(asyncio.CancelledError):
            await ask(app({"GET /": cancelled}), scope_of("GET", "/"))

    asyncio.run(run())


def test_a_type_that_refuses_with_an_error_of_its_own(caplog):
    """An enum's ``_missing_`` is the user's code, and runs while routes are looked for."""

    def find(path):
        raise LookupError("missing")

    served = _abi.serving({"GET": (find, find)})
    assert call(served, "GET").status == 500
    assert "LookupError: missing" in caplog.text
    handlers = [(LookupError, lambda request, error: "mine")]
    assert call(_abi.serving({"GET": (find, find)}, exception_handlers=handlers), "GET").json == "mine"


def test_the_server_goes_on():
    served = app({"GET /": raising(Base()), "GET /fine": lambda request: "fine"})
    assert [call(served, "GET", path).status for path in ("/", "/fine", "/")] == [500, 200, 500]


def test_errors_in_head_have_no_body():
    got = call(app({"GET /": raising(HTTPError(404))}), "HEAD")
    assert (got.status, got.body, got.header("content-length")) == (404, b"", "55")


def test_entries_that_await_and_raise():
    async def later(request):
        await asyncio.sleep(0)
        raise Child

    served = app({"GET /": entry(later)}, exception_handlers=[(Base, lambda request, error: "base")])
    assert call(served, "GET").json == "base"
