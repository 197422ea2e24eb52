"""``NumericLoops`` → the text of ``loops.pyx``. Names of the user's stand in comments only.

A loop becomes a state (its values, and what is left to go over) and a function that advances it. At the top
of every turn the state is brought up to date: wherever a turn ends badly, it holds what Python goes on from.
"""

from collections.abc import Iterator, Sequence

from conduitc.codegen.code import Code
from conduitc.codegen.numeric_body import Body, advance, check, give
from conduitc.codegen.numeric_operations import MATH, MATH_OF_TWO, TYPES, cython, declared, may_fail
from conduitc.codegen.render import render
from conduitc.ir.loops import If, Loop, LoopModule, NumericLoops, Repeat, Statement, Variable, While

#: A few milliseconds of the slowest operations.
TURNS = 1 << 17


def emit_loops(loops: NumericLoops) -> str | None:
    """The module's text, or None where there is nothing to compile."""
    if not loops.modules:
        return None
    code = Code()
    for target in sorted(
        {target for one in loops.modules for loop in one.loops for _, target in loop.callees}
    ):
        code.line(f"cdef object {_known(target)} = {target}")
    code.lines("", "")
    number = 0
    for module in loops.modules:
        names = []
        for loop in module.loops:
            _Loop(code, number, loop).emit(module)
            names.append(f"loop_{number}")
            number += 1
        code.line(f"{module.key} = ({', '.join(names)},)")
        code.lines("", "")
    return render(
        "loops.pyx.jinja",
        functions=list(declared()),
        math=MATH,
        math_of_two=MATH_OF_TWO,
        turns=TURNS,
        most=(1 << 63) - 1,
        body=code.text().rstrip() + "\n",
    )


class _Loop:
    """Writes one loop."""

    def __init__(self, code: Code, number: int, loop: Loop) -> None:
        self.code = code
        self.number = number
        self.loop = loop
        self.names = {one.name: f"v{index}" for index, one in enumerate(loop.variables)}
        self.flags = {one.name: f"s{index}" for index, one in enumerate(loop.variables) if one.unsure}

    def emit(self, module: LoopModule) -> None:
        """State, run and entry of the loop."""
        loop = self.loop
        typed = ", ".join(f"{one.name}: {one.kind}" for one in loop.variables)
        self.code.comment(f"{module.file}:{loop.span.line}  {loop.function} ({typed})")
        self._state()
        self._run()
        self._entry()

    def _state(self) -> None:
        with self.code.block(f"cdef struct State{self.number}"):
            self.code.lines(*(f"{type_} {name}" for type_, name in self._fields()))
        self.code.lines("", "")

    def _fields(self) -> Iterator[tuple[str, str]]:
        for one in self.loop.variables:
            yield TYPES[one.kind], self.names[one.name]
        for flag in self.flags.values():
            yield "bint", flag
        if self.loop.target is not None:
            yield "long long", "next"
            yield "long long", "step"
            yield "unsigned long long", "left"
        yield "long long", "turns"

    def _run(self) -> None:
        code, loop = self.code, self.loop
        body = Code()
        Body(body, self.names, self.flags).block(loop.body)
        with code.block(f"cdef int run_{self.number}(State{self.number} *state) noexcept"):
            for type_, name in self._fields():
                code.line(f"cdef {type_} {_local(name)} = state.{name}")
            code.line("cdef int bad = 0")
            code.line("cdef bint test")
            code.line("cdef long long spare = TURNS")
            for index in range(_repeats(loop.body)):
                code.line(f"cdef long long next_{index}, step_{index}")
                code.line(f"cdef unsigned long long left_{index}")
            with code.block("while True"):
                self._commit()
                self._header()
                code.insert(body)
        code.lines("", "")

    def _commit(self) -> None:
        changed = {self.names[one.name] for one in self.loop.changed} | set(self.flags.values())
        for _, name in self._fields():
            if name in changed or name in ("next", "left", "turns"):
                self.code.line(f"state.{name} = {_local(name)}")

    def _header(self) -> None:
        code, loop = self.code, self.loop
        if loop.test is None:
            with code.block("if left == 0"):
                code.line("return DONE")
        with code.block("if spare <= 0"):
            code.line("return PAUSED")
        if loop.test is not None:
            with code.block(f"if not {cython(loop.test, self.names)}"):
                code.line("return STOPPED" if may_fail(loop.test) else "return DONE")
            if may_fail(loop.test):
                check(code)
        code.lines("turns += 1", "spare -= 1")
        if loop.target is not None:
            code.line("left -= 1")
            give(code, self.names, self.flags, loop.target, "next_")
            code.line(advance("next_", "step"))

    def _entry(self) -> None:
        code, loop = self.code, self.loop
        over = ["over"] if loop.target is not None else []
        callees = [f"f{index}" for index in range(len(loop.callees))]
        given = [self.names[one.name] for one in loop.given]
        with code.block(f"def loop_{self.number}({', '.join([*over, *callees, *given])})"):
            code.line(f"cdef State{self.number} state")
            code.line("cdef int status")
            code.line("memset(&state, 0, sizeof(state))")
            refusals = [
                "not EXACT",
                *(
                    f"{one} is not {_known(target)}"
                    for one, (_, target) in zip(callees, loop.callees, strict=True)
                ),
                *(
                    f"not take_{_taken(one)}({self.names[one.name]}, &state.{self.names[one.name]})"
                    for one in loop.given
                ),
                *("not take_range(over, &state.next, &state.step, &state.left)" for _ in over),
            ]
            for one in refusals:
                with code.block(f"if {one}"):
                    code.line("return None")
            code.line(f"status = run_{self.number}(&state)")
            if over:
                self._breathe()
            with code.block("if state.turns == 0"):
                code.line("return None")
            rest = ["() if status == DONE else over[state.turns:]"] if over else []
            code.line(f"return ({', '.join([*rest, *self._values()])},)")
        code.lines("", "")

    def _breathe(self) -> None:
        """A ``for`` goes on here; a ``while`` lets Python do a turn."""
        code = self.code
        with code.block("while status == PAUSED"):
            with code.block("try"):
                code.line("breathe()")
            with code.block("except BaseException as error"):
                code.line(f"return ({', '.join(['Interrupted(error)', *self._values()])},)")
            code.line(f"status = run_{self.number}(&state)")

    def _values(self) -> Iterator[str]:
        for one in self.loop.changed:
            value = f"state.{self.names[one.name]}"
            yield f"({value} if state.{self.flags[one.name]} else None)" if one.unsure else value


def _known(target: str) -> str:
    """The variable that holds a function of Python's own, as it was when the build was loaded."""
    return "known_" + target.replace(".", "_")


def _local(name: str) -> str:
    """``next`` is a builtin."""
    return "next_" if name == "next" else name


def _taken(one: Variable) -> str:
    """Which of the functions that take a value from Python does it."""
    return "number" if one.lenient else one.kind.partition("[")[0]


def _repeats(body: Sequence[Statement]) -> int:
    """How many inner ranges there are."""
    count = 0
    for one in body:
        if isinstance(one, If):
            count += _repeats(one.then) + _repeats(one.other)
        elif isinstance(one, Repeat | While):
            count += isinstance(one, Repeat) + _repeats(one.body) + _repeats(one.other)
    return count
