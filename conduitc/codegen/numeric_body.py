"""Statements of a numeric loop → Cython: the body of the function that advances the loop's state.

``bad``: what was computed is not what Python would have. ``spare``: how many turns may be made yet.
"""

from collections.abc import Sequence

from conduitc.codegen.code import Code
from conduitc.codegen.numeric_operations import cython, may_fail
from conduitc.ir.loops import Assign, Expression, If, Jump, Repeat, Statement, While


class Body:
    """Writes the statements of a loop."""

    def __init__(self, code: Code, names: dict[str, str], flags: dict[str, str]) -> None:
        self.code = code
        self.names = names
        self.flags = flags
        self.inner = 0
        self.line = 0

    def block(self, body: Sequence[Statement]) -> None:
        """Statements up to the first jump; ``pass`` where there is none."""
        if not body:
            self.code.line("pass")
        for one in body:
            if one.line != self.line:
                self.line = one.line
                self.code.comment(f"line {one.line}")
            self._statement(one)
            if isinstance(one, Jump):
                return

    def _statement(self, one: Statement) -> None:
        code = self.code
        match one:
            case Assign():
                self._assign(one)
            case Jump():
                code.line("return STOPPED" if one.where == "leave" else one.where)
            case If():
                test = self._test(one.test)
                with code.block(f"if {test}"):
                    self.block(one.then)
                if one.other:
                    with code.block("else"):
                        self.block(one.other)
            case Repeat():
                self._repeat(one)
            case While():
                with code.block(f"while {self._of(one.test)}"):
                    if may_fail(one.test):
                        check(code)
                    self._turn()
                    self.block(one.body)
                self._otherwise(one.other, may_fail(one.test))

    def _of(self, expression: Expression) -> str:
        return cython(expression, self.names)

    def _test(self, test: Expression) -> str:
        """The text of a test; where that may fail, it is computed beforehand."""
        if not may_fail(test):
            return self._of(test)
        self.code.line(f"test = {self._of(test)}")
        check(self.code)
        return "test"

    def _assign(self, one: Assign) -> None:
        targets = [self.names[name] for name in one.targets]
        if len({id(value) for value in one.values}) == 1 and len(targets) > 1:
            self.code.line(f"{targets[0]} = {self._of(one.values[0])}")
            self.code.lines(*(f"{target} = {targets[0]}" for target in targets[1:]))
        else:
            self.code.line(f"{', '.join(targets)} = {', '.join(map(self._of, one.values))}")
        self.code.lines(*(f"{self.flags[name]} = True" for name in one.targets if name in self.flags))
        if any(map(may_fail, one.values)):
            check(self.code)

    def _repeat(self, one: Repeat) -> None:
        code, index = self.code, self.inner
        self.inner += 1
        code.line(f"next_{index} = {self._of(one.start)}")
        code.line(f"step_{index} = {self._of(one.step)}")
        length = f"range_length(next_{index}, {self._of(one.stop)}, step_{index}, &bad)"
        code.line(f"left_{index} = {length}")
        check(code)
        with code.block(f"while left_{index} > 0"):
            code.line(f"left_{index} -= 1")
            give(code, self.names, self.flags, one.target, f"next_{index}")
            code.line(advance(f"next_{index}", f"step_{index}"))
            self._turn()
            self.block(one.body)
        self._otherwise(one.other, False)

    def _turn(self) -> None:
        self.code.line("spare -= 1")
        with self.code.block("if spare < 0"):
            self.code.line("return STOPPED")

    def _otherwise(self, other: Sequence[Statement], fallible: bool) -> None:
        """The ``else`` of an inner loop, and whether its test failed."""
        if other:
            with self.code.block("else"):
                if fallible:
                    check(self.code)
                self.block(other)
        if fallible:
            check(self.code)


def check(code: Code) -> None:
    """Ends the turn where it went bad."""
    with code.block("if bad"):
        code.line("return STOPPED")


def give(code: Code, names: dict[str, str], flags: dict[str, str], target: str, value: str) -> None:
    """Gives a name its value; where that is to be known, that it has one."""
    code.line(f"{names[target]} = {value}")
    if target in flags:
        code.line(f"{flags[target]} = True")


def advance(name: str, step: str) -> str:
    """The last step may lead beyond 64 bits, but nobody looks there."""
    return f"{name} = <long long>(<unsigned long long>{name} + <unsigned long long>{step})"
