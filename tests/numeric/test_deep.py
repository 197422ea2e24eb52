"""Sources that are deep or odd: no loop of them is compiled wrongly, and none ends in a traceback."""

from pathlib import Path

import pytest

from conduitc.codegen.numeric_cython import emit_loops
from conduitc.diagnostics import CompileError
from conduitc.frontend.numeric.headers import with_loops
from tests.numeric.compiled import read

SUM = "def f(n: int):\n    t = 0\n    for i in range(n):\n        t += i\n    return t\n"


@pytest.mark.parametrize("terms", [50, 400, 900])
def test_long_expressions(terms: int, tmp_path: Path) -> None:
    text = SUM.replace("t += i", "t += " + " + ".join(["i"] * terms))
    loops = read(text, tmp_path)
    emit_loops(loops)
    assert len(loops.modules) == (terms == 50)


@pytest.mark.parametrize("count", [50, 900])
def test_long_chains_of_elif(count: int, tmp_path: Path) -> None:
    chain = "".join(f"    elif n == {index}:\n        n += {index}\n" for index in range(count))
    text = (
        f"def g(n: int):\n    if n == -1:\n        n += 1\n{chain}    while n > 3:\n        n -= 3\n\n\n{SUM}"
    )
    loops = read(text, tmp_path)
    emit_loops(loops)
    assert sum(len(one.loops) for one in loops.modules) == (2 if count == 50 else 0)


def test_what_is_deep_elsewhere_does_no_harm(tmp_path: Path) -> None:
    text = f"{SUM}\n\nX = {' + '.join(['1'] * 900)}\n"
    loops = read(text, tmp_path)
    (module,) = loops.modules
    assert with_loops(text, module).count("_conduit_loop_0") == 2


def test_many_loops(tmp_path: Path) -> None:
    text = "\n\n".join(SUM.replace("f(", f"f{index}(") for index in range(450))
    loops = read(text, tmp_path)
    assert [len(one.loops) for one in loops.modules] == [400]
    assert {one.reason for one in loops.left} == {"a build compiles 400 loops at most"}


def test_one_line_statements_and_semicolons(tmp_path: Path) -> None:
    text = "x = 1; y = 2\ndef f(n: int):\n    t = 0; k = 1\n    for i in range(n): t += i; k += 1\n"
    (module,) = read(text, tmp_path).modules
    copy = with_loops(text, module)
    assert copy.splitlines()[0].endswith("; x = 1; y = 2") and copy.count("\n") == text.count("\n")


def test_an_edit_that_would_change_more_is_refused(tmp_path: Path) -> None:
    (module,) = read(SUM, tmp_path).modules
    with pytest.raises(CompileError, match=r"more than the headers|SyntaxError|invalid"):
        with_loops(SUM.replace("t = 0", "t = (0)\n"), module)
