"""In which parts of a kind a convention is told: four of a role are enough, four of a file are not."""

import pytest

from conduitc.ir.patterns import Subject, Trait
from conduitc.mining import mine
from conduitc.span import Span


def subject(line: int, group: str, follows: bool) -> Subject:
    at = Span("app.py", line, 1, line, 9)
    traits = (Trait("schema", "class {schema}(Strict, ...)", at),) if follows else ()
    return Subject("schema", f"schema:app.S{line}", at, (group,), traits)


def populations(group: str, followers: int, others: int) -> list[str]:
    """Of ``followers`` subjects in a group that follow, and others that do not."""
    found = [subject(line, group, True) for line in range(1, followers + 1)]
    found += [subject(100 + line, "elsewhere", False) for line in range(others)]
    return [one.population for one in mine(found)]


@pytest.mark.parametrize(
    ("group", "followers", "told"),
    [
        ("named …Create", 4, True),
        ("named …Create", 3, False),
        ("in app.py", 4, False),
        ("of POST in app.py", 4, False),
        ("in app.py", 5, True),
        ("of DELETE", 4, True),
    ],
)
def test_a_role_needs_fewer_than_a_file(group: str, followers: int, told: bool) -> None:
    assert populations(group, followers, 12) == ([f"schemas {group}"] if told else [])
