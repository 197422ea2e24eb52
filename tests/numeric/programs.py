"""Random functions with numeric loops, as text; all end, whatever they are called with.

Ints that were multiplied are taken modulo something, so that they stay small enough to go on with.
"""

from random import Random

INTS = ("a", "b", "c", "k")
FLOATS = ("x", "y", "z")
BOOLS = ("p", "q")
_WHOLE = (
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "-5",
    "10",
    "4611686018427387904",
    "9223372036854775807",
    "-9007199254740993",
)
_REAL = ("0.0", "1.0", "0.5", "-2.5", "3.0", "1e308", "1e-308", "0.1", "-0.0", "1e999", "9007199254740992.0")
_MODULI = ("97", "2147483647", "9223372036854775783", "18446744073709551629", "(a | 1)")
_COMPARE = ("<", "<=", ">", ">=", "==", "!=")


class Writer:
    """One function; ``depth`` counts the loops around."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.lines: list[str] = []
        self.counters = 0
        self.targets: list[str] = []

    def function(self, name: str) -> str:
        self.line(0, f"def {name}(a: int, b: int, n: int, x: float, y: float, p: bool):")
        self.line(1, f"c = {self.random.choice(_WHOLE)}")
        self.line(1, "k = 1")
        self.line(1, f"z = {self.random.choice(('0.0', '0', '1.5', 'x'))}")
        self.line(1, f"q = {self.random.choice(('True', 'False', 'p'))}")
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.statement(1, 0)
        for _ in range(self.random.choice((1, 1, 2))):
            self.loop(1, 0)
        self.line(1, "found = []")
        for one in (*INTS, *FLOATS, *BOOLS, *self.targets):
            self.line(1, "try:")
            self.line(2, f"found.append({one})")
            self.line(1, "except UnboundLocalError:")
            self.line(2, "found.append('unbound')")
        self.line(1, "return found")
        return "\n".join(self.lines) + "\n"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def loop(self, depth: int, loops: int) -> None:
        if self.random.random() < 0.6:
            target = self.random.choice(("i", "j", "k"))
            if target not in (*INTS, *self.targets):
                self.targets.append(target)
            self.line(depth, f"for {target} in range({self.bounds(loops)}):")
        else:
            counter = f"w{self.counters}"
            self.counters += 1
            self.targets.append(counter)
            self.line(depth, f"{counter} = 0")
            self.line(depth, f"while {counter} < {self.random.choice(('n', '9', '5'))} {self.more()}:")
            self.line(depth + 1, f"{counter} += 1")
        for _ in range(self.random.randint(1, 4)):
            self.statement(depth + 1, loops + 1)
        if self.random.random() < 0.25:
            self.line(depth, "else:")
            self.statement(depth + 1, loops)

    def more(self) -> str:
        return self.random.choice(("", "", f"and {self.truth(1)}", f"and not {self.truth(0)}"))

    def bounds(self, loops: int) -> str:
        first = self.random.choice(("n", "n", "7", "a % 6", "n - 1") if loops else ("n", "n + 2", "9"))
        start = self.random.choice(("0", "1", "-2", "n"))
        step = self.random.choice(("1", "2", "-1", "n", "c % 3"))
        return self.random.choice((first, f"{start}, {first}", f"{start}, {first}, {step}"))

    def statement(self, depth: int, loops: int) -> None:
        kind = self.random.random()
        if kind < 0.45 or depth > 4:
            self.assign(depth)
        elif kind < 0.55:
            name, operator = (
                self.random.choice(FLOATS),
                self.random.choice(("+=", "-=", "*=", "/=", "//=", "%=")),
            )
            self.line(depth, f"{name} {operator} {self.real(2)}")
        elif kind < 0.65:
            name = self.random.choice(INTS)
            operator = self.random.choice(("+=", "-=", "//=", "%=", "&=", "|=", "^=", ">>="))
            value = (
                self.random.choice(("3", "5 - k % 11", "a % 3 + 1")) if operator == ">>=" else self.whole(2)
            )
            self.line(depth, f"{name} {operator} {value}")
        elif kind < 0.72:
            one, other = self.random.sample(INTS[:3], 2)
            self.line(depth, f"{one}, {other} = {other}, {self.bounded(1)}")
        elif kind < 0.87:
            self.line(depth, f"if {self.truth(2)}:")
            self.branch(depth + 1, loops)
            if self.random.random() < 0.5:
                self.line(depth, self.random.choice(("else:", f"elif {self.truth(1)}:")))
                self.branch(depth + 1, loops)
        elif loops < 3:
            self.loop(depth, loops)
        else:
            self.assign(depth)

    def branch(self, depth: int, loops: int) -> None:
        leaving = self.random.random()
        if loops and leaving < 0.35:
            self.line(
                depth,
                self.random.choice(
                    ("break", "continue", "break", "return 'left', a, x", "raise KeyError(a)")
                ),
            )
        else:
            self.statement(depth, loops)

    def assign(self, depth: int) -> None:
        kind = self.random.choice("iiifffbt")
        if kind == "i":
            self.line(depth, f"{self.random.choice(INTS)} = {self.bounded(3)}")
        elif kind == "f":
            self.line(depth, f"{self.random.choice(FLOATS)} = {self.real(3)}")
        elif kind == "b":
            self.line(depth, f"{self.random.choice(BOOLS)} = {self.truth(2)}")
        else:
            new = self.random.choice(("t", "u"))
            if new not in self.targets:
                self.targets.append(new)
            self.line(depth, f"{new} = {self.bounded(2) if new == 't' else self.real(2)}")

    def bounded(self, depth: int) -> str:
        return f"({self.whole(depth)}) % {self.random.choice(_MODULI)}"

    def whole(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.2:
            return self.random.choice((*INTS, *INTS, "n", "LEAST", self.random.choice(_WHOLE)))
        one, other = self.whole(depth - 1), self.whole(depth - 1)
        return self.random.choice((
            f"({one} + {other})", f"({one} - {other})", f"({one} * {other})", f"({one} // {other})",
            f"({one} % {other})", f"-{one}", f"~{one}", f"abs({one})", f"min({one}, {other})",
            f"max({one}, {other}, c)", f"({one} & {other})", f"({one} << (k % 70))", f"({one} >> (b % 70))",
            f"({one} if {self.truth(depth - 1)} else {other})", f"int({self.real(depth - 1)})",
            f"(a % 1000) ** {self.random.choice(('2', '3', '7', '(b % 25)'))}", f"(p + {one})",
            f"round({self.real(depth - 1)})", f"({one} or {other})", f"math.floor({self.real(depth - 1)})",
            f"({one} ^ {other})", f"int({self.truth(depth - 1)})",
        ))  # fmt: skip

    def real(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.2:
            return self.random.choice((*FLOATS, *FLOATS, self.random.choice(_REAL)))
        one, other = self.real(depth - 1), self.real(depth - 1)
        number = self.whole(depth - 1)
        return self.random.choice((
            f"({one} + {other})", f"({one} - {other})", f"({one} * {other})", f"({one} / {other})",
            f"({one} // {other})", f"({one} % {other})", f"-{one}", f"({number} / {self.whole(depth - 1)})",
            f"({one} * {number})", f"float({number})", f"abs({one})", f"min({one}, {other})",
            f"max({one}, {other})", f"({one} if {self.truth(depth - 1)} else {other})", f"math.sqrt({one})",
            f"math.sin({one})", f"root(abs({one}))", f"({one} ** 2)", f"({one} ** {other})",
            f"({one} and {other})", f"math.exp({one})", f"math.atan2({one}, {other})", f"(SCALE * {one})",
            f"({number} - {one})",
            f"math.fmod({one}, {other})", f"math.log({one})",
        ))  # fmt: skip

    def truth(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.15:
            return self.random.choice((*BOOLS, "True"))
        sign = self.random.choice(_COMPARE)
        inner = depth - 1
        return self.random.choice((
            f"({self.whole(inner)} {sign} {self.whole(inner)})",
            f"({self.real(inner)} {sign} {self.real(inner)})",
            f"({self.whole(inner)} {sign} {self.real(inner)})",
            f"(-3 < {self.whole(inner)} {sign} {self.whole(inner)})",
            f"({self.truth(inner)} and {self.truth(inner)})", f"({self.truth(inner)} or {self.truth(inner)})",
            f"(not {self.truth(inner)})", f"({self.real(inner)} {sign} {self.whole(inner)})",
            f"bool({self.whole(inner)})", f"math.isnan({self.real(inner)})",
            f"({self.truth(inner)} ^ {self.truth(inner)})",
        ))  # fmt: skip


HEAD = '''"""Random loops."""
import math
from math import sqrt as root

LEAST = -9223372036854775807
SCALE = 1.25


'''


def module(seed: int, count: int) -> str:
    """A module of ``count`` functions ``f0``, ``f1``, …"""
    return HEAD + "\n\n".join(
        Writer(seed * 1_000_003 + index).function(f"f{index}") for index in range(count)
    )


_WHOLES = (
    0,
    1,
    2,
    3,
    5,
    -1,
    -2,
    -7,
    10,
    1000,
    2**31,
    2**53 + 1,
    2**62,
    2**63 - 1,
    -(2**63),
    2**63,
    -(2**63) - 1,
    2**80,
)
_REALS = (
    0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -3.5, 1e-308, 1e308, -1e308, float("inf"), float("-inf"), float("nan"),
    9.5, 2.0**53, 2.0**63, 1e17, 0.1, 100.0,
)  # fmt: skip


class Small(int):
    """An int that is not exactly one."""


def arguments(random: Random) -> tuple[object, ...]:
    """For one call; now and then of a type that was not foreseen."""
    a, b = random.choice(_WHOLES[: random.choice((8, 18))]), random.choice(_WHOLES[: random.choice((8, 18))])
    n = random.choice((0, 1, 2, 3, 5, 8, -2))
    x, y = random.choice(_REALS), random.choice(_REALS)
    found: list[object] = [a, b, n, x, y, random.random() < 0.5]
    if random.random() < 0.15:
        odd: list[object] = [True, Small(4), 3, 2.0, 1]
        found[random.choice((0, 1, 3, 4, 5))] = random.choice(odd)
    return tuple(found)
