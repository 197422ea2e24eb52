"""Binding declarations: by slot and turn in a build, by place without; differences in one error."""

import inspect
from pathlib import Path

import pytest
from conduit import Conduit, Router, _abi
from conduit.http.errors import Refused
from conduit.table import Mismatch

from tests.runtime.client import app, call, entry

HERE = Path(__file__)


def handler(request):
    return None


def other(request):
    return None


def line():
    return inspect.currentframe().f_back.f_lineno


def slotted():
    app = Conduit(_slot=0)
    router = Router(prefix="/r", _slot=1)
    app.include(router, _slot=2)
    for path, function in (("/a", handler), ("/b", other)):
        router.get(path, _slot=3)(function)
    app.use(dict, _slot=4, x=1)
    return app


EXPECTED = (
    (0, 0, "app", "Conduit app", "app.py", 1, False),
    (1, 0, "router", "/r", "app.py", 2, False),
    (2, 0, "include", "", "app.py", 3, False),
    (3, 0, "route", "GET /a", "app.py", 5, False),
    (3, 1, "route", "GET /b", "app.py", 5, False),
    (4, 0, "use", "dict", "app.py", 7, False),
)


def test_by_slot_and_turn():
    app = slotted()
    at = _abi.table(app, EXPECTED)
    assert at[0] is app
    assert at[3] is handler
    assert at[4] is other
    assert at[5] == (dict, {"x": 1})


def test_a_router_included_twice_is_the_same_declarations():
    app = Conduit(_slot=0)
    router = Router(_slot=1)
    router.get("/a", _slot=2)(handler)
    app.include(router, prefix="/x", _slot=3)
    app.include(router, prefix="/y", _slot=4)
    at = _abi.table(
        app,
        (
            (0, 0, "app", "Conduit app", "a.py", 1, False),
            (1, 0, "router", "", "a.py", 2, False),
            (2, 0, "route", "GET /a", "a.py", 3, False),
            (3, 0, "include", "/x", "a.py", 4, False),
            (4, 0, "include", "/y", "a.py", 5, False),
        ),
    )
    assert at[2] is handler


def test_nested_and_circular_routers_end():
    app, one, two = Conduit(_slot=0), Router(_slot=1), Router(_slot=2)
    app.include(one, _slot=3)
    one.include(two, _slot=4)
    two.include(one, _slot=5)
    two.get("/late", _slot=6)(handler)
    rows = [(0, "app", "Conduit app"), (1, "router", ""), (2, "router", ""), (3, "include", "")]
    rows += [(4, "include", ""), (5, "include", ""), (6, "route", "GET /late")]
    at = _abi.table(app, [(slot, 0, kind, key, "a.py", slot, False) for slot, kind, key in rows])
    assert at[6] is handler


def test_every_difference_is_named():
    app = slotted()
    app.get("/new", _slot=9)(handler)
    app.get("/unslotted", _slot=10)(handler)
    expected = (
        *EXPECTED[:4],
        (3, 1, "route", "GET /changed", "app.py", 5, False),
        *EXPECTED[5:],
        (7, 0, "route", "GET /gone", "app.py", 9, False),
    )
    with pytest.raises(Mismatch) as caught:
        _abi.table(app, expected)
    lines = str(caught.value).splitlines()
    assert lines[0] == "the declarations that were executed are not those that were compiled:"
    assert lines[1].startswith("  app.py:9: route GET /gone: compiled, but not executed")
    assert "GET /changed was compiled, route GET /b executed" in lines[2]
    assert "route GET /new: executed, but not compiled" in lines[3]
    assert len(lines) == 5


def test_conditional_ones_may_be_absent():
    expected = (*EXPECTED, (8, 0, "route", "GET /maybe", "app.py", 9, True))
    at = _abi.table(slotted(), expected)
    assert at[6] is _abi.ABSENT
    assert at.option(6, "response") is None
    assert repr(_abi.ABSENT) == "ABSENT"
    assert at.middleware(6)[2] is _abi.ABSENT
    with pytest.raises(Refused, match="not declared"):
        at[6](None)


