"""No alarm on tables in which nothing is wrong, whichever precedence; and what that depends on."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from conduitc.analysis import analyse
from conduitc.ir.nodes import App
from conduitc.ir.types import Constrained, Ref, Scalar, Type
from conduitc.passes import bind, conflicts, paths, unreachable
from tests.conflicts.valid import tables
from tests.frontend.programs import write
from tests.passes import build

COLOR = build.enum("Color", "red", "blue")
INT = Scalar("int")
TYPES: dict[str, Type] = {
    "int": INT,
    "str": Scalar("str"),
    "uuid": Scalar("uuid"),
    "date": Scalar("date"),
    "color": Ref(COLOR.id),
    "low": Constrained(INT, (("lt", 100),)),
    "high": Constrained(INT, (("ge", 100),)),
    "short": Constrained(Scalar("str"), (("max_length", 3),)),
    "long": Constrained(Scalar("str"), (("min_length", 4),)),
}
SOURCE = {
    "date": "datetime.date",
    "uuid": "uuid.UUID",
    "color": "Color",
    "low": "Annotated[int, Meta(lt=100)]",
    "high": "Annotated[int, Meta(ge=100)]",
    "short": "Annotated[str, Meta(max_length=3)]",
    "long": "Annotated[str, Meta(min_length=4)]",
}
HEAD = """\
import datetime
import enum
import uuid
from typing import Annotated

from conduit import Conduit
from msgspec import Meta

app = Conduit(redirect_slashes=True)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"
"""


def split(line: str) -> tuple[str, str, dict[str, str]]:
    """Methods, path and annotations; a path may hold a space."""
    words = line.split(" ")
    annotated = [word for word in words if "=" in word]
    path = " ".join(words[1 : len(words) - len(annotated)])
    return words[0], path, dict(word.split("=") for word in annotated)


def app_of(table: list[str], precedence: str) -> App:
    routes = []
    for line in dict.fromkeys(table):
        methods, path, annotations = split(line)
        types = {name: TYPES[kind] for name, kind in annotations.items()}
        routes.append(build.route(f"{methods} {path}", **types))
    app = replace(build.app(*routes, schemas=(COLOR,)), precedence=precedence)
    for one in (paths, bind):
        app, _ = one.run(app)
    return app


def test_there_are_enough() -> None:
    assert len(tables()) >= 200
    assert len({tuple(table) for table in tables()}) == len(tables())


@pytest.mark.parametrize("precedence", ["specific", "declaration"])
def test_no_alarm(precedence: str) -> None:
    for table in tables():
        app = app_of(sorted(table, key=generality), precedence)
        found = [one.message for tool in (conflicts, unreachable) for one in tool.run(app)[1]]
        assert found == [], table


def generality(line: str) -> tuple[object, ...]:
    """What goes first where the first declared route answers."""
    methods, path, annotations = split(line)
    kinds = []
    for segment in path.split("/")[1:]:
        if not segment.startswith("{"):
            kinds.append(0)
        elif segment.endswith(":path}"):
            kinds.append(9)
        else:
            kinds.append(2 if annotations[segment[1:-1]] == "str" else 1)
    return kinds, methods == "*", "GET" in methods


@pytest.mark.parametrize("table", tables()[::9], ids=lambda table: table[0])
def test_no_alarm_on_programs(tmp_path: Path, table: list[str]) -> None:
    """The same as programs, general routes first: the order does not matter."""
    parts = [HEAD]
    for number, line in enumerate(reversed(list(dict.fromkeys(table)))):
        methods, path, annotations = split(line)
        listed = ", ".join(f'"{method}"' for method in methods.split(","))
        parameters = ", ".join(f"{name}: {SOURCE.get(kind, kind)}" for name, kind in annotations.items())
        parts.append(
            f'@app.route("{path}", methods=[{listed}])\ndef h{number}({parameters}):\n    return {number}\n'
        )
    analysis = analyse(write(tmp_path, "\n".join(parts)))
    assert [one.message for one in analysis.diagnostics if one.severity != "info"] == []
