"""A declared return type keeps an answer to what it declares."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, NewType, NotRequired, TypedDict, Union

import msgspec
import pytest
from conduit import Response, _abi
from conduit.http.declared import filter_of


@dataclass
class Public:
    name: str


@dataclass
class User(Public):
    password: str = "secret"


@dataclass
class Stranger:
    name: str
    password: str


@dataclass
class Team:
    lead: Public
    members: list[Public] = field(default_factory=list)
    by_role: dict[str, Public] = field(default_factory=dict)
    note: str | None = None


@dataclass
class Node:
    value: Public
    children: list["Node"] = field(default_factory=list)


class Shown(TypedDict):
    name: str
    owner: NotRequired[Public]


class Card(msgspec.Struct, tag="card", rename="camel"):
    last_digits: str


class FullCard(Card, tag="card"):
    secret_code: str = "123"


class Invoice(msgspec.Struct, tag="invoice"):
    company: str


Alias = NewType("Alias", Public)  # type: ignore[valid-newtype]


def kept(annotation, value):
    answer = _abi.answer_declared(200, annotation)(value)
    return answer[1]["body"].decode()


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (Public, Public("a"), '{"name":"a"}'),
        (Public, User("a"), '{"name":"a"}'),
        (Public, Stranger("a", "p"), '{"name":"a"}'),
        (Public, {"name": "a", "password": "p"}, '{"name":"a"}'),
        (Alias, User("a"), '{"name":"a"}'),
        (Annotated[Public, "x"], User("a"), '{"name":"a"}'),
        (Union[Public, None], User("a"), '{"name":"a"}'),  # noqa: UP007
        (Public | None, User("a"), '{"name":"a"}'),
        (list[Public], [User("a"), Public("b")], '[{"name":"a"},{"name":"b"}]'),
        (list[Public], (User("a"), Public("b"), User("c")), '[{"name":"a"},{"name":"b"},{"name":"c"}]'),
        (tuple[Public, ...], [User("a")], '[{"name":"a"}]'),
        (tuple[int, Public, Public], (1, User("a"), User("b")), '[1,{"name":"a"},{"name":"b"}]'),
        (dict[str, Public], {"x": User("a")}, '{"x":{"name":"a"}}'),
        (list[dict[str, list[Public]]], [{"x": [User("a")]}], '[{"x":[{"name":"a"}]}]'),
        (
            Team,
            Team(User("a"), [User("b")], {"c": User("c")}),
            '{"lead":{"name":"a"},"members":[{"name":"b"}],"by_role":{"c":{"name":"c"}},"note":null}',
        ),
        (
            Team,
            {"lead": User("a"), "members": [{"name": "b", "password": "p"}], "zz": 1},
            '{"lead":{"name":"a"},"members":[{"name":"b"}]}',
        ),
        (
            Node,
            Node(User("a"), [Node(User("b"), [])]),
            '{"value":{"name":"a"},"children":[{"value":{"name":"b"},"children":[]}]}',
        ),
        (Shown, {"name": "a", "x": 1, "owner": User("b")}, '{"name":"a","owner":{"name":"b"}}'),
        (Shown, User("a"), '{"name":"a"}'),
        (Card, FullCard("42"), '{"type":"card","lastDigits":"42"}'),
        (Card, {"type": "card", "lastDigits": "42", "x": 1}, '{"type":"card","lastDigits":"42"}'),
        (Card | Invoice, FullCard("42"), '{"type":"card","lastDigits":"42"}'),
        (Card | Invoice, {"type": "invoice", "company": "c", "x": 1}, '{"type":"invoice","company":"c"}'),
        (list[Card | Invoice], [Invoice("c")], '[{"type":"invoice","company":"c"}]'),
        (Public | str, "plain", '"plain"'),
        (Public | list[Public], [User("a")], '[{"name":"a"}]'),
        (Literal["a", "b"], "a", '"a"'),
        (int, 5, "5"),
        (dict, {"a": 1}, '{"a":1}'),
        (list, [1], "[1]"),
    ],
)
def test_kept(annotation, value, text):
    assert kept(annotation, value) == text


def test_the_status_stands_beside():
    assert _abi.answer_declared(200, Public)((User("a"), 201))[0]["status"] == 201
    assert kept(Public, (User("a"), 201)) == '{"name":"a"}'
    assert kept(tuple[Public, int], (User("a"), 201)) == '{"name":"a"}'
    assert _abi.answer_declared(200, Public)((None, 404))[0]["status"] == 404


def test_what_is_right_already_is_passed_on():
    value = Public("a")
    assert filter_of(Public)(value) is value
    team = Team(Public("a"))
    assert filter_of(Team)(team).lead is team.lead


def test_what_is_filtered_stays_as_it_was():
    team = Team(User("a"), [User("b")])
    kept(Team, team)
    assert type(team.lead) is User
    assert type(team.members[0]) is User


def test_answers_of_another_sort_are_left_alone():
    done = _abi.answer_declared(200, Public)
    assert done(None)[0]["status"] == 204
    assert isinstance(done(Response(b"x")), Response)
    assert done(b"x")[1]["body"] == b"x"


@pytest.mark.parametrize("value", ["text", 5, object(), ["x"]])
def test_what_cannot_be_it_is_an_error(value):
    with pytest.raises(TypeError, match="is no Public: it has no name"):
        kept(Public, value)


def test_none_of_several_is_an_error():
    with pytest.raises(TypeError, match="none of the declared types"):
        kept(Card | Invoice, Stranger("a", "b"))


def test_defaults_fill_what_another_class_lacks():
    @dataclass
    class Short:
        lead: Public

    assert kept(Team, Short(Public("a"))) == '{"lead":{"name":"a"},"members":[],"by_role":{},"note":null}'


def test_sets_of_filtered_values_have_an_order():
    @dataclass(frozen=True)
    class Key:
        name: str

    @dataclass(frozen=True)
    class Long(Key):
        more: int = 0

    assert kept(set[Key], {Long("b"), Long("a"), Key("c")}) == '[{"name":"a"},{"name":"b"},{"name":"c"}]'


def test_validated():
    done = _abi.answer_declared(200, Public, validate=True)
    assert done(User("a"))[1]["body"] == b'{"name":"a"}'
    with pytest.raises(TypeError, match=r"response= declares: Expected `str`"):
        done(Public(5))  # type: ignore[arg-type]