def test_wiring_goes_on_without_what_is_absent():
    """A build binds every route; one that was not declared is off, and so is a fallback."""
    absent = _abi.ABSENT
    assert _abi.default_of(absent, "x") is None
    reader = _abi.scalar_reader("query", "x", "other", _abi.annotation_of(absent, "x"), None, True)
    done = _abi.answer_declared(200, _abi.return_of(absent))
    made = _abi.with_middleware(entry(absent, done=done), [absent])
    served = app({"GET /": lambda request: "x"}, fallback=entry(absent))
    assert callable(reader)
    assert made.chain == (absent,)
    assert call(served, "GET", "/y").status == 404


def test_options_of_declarations():
    app = Conduit(_slot=0, middleware=[other])
    app.get("/a", _slot=1, middleware=[handler, other], response=int)(handler)
    app.middleware(_slot=2)(other)
    at = _abi.table(
        app,
        (
            (0, 0, "app", "Conduit app", "a.py", 1, False),
            (1, 0, "route", "GET /a", "a.py", 2, False),
            (2, 0, "middleware", "other", "a.py", 3, False),
        ),
    )
    assert at.middleware(0) == [other]
    assert at.middleware(1) == [handler, other]
    assert at.middleware(2) == (other,)
    assert at.option(1, "response") is int


def placed():
    app, at = Conduit(), [line()]
    router, here = Router(), line()
    at.append(here)
    for path in ("/a", "/b"):
        router.get(path)(handler)
    app.include(router)
    at.append(line() - 1)

    @router.get("/deco")
    @app.tool
    def decorated():
        return None

    at.append(line() - 5)
    return app, at, decorated


def rows_of(lines, name="tests/runtime/test_table.py"):
    own = handler.__code__.co_firstlineno
    return (
        (0, 0, "app", "whatever", name, lines[0], False),
        (1, 0, "router", "", name, lines[1], False),
        (2, 0, "route", "GET /a", name, own, False),
        (2, 1, "route", "GET /b", name, own, False),
        (3, 0, "include", "", name, lines[2], False),
        (5, 0, "tool", "decorated", name, lines[3], False),
        (4, 0, "route", "GET /deco", name, lines[3], False),
    )


@pytest.mark.parametrize("name", ["tests/runtime/test_table.py", "runtime/test_table.py", "test_table.py"])
def test_by_place_from_any_root(name):
    app, lines, decorated = placed()
    at = _abi.table(app, rows_of(lines, name))
    assert [at[number] for number in (2, 3, 5, 6)] == [handler, handler, decorated, decorated]
    assert at[0] is app


def test_an_opaque_decorator_is_found_by_its_call():
    def opaque(function):
        def inner(request):
            return function(request)

        return inner

    app, here = Conduit(), line()

    @app.get("/a")
    @opaque
    def hidden(request):
        return None

    at = _abi.table(
        app,
        (
            (0, 0, "app", "", "test_table.py", here, False),
            (1, 0, "route", "GET /a", "test_table.py", here + 2, False),
        ),
    )
    assert at[1] is hidden


def test_a_file_that_changed_is_an_error():
    app, lines, _ = placed()
    rows = [list(row) for row in rows_of(lines)]
    rows[2][5] += 1
    with pytest.raises(Mismatch, match=r"GET /a: compiled, but not executed: the file has changed"):
        _abi.table(app, [tuple(row) for row in rows])


def test_what_stands_below_run_is_told():
    app, here = Conduit(), line()
    app._ran = (str(HERE), here + 1)
    rows = (
        (0, 0, "app", "", "test_table.py", here, False),
        (1, 0, "route", "GET /late", "test_table.py", here + 5, False),
    )
    with pytest.raises(Mismatch, match=rf"GET /late: .* below app.run\(\) in line {here + 1}"):
        _abi.table(app, rows)


def test_what_is_not_static_is_told():
    app, lines, _ = placed()
    app.get("/dynamic")(handler)
    place = f"test_table.py:{line() - 1}: route GET /dynamic: executed, but not compiled"
    with pytest.raises(Mismatch, match=place):
        _abi.table(app, rows_of(lines))


def test_what_has_no_slot_in_a_build_is_named_alone():
    app = slotted()
    at = line() + 1
    app.get("/late")(other)
    with pytest.raises(Mismatch) as caught:
        _abi.table(app, EXPECTED)
    _, *lines = str(caught.value).splitlines()
    assert len(lines) == 1 and f"{HERE}:{at}: route GET /late: executed, but not compiled" in lines[0]
