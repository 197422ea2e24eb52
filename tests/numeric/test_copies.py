"""What becomes of a copied source: its lines, its functions, and what a loop may not disturb."""

import ast
import inspect
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from conduitc import toolchain
from conduitc.ir.loops import Loop
from tests.numeric.compiled import Both, both, imported

pytestmark = pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")

SOURCE = '''"""Doc."""  # a comment
from __future__ import annotations

import math

LIMIT = 4.0


class Sums:
    def total(self, n: int = 3, *, start: float = 0.5) -> float:
        """Sums."""
        __sum = start  # kept
        for i in range(n):  # the loop
            __sum += i * 0.5
        return __sum


def gcd(a: int, b: int) -> int:
    while b: a, b = b, a % b
    return a


async def later(n: int):
    total = 0
    for i in range(
        n,  # lines stay
        n * 2,
    ):
        total += i
    return total, i


def each(n: int):
    total = 0
    while (
        total < n
        and total < 1_000
    ):
        total += 3
    yield total


def endless(n: int) -> int:
    turns = 0
    while turns < n:
        turns += 1
    return turns


def counted(n: int) -> tuple[int, int]:
    turns = 0
    try:
        for i in range(n):
            turns += 1
    except KeyboardInterrupt:
        return turns, i
    return -1, -1


def nested(n: int) -> int:
    turns = 0
    for i in range(2):
        for j in range(n):
            turns += 1
    return turns


def divided(a: int, b: int) -> int:
    total = 0
    for i in range(5):
        total += a // (b - i)
    return total


def rooted(n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.sqrt(i) * LIMIT
    return total
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    found = both(SOURCE, tmp_path_factory.mktemp("copies"))
    assert found.loops.left == ()
    yield found


def _loops(made: Both) -> tuple[Loop, ...]:
    return made.loops.modules[0].loops


def test_only_headers_change_and_no_line_is_added(made: Both) -> None:
    old, new = SOURCE.split("\n"), made.copy.split("\n")
    assert len(old) == len(new)
    headers = {line for one in _loops(made) for line in (one.header.line, one.header.end_line)}
    asked = made.loops.modules[0].place.line
    changed = {number for number, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b}
    assert changed == headers | {asked}
    assert old[12].endswith("# the loop") and new[12].endswith("# the loop")


def test_functions_stay_functions(made: Both) -> None:
    assert ast.get_docstring(ast.parse(made.copy)) == made.ours.__doc__ == made.python.__doc__ == "Doc."
    for name in ("gcd", "later", "each", "endless"):
        old, new = getattr(made.python, name), getattr(made.ours, name)
        assert type(new) is FunctionType and inspect.isfunction(new)
        assert inspect.signature(new) == inspect.signature(old)
        assert inspect.iscoroutinefunction(new) == inspect.iscoroutinefunction(old)
        assert inspect.isgeneratorfunction(new) == inspect.isgeneratorfunction(old)
        assert new.__code__.co_firstlineno == old.__code__.co_firstlineno
        assert (new.__defaults__, new.__kwdefaults__) == (old.__defaults__, old.__kwdefaults__)
        assert (new.__annotations__, new.__qualname__) == (old.__annotations__, old.__qualname__)
    old, new = made.python.Sums.total, made.ours.Sums.total
    assert inspect.signature(new) == inspect.signature(old)
    assert (new.__qualname__, new.__doc__) == ("Sums.total", "Sums.")
    assert made.ours.Sums().total(4) == made.python.Sums().total(4) == 3.5


def test_coroutines_and_generators(made: Both) -> None:
    with pytest.raises(StopIteration) as ended:
        made.ours.later(5).send(None)
    assert ended.value.value == (35, 9)
    assert list(made.ours.each(10)) == [12]


def test_an_exception_comes_from_the_line_of_the_user(made: Both) -> None:
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero") as raised:
        made.ours.divided(7, 2)
    line = SOURCE.split("\n").index("        total += a // (b - i)") + 1
    assert (raised.traceback[-1].lineno + 1, raised.traceback[-1].name) == (line, "divided")


def test_a_function_that_was_replaced_is_called(made: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = made.ours.rooted(4)
    monkeypatch.setattr(made.ours.math, "sqrt", lambda one: 1.0)
    assert made.ours.rooted(4) == 16.0 != expected
    monkeypatch.setattr(made.ours, "LIMIT", 2)
    assert made.ours.rooted(4) == 8.0


def test_without_the_compiled_module_python_does_it(made: Both, tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text(made.copy, "utf-8")
    alone = imported(file)
    assert alone.gcd(48, 36) == 12
    assert alone.rooted(9) == made.python.rooted(9)


def test_other_threads_have_their_turn(made: Both) -> None:
    """The compiled loop gives way as a Python loop does: it ends long after the other thread has begun."""
    seen: list[float] = []
    thread = threading.Thread(target=made.ours.nested, args=(500_000_000,))
    thread.start()
    while thread.is_alive():
        seen.append(time.perf_counter())
        time.sleep(0.001)
    assert len(seen) > 5


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timers")
def test_signals_are_handled_and_locals_are_those_of_a_turn(made: Both) -> None:
    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            made.ours.endless(2**62)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        turns, last = made.ours.counted(2**62)
        assert turns > 0 and turns in (last, last + 1)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            made.ours.nested(2**62)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_encodings_and_line_ends_of_a_build(tmp_path: Path) -> None:
    """A BOM, CRLF and wide characters before a loop on its line."""
    from conduitc import driver

    text = textwrap.dedent("""\
        from conduit import Conduit

        app = Conduit()

        def total(größe: int):
            summe = 0; text = "日本"
            for zähler in range(größe): summe += zähler
            return summe

        @app.get("/")
        def index():
            return {"total": total(5)}
        """)
    (tmp_path / "app.py").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    built = driver.build(tmp_path / "app.py", tmp_path / "dist", kind="cython")
    assert [one.function for module in built.loops.modules for one in module.loops] == ["total"]
    copy = (tmp_path / "dist" / "src" / "app.py").read_bytes()
    assert copy.startswith(b"\xef\xbb\xbf") and copy.count(b"\r\n") == copy.count(b"\n") == text.count("\n")
    code = "import app, sys; print(app.app is not None, 'loop_0' in dir(sys.modules['_conduit.loops']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "dist", capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True"]
