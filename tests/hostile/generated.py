"""Whole apps from a grammar: decorators, routers, classes, annotations, odd expressions. From a seed.

Most of what is generated is right, so that programs get through to the end of the compiler; here and there
something is not.
"""

# ruff: noqa: E501 (a program in a line)

from __future__ import annotations

import random

HEAD = """\
from __future__ import annotations

import asyncio
import datetime as dt
import decimal
import enum
import math
import typing as t
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Optional, TypedDict, Union

import msgspec
from conduit import Body, Conduit, Cookie, Header, HTML, HTTPError, JSON, Query, Request, Response, Router, Text
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from collections.abc import Sequence
"""

SCALARS = ["int", "str", "float", "bool", "dt.date", "dt.datetime", "uuid.UUID", "decimal.Decimal", "UserId"]
VERBS = ["get", "post", "put", "patch", "delete", "head", "options"]


class Grammar:
    """One program; ``wrong`` is how often something else is taken than what is right."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.wrong = self.random.choice((0.0, 0.0, 0.0, 0.005, 0.05))
        self.classes: list[str] = []
        self.enums: list[str] = []
        self.constants = ["PREFIX"]
        self.functions: list[str] = []
        self.number = 0

    def new(self, word: str) -> str:
        self.number += 1
        return f"{word}{self.number}"

    def slips(self) -> bool:
        return self.random.random() < self.wrong

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    # -- types and expressions -------------------------------------------------------------------------------

    def type(self, depth: int = 0) -> str:
        if self.slips():
            return self.pick(
                "Any",
                "list",
                "dict",
                "1",
                "undefined",
                "'int",
                "list[",
                "app",
                "int | 'str'",
                "Sequence[int]",
            )
        choices = [*SCALARS, *self.classes, *self.enums]
        if depth > 2 or self.random.random() < 0.5:
            return self.random.choice(choices)
        inner = self.type(depth + 1)
        return self.pick(
            f"list[{inner}]", f"dict[str, {inner}]", f"Optional[{inner}]", f"{inner} | None", f"tuple[{inner}, int]",
            f"t.List[{inner}]", "Literal['a', 'b']", "Literal[1, 2, None]", f"tuple[{inner}, ...]", "set[str]",
            "Annotated[int, Meta(ge=0, le=9)]", "Annotated[str, Meta(max_length=5, pattern='^a')]", f"Union[{inner}, None]",
        )  # fmt: skip

    def scalar(self) -> str:
        if self.slips():
            return self.type()
        base = self.random.choice([*SCALARS, *self.enums])
        return self.pick(
            base, base, f"{base} | None", f"list[{base}]", f"Optional[{base}]", "Annotated[int, Meta(gt=1)]"
        )

    def constant(self) -> str:
        if self.slips():
            return self.pick(
                "undefined", "1 / 0", "[", "lambda: 1", "1e999", "(yield)", "'\\ud800'", "{}[0]", "..."
            )
        return self.pick(
            "0", "1", "-5", "2.5", "''", "'a'", "None", "True", "False", "PREFIX", "1 + 2 * 3", "'a' + 'b'", "f'{1 + 1}x'",
            "len('abc')", "'a,b'.split(',')", "[1, 2]", "(1,)", "{'a': [1, {'b': None}]}", "'%d' % 3", "0x1F", "1_000",
            "'é☃'", "b'x'", "not 1", "1 if True else 2", "[x * 2 for x in (1, 2)]", "max(1, 2)", "math.pi", "2 ** 70",
        )  # fmt: skip

    def expression(self, names: list[str], depth: int = 0) -> str:
        if depth > 3 or self.random.random() < 0.3:
            return self.random.choice([*names, self.constant()])
        one, other = self.expression(names, depth + 1), self.expression(names, depth + 1)
        return self.pick(
            f"({one} + {other})", f"({one} or {other})", f"[{one}, {other}]", f"{{'a': {one}, 'b': {other}}}",
            f"str({one})", f"f'{{{one.split(chr(39))[0] or 1}}}'", f"({one} if {other} else None)", f"[x for x in [{one}]]",
            f"({one}, {other})", f"not {one}", f"({one} == {other})", f"({one} is None)", f"dict(a={one})", "sum([1, 2])",
            f"(lambda q: {one})({other})", f"{{{one!r}: 1}}", f"sorted([{one}])[:1]", f"(z := {one})", f"{one} in [{other}]",
        )  # fmt: skip

    # -- statements ------------------------------------------------------------------------------------------

    def body(self, names: list[str], depth: int = 1) -> list[str]:
        pad = "    " * depth
        lines: list[str] = []
        if depth == 1 and self.random.random() < 0.4:
            lines.append(f'{pad}"""{self.pick("Does it.", "Über: `x` — {y} % z", "a" * 90)}"""')
        for _ in range(self.random.randrange(0, 4)):
            value = self.expression(names)
            match self.random.randrange(7):
                case 0:
                    name = self.new("local")
                    lines.append(f"{pad}{name} = {value}")
                    names.append(name)
                case 1 if depth < 4:
                    lines += [f"{pad}if {value}:", *self.body(list(names), depth + 1)]
                case 2 if depth < 4:
                    lines += [f"{pad}for one in {value}, 1:", *self.body([*names, "one"], depth + 1)]
                case 3 if depth < 4:
                    lines += [
                        f"{pad}try:",
                        *self.body(list(names), depth + 1),
                        f"{pad}except ValueError as e:",
                        f"{pad}    raise HTTPError(400, str(e))",
                    ]
                case 4 if depth < 4:
                    lines += [
                        f"{pad}match {value}:",
                        f"{pad}    case {{'a': [q, *_]}} | [q] if q:",
                        *self.body([*names, "q"], depth + 2),
                    ]
                case 5:
                    lines.append(
                        f"{pad}{self.pick('pass', '...', 'assert 1', f'print({value})', '# nothing')}"
                    )
                case _:
                    lines.append(f"{pad}{value}")
        lines.append(f"{pad}return {self.expression(names)}")
        return lines

    def declared_class(self) -> list[str]:
        kind = self.pick("dataclass", "struct", "typed", "enum")
        name = self.new("Thing")
        count = self.random.randrange(1, 5)
        if kind == "enum":
            self.enums.append(name)
            base = self.pick("enum.Enum", "str, enum.Enum", "enum.IntEnum")
            values = [str(n) if base == "enum.IntEnum" else f"'v{n}'" for n in range(count)]
            return [f"class {name}({base}):", *(f"    M{n} = {value}" for n, value in enumerate(values))]
        fields = [f"    f{n}: {self.type()}" for n in range(count)]
        if kind != "typed":
            fields += [
                f"    d{n}: {self.scalar()} = {self.constant()}" for n in range(self.random.randrange(2))
            ]
            fields += ["    many: list[int] = field(default_factory=list)"] if kind == "dataclass" else []
        head = {
            "dataclass": ["@dataclass", f"class {name}:"],
            "struct": [
                f"class {name}(Struct{self.pick('', ', kw_only=True', ', rename=' + repr('camel'), ', tag=True')}):"
            ],
            "typed": [f"class {name}(TypedDict{self.pick('', ', total=False')}):"],
        }[kind]
        self.classes.append(name)
        doc = (
            [f'    """{self.pick("A thing.", "Ding: ä", "x" * 120)}"""'] if self.random.random() < 0.5 else []
        )
        return [*head, *doc, *fields]

    def path(self, names: list[str]) -> str:
        parts = []
        for _ in range(self.random.randrange(0, 4)):
            if self.random.random() < 0.4:
                name = self.new("p")
                names.append(name)
                parts.append(
                    self.pick(
                        f"{{{name}}}", f":{name}", f"{{{name}:int}}", f":{name}<uuid>", f"{{{name}:float}}"
                    )
                )
            else:
                parts.append(self.pick("users", "a b", "é", "x.y", "~", self.new("r")))
        text = "/" + "/".join([*parts, self.new("u")])
        if self.slips():
            text = self.pick("", "users", "/{", "/{a}/{a}", "/{a:what}", "/*rest/x", "\\ud800", "//", "/:")
        return self.pick(
            f'"{text}"', f'"{text}"', f'PREFIX + "{text}"', f'f"{text.replace("{", "{{").replace("}", "}}")}"'
        )

    def route(self, owner: str) -> list[str]:
        taken: list[str] = []
        path = self.path(taken)
        verb = self.random.choice(VERBS)
        options = self.random.sample(
            [
                "status=201",
                "tags=['a']",
                "summary='é'",
                "deprecated=True",
                "include_in_schema=False",
                "timeout=1.5",
                "max_body=100",
                "blocking=False",
            ],
            self.random.choice((0, 0, 0, 1, 2)),
        )
        parameters = [
            f"{name}: {'float' if ':float' in path.split(name)[1][:6] else 'uuid.UUID' if '<uuid' in path.split(name)[1][:6] else 'int' if ':int' in path.split(name)[1][:4] else 'str'}"
            for name in taken
            if name in path
        ]
        if self.random.random() < 0.4:
            parameters.append(self.pick("request", "request: Request"))
        if self.classes and verb in ("post", "put", "patch") and self.random.random() < 0.6:
            parameters.append(f"body: {self.random.choice(self.classes)}")
        for _ in range(self.random.randrange(0, 3)):
            name = self.new("q")
            parameters.append(
                f"{name}: {self.pick(self.scalar(), 'Annotated[str, Header()]', 'Annotated[int, Query()]', 'Annotated[str | None, Cookie()]')} = {self.pick('None', 'None', self.constant())}"
            )
        names = [one.partition(":")[0] for one in parameters] or ["PREFIX"]
        returns = self.pick("", "", f" -> {self.type()}", " -> Response", " -> dict", " -> str")
        function = self.new("handler")
        self.functions.append(function)
        return [
            f"@{owner}.{verb}({', '.join([path, *options])})",
            f"{self.pick('', 'async ')}def {function}({', '.join(parameters)}){returns}:",
            *self.body(names),
        ]

    def program(self) -> str:
        lines = [
            HEAD,
            "PREFIX = '/v1'",
            "UserId = NewType('UserId', int)",
            f"app = Conduit({self.pick('', 'title=' + repr('Ä'), 'version=PREFIX')})",
            "router = Router(prefix='/sub')",
        ]
        for _ in range(self.random.randrange(4, 12)):
            match self.random.randrange(9):
                case 0 | 1:
                    lines += ["", *self.declared_class(), ""]
                case 2:
                    lines.append(f"C{self.number} = {self.expression(list(self.constants))}")
                case 3:
                    name = self.new("helper")
                    lines += [
                        "",
                        f"def {name}(a: int = 1, *b: str, c: {self.type()} = None, **d: Any):",
                        *self.body(["a", "b", "c", "d"]),
                        "",
                    ]
                case 4:
                    verb = self.random.choice(VERBS)
                    lines += [
                        f"for name in ('a{self.number}', 'b{self.number}'):",
                        f"    app.{verb}('/loop/' + name)(lambda: 1)"
                        if self.slips()
                        else f"    app.{verb}(f'/loop/{{name}}')(len)"
                        if self.slips()
                        else "    LAST = name",
                    ]
                case 5:
                    lines += [
                        "",
                        f"if {self.pick('PREFIX', 'True', 'math.pi > 3', '__name__ == ' + repr('__main__'), 'TYPE_CHECKING')}:",
                        *("    " + line for line in self.route(self.pick("app", "router"))),
                    ]
                case _:
                    lines += ["", *self.route(self.pick("app", "app", "router")), ""]
        lines.append(
            self.pick(
                "app.include(router)",
                "app.include(router, prefix='/again')",
                "[app.include(r) for r in (router,)]",
            )
        )
        return "\n".join(lines) + "\n"


def generated(seed: int) -> dict[str, bytes]:
    """A program of one file."""
    return {"app.py": Grammar(seed).program().encode()}
