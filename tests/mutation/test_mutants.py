"""The mutator: one change at a time, nothing twice, nothing that no test could miss."""

import ast
import sys
from types import ModuleType

import pytest

from tests.mutation.__main__ import MODULES, ROOT, apply, equivalents
from tests.mutation.mutants import mutants

SOURCE = '''"""A docstring."""

LIMIT = 3


class Thing:
    """Another."""

    __slots__ = ("a",)

    def at(self, place: "int | None" = 0) -> bool:
        """And another."""
        if place and place < LIMIT:
            return place not in (1, 2)
        for one in range(place):
            if one:
                continue
            self.note(one, key=one + 1)
        return "x"[1:] == "y"
'''


MODULE = """from functools import cached_property

LIMIT = 3


def f(x=1):
    return x < LIMIT


class C:
    def m(self):
        return 1

    @property
    def p(self):
        return 2

    @cached_property
    def c(self):
        return 3
"""


def test_every_sort_of_change() -> None:
    assert sorted(str(one) for one in mutants(SOURCE)) == sorted(
        [
            "3: 3  ->  4",
            "11: 0  ->  1",
            "13: if place and place < LIMIT: …  ->  if not (place and place < LIMIT): …",
            "19: return 'x'[1:] == 'y'  ->  return",
            "13: place and place < LIMIT  ->  place or place < LIMIT",
            "13: place and place < LIMIT  ->  place < LIMIT",
            "13: place and place < LIMIT  ->  place",
            "14: return place not in (1, 2)  ->  return",
            "16: if one: …  ->  if not one: …",
            "18: self.note(one, key=one + 1)  ->  pass",
            "19: 'x'[1:] == 'y'  ->  'x'[1:] != 'y'",
            "13: place < LIMIT  ->  place <= LIMIT",
            "14: place not in (1, 2)  ->  place in (1, 2)",
            "17: continue  ->  break",
            "18: self.note(one, key=one + 1)  ->  self.note(one)",
            "19: 'y'  ->  'XXy'",
            "14: 1  ->  2",
            "14: 2  ->  3",
            "18: one + 1  ->  one - 1",
            "19: 'x'  ->  'XXx'",
            "19: 1:  ->  :",
            "18: 1  ->  2",
            "19: 1  ->  2",
        ]
    )


def test_each_differs_from_the_source() -> None:
    plain = ast.unparse(ast.parse(SOURCE))
    texts = [ast.unparse(one.tree) for one in mutants(SOURCE)]
    assert len(set(texts)) == len(texts)
    assert plain not in texts


def test_an_imported_module_is_changed_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    text = MODULE
    made, user = ModuleType("mutated"), ModuleType("user")
    made.__file__ = "mutated.py"
    exec(text, made.__dict__)
    user.__dict__.update(f=made.f, LIMIT=made.LIMIT, one=made.C())
    monkeypatch.setitem(sys.modules, "mutated", made)
    monkeypatch.setitem(sys.modules, "user", user)
    apply(
        "mutated.py", ast.parse(text.replace("3", "5").replace("1", "7").replace("2", "8").replace("<", "<="))
    )
    assert (user.LIMIT, made.LIMIT) == (5, 5)
    assert (user.f(5), user.f(6), user.f()) == (True, False, False)
    assert (user.one.m(), user.one.p, user.one.c) == (7, 8, 5)


def test_what_is_called_equivalent_is_still_there() -> None:
    """A reason goes with the line it was given for."""
    known = equivalents()
    for module in {module for module, _, _ in known}:
        assert module in MODULES
        source = (ROOT / module).read_text(encoding="utf-8")
        there = {(one.source, one.change) for one in mutants(source)}
        assert {(line, change) for name, line, change in known if name == module} <= there
