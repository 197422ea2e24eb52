"""What a person reads: messages, labels, helps and fixes, word for word."""

from pathlib import Path

import pytest

from conduitc.analysis import analyse
from conduitc.diagnostics import Diagnostic
from tests.frontend.programs import write

HEAD = "from typing import Literal\n\nfrom conduit import Conduit, Router\n\napp = Conduit()\n"


def found(folder: Path, text: str) -> Diagnostic:
    (one,) = [one for one in analyse(write(folder, HEAD + text)).diagnostics if one.rule.code[:5] == "CDT24"]
    return one


def labels(one: Diagnostic) -> list[str]:
    return [f"{label.span.line}: {label.text}" for label in one.labels]


def handler(decorator: str, name: str, parameters: str = "request") -> str:
    return f"@{decorator}\ndef {name}({parameters}):\n    return 1\n"


def test_a_conflict(tmp_path: Path) -> None:
    first = handler('app.get("/users/{id}")', "by_id", "id: int")
    one = found(tmp_path, first + handler('app.get("/users/:user_number<float>")', "by_number"))
    assert (
        one.message
        == "GET `/users/{user_number:float}` conflicts with `/users/{id:int}`: both take `/users/1`"
    )
    assert one.label == "`by_number` answers GET /users/{user_number:float}"
    assert labels(one) == ["6: `by_id` answers GET /users/{id:int}"]
    assert one.help == "give one of them a path or a method of its own"
    assert one.fix is not None
    assert one.fix.title == "make it `/users/by-user-number/:user_number<float>`"
    assert one.fix.replacement == '"/users/by-user-number/:user_number<float>"'
    assert (one.fix.span.line, one.fix.span.column, one.fix.span.end_column) == (9, 10, 38)


def test_several_methods(tmp_path: Path) -> None:
    one = found(
        tmp_path,
        handler('app.route("/x", methods=["PUT", "POST", "GET"])', "first")
        + handler('app.route("/x", methods=["GET", "PATCH", "PUT"])', "the_second"),
    )
    assert one.message == "GET,PUT `/x` conflicts with `/x`: both take `/x`"
    assert one.fix is not None
    assert one.fix.replacement == '"/x/the-second"'


def test_any_method(tmp_path: Path) -> None:
    routes = (handler(f'app.route("/{path}/", methods=["*"])', path) for path in ("a", "b"))
    one = found(tmp_path, "".join(routes).replace('"/b/"', '"/a/"'))
    assert one.message == "any method on `/a/` conflicts with `/a/`: both take `/a/`"
    assert one.label == "`b` answers any method on /a/"
    assert one.fix is not None
    assert one.fix.replacement == '"/a/b"'


def test_what_a_path_cannot_say_is_escaped(tmp_path: Path) -> None:
    routes = (handler(f'app.get("/a b/é%;=@/*{name}")', name) for name in ("one", "two"))
    one = found(tmp_path, "".join(routes))
    assert one.message.endswith("both take `/a%20b/%C3%A9%25;=@/x`")


def test_a_rest_keeps_its_slashes(tmp_path: Path) -> None:
    routes = (handler(f'app.get("/f/*{name}")', name, f'{name}: Literal["a/b c"]') for name in ("one", "two"))
    assert found(tmp_path, "".join(routes)).message.endswith("both take `/f/a/b%20c`")


def test_a_slash_within_a_segment_is_escaped(tmp_path: Path) -> None:
    routes = (handler(f'app.get("/f/:{name}")', name, f'{name}: Literal["a/b"]') for name in ("one", "two"))
    assert found(tmp_path, "".join(routes)).message.endswith("both take `/f/a%2Fb`")


def test_in_groups(tmp_path: Path) -> None:
    one = found(
        tmp_path,
        'r = Router(prefix="/v1")\n'
        + handler('r.get("/{a}")', "one")
        + 'app.include(r)\no = Router()\napp.include(o, prefix="/v1")\n'
        + handler('o.get("/{b}")', "two"),
    )
    assert labels(one) == [
        "7: `one` answers GET /v1/{a}",
        "12: `/v1/{b}` is included here",
        "10: `/v1/{a}` is included here",
    ]
    assert one.fix is not None
    assert one.fix.replacement == '"/by-b/{b}"'


def test_the_word_is_there_already(tmp_path: Path) -> None:
    """No fix where it would make the same again, or where a rest takes what it adds."""
    one = found(tmp_path, handler('app.get("/a/b")', "a") + handler('app.get("/a/b")', "b"))
    assert one.fix is None
    one = found(tmp_path, handler('app.get("/*a")', "a") + handler('app.get("/*a")', "b"))
    assert one.fix is None


def test_the_same_names(tmp_path: Path) -> None:
    """What differs is the later parameter, and it is told apart there."""
    routes = handler('app.get("/t/{team}/{a}")', "one") + handler('app.get("/t/{team}/{b}")', "two")
    one = found(tmp_path, routes)
    assert one.fix is not None
    assert one.fix.replacement == '"/t/{team}/by-b/{b}"'


def test_all_names_are_the_same(tmp_path: Path) -> None:
    one = found(tmp_path, handler('app.get("/t/{team}")', "one") + handler('app.get("/t/{team}")', "two"))
    assert one.fix is not None
    assert one.fix.replacement == '"/t/{team}/two"'
    one = found(tmp_path, handler('app.get("/mX")', "one") + handler('app.get("/mX")', "two"))
    assert one.fix is not None
    assert one.fix.replacement == '"/mX/two"'


def test_in_a_loop(tmp_path: Path) -> None:
    one = found(tmp_path, 'for x in "ab":\n    @app.get("/x")\n    def h(request):\n        return x\n')
    assert one.label == "`h` answers GET /x, more than once"
    assert one.help == "let every turn of the loop give another path"
    assert (one.labels, one.fix) == ((), None)


ROUTER = 'r = Router(prefix="/v1")\n' + handler('r.get("/{a}")', "a")


def test_a_group_included_twice(tmp_path: Path) -> None:
    one = found(tmp_path, ROUTER + 'app.include(r)\nx = 1\napp.include(r, prefix="")\n')
    assert one.message == "the same group is included twice: 1 route conflict, GET `/v1/x` for one"
    assert one.label == "again, with the same prefix"
    assert labels(one) == ["10: first here"]
    assert one.help == "leave one of them out, or give it a `prefix` of its own"
    assert one.span.line == 12


def test_a_group_included_in_a_loop(tmp_path: Path) -> None:
    one = found(tmp_path, ROUTER + handler('r.get("/b/c")', "b") + 'for x in "ab":\n    app.include(r)\n')
    assert one.message == "the same group is included twice: 2 routes conflict, GET `/v1/x` for one"
    assert one.label == "more than once, with the same prefix"
    assert one.labels == ()


def test_two_groups_included_twice_are_two_reports(tmp_path: Path) -> None:
    text = HEAD + 'r = Router(prefix="/1")\n' + handler('r.get("/{a}")', "a") + handler('r.get("/z")', "z")
    text += 'q = Router(prefix="/2")\n' + handler('q.get("/{a}")', "b")
    text += "app.include(r)\napp.include(q)\napp.include(r)\napp.include(q)\n"
    diagnostics = [one for one in analyse(write(tmp_path, text)).diagnostics if one.rule.code == "CDT241"]
    assert [one.message.partition(": ")[2] for one in diagnostics] == [
        "2 routes conflict, GET `/1/x` for one",
        "1 route conflict, GET `/2/x` for one",
    ]


def test_two_fallbacks(tmp_path: Path) -> None:
    one = found(tmp_path, "".join(handler("app.fallback", name) for name in "ab"))
    assert one.label == "again here"
    assert labels(one) == ["6: first here"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_never_reached(tmp_path: Path, count: int) -> None:
    texts = [f"k{number}" for number in range(count)]
    values = ", ".join(f'"{text}"' for text in texts)
    routes = "".join(handler(f'app.get("/{text}")', text) for text in texts)
    one = found(tmp_path, routes + handler('app.get("/{k}")', "general", f"k: Literal[{values}]"))
    said = {
        1: "`/k0` takes",
        2: "`/k0` and `/k1` take",
        3: "`/k0`, `/k1` and `/k2` take",
        4: "`/k0`, `/k1`, `/k2` and 1 more take",
        6: "`/k0`, `/k1`, `/k2` and 3 more take",
    }[count]
    assert one.message == f"GET `/{{k}}` is never reached: {said} every path of it"
    assert one.label == "`general` never runs"
    assert one.help == "remove it, or let it take more values"
    assert labels(one) == [f"{6 + 3 * number}: `k{number}` takes it first" for number in range(min(count, 3))]


def test_never_reached_for_lack_of_values(tmp_path: Path) -> None:
    one = found(tmp_path, handler('app.route("/{k}", methods=["GET", "PUT"])', "h", 'k: Literal[""]'))
    assert one.message == "GET,PUT `/{k}` is never reached: no path fits it"
    assert one.help == "no value satisfies the annotations of its parameters"
    assert one.labels == ()
