"""Numeric loops of a build, compiled against the same in Python, and what compiling them costs a build.

One process holds both: the functions as written, and the build's copies with their compiled loops. Rounds
alternate; each figure is a median. Goal: at least 20 times for loops over scalars.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from common import build, goal, skip, table, versions

from conduitc import toolchain

WORK = '''"""Loops."""
import math


def squares(n: int) -> int:
    total = 0
    for i in range(n):
        total += i * i
    return total


def mandelbrot(size: int, most: int) -> int:
    inside = 0
    for row in range(size):
        for column in range(size):
            real = 3.0 * column / size - 2.0
            imaginary = 2.0 * row / size - 1.0
            x = y = 0.0
            for _ in range(most):
                x, y = x * x - y * y + real, 2.0 * x * y + imaginary
                if x * x + y * y > 4.0:
                    break
            else:
                inside += 1
    return inside


def collatz(below: int) -> int:
    longest = 0
    for start in range(1, below):
        n = start
        steps = 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        longest = max(longest, steps)
    return longest


def coprime(below: int) -> int:
    found = 0
    for one in range(1, below):
        for other in range(1, one):
            a = one
            b = other
            while b:
                a, b = b, a % b
            found += a == 1
    return found


def interest(years: int, rate: float) -> float:
    value = 100
    while years > 0:
        value = value * (1.0 + rate) - 0.01
        years -= 1
    return value


def roots(n: int) -> float:
    total = 0.0
    for i in range(n):
        total += math.sqrt(i) / (i + 1)
    return total


def dot(a: list[float], b: list[float]) -> float:
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


def overflowing(n: int) -> int:
    value = 1
    for i in range(n):
        value = value * 3 + i
    return value


def short(n: int) -> int:
    total = 0
    for i in range(3):
        total += i * n
    return total
'''
APP = """from conduit import Conduit
import work

app = Conduit()


@app.get("/")
def index():
    return {"total": work.squares(10)}
"""
PLAIN = APP.replace("import work\n", "").replace("work.squares(10)", "1")
#: What to call, and whether the goal holds for it: others show where nothing is gained, or what the processor
#: itself takes for square roots, 64-bit divisions and chains of floats.
CALLS: tuple[tuple[str, tuple[Any, ...], bool], ...] = (
    ("squares", (300_000,), True),
    ("mandelbrot", (60, 80), True),
    ("collatz", (3_000,), True),
    ("coprime", (150,), False),
    ("interest", (100_000, 0.0001), False),
    ("roots", (200_000,), False),
    ("dot", ([0.5] * 30_000, [0.25] * 30_000), False),
    ("overflowing", (300,), False),
    ("short", (7,), False),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default %(default)s)")
    rounds = parser.parse_args().rounds
    if why := toolchain.available():
        skip(why)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.py").write_text(APP)
        (folder / "work.py").write_text(WORK)
        (folder / "plain.py").write_text(PLAIN)
        costs = _costs(folder, rounds)
        sys.path.insert(0, str(folder / "dist"))
        import_module("_conduit.loops")
        python, ours = _module(folder / "work.py"), _module(folder / "dist" / "src" / "work.py")
        print(versions("cython"), end="\n\n")
        ratios = _loops(python, ours, rounds)
    print()
    print(table(["build (no cache)", "CPU seconds"], [[name, f"{seconds:.2f}"] for name, seconds in costs]))
    print()
    for name, ratio in ratios:
        print(goal(f"{name}: times Python", ratio, least=20))
    plain, untyped = costs[0][1], costs[1][1]
    print(
        goal("an app without numeric loops: its build with and without --no-typed", plain / untyped, most=1.1)
    )


def _loops(python: ModuleType, ours: ModuleType, rounds: int) -> list[tuple[str, float]]:
    rows, ratios = [], []
    for name, arguments, counts in CALLS:
        pair = (getattr(python, name), getattr(ours, name))
        assert pair[0](*arguments) == pair[1](*arguments)
        before, after = _interleaved(pair, arguments, rounds)
        rows.append([name, f"{before * 1e6:,.2f}", f"{after * 1e6:,.2f}", f"{before / after:.1f}"])
        if counts:
            ratios.append((name, before / after))
    print(table(["loop", "Python, µs", "compiled, µs", "times"], rows))
    return ratios


def _interleaved(pair: Sequence[Callable[..., object]], arguments: Sequence[Any], rounds: int) -> list[float]:
    """The median CPU seconds of a call of each."""
    seconds: list[list[float]] = [[], []]
    for _ in range(rounds):
        for found, function in zip(seconds, pair, strict=True):
            start, calls = time.process_time(), 0
            while calls == 0 or time.process_time() - start < 0.02:
                function(*arguments)
                calls += 1
            found.append((time.process_time() - start) / calls)
    return [statistics.median(one) for one in seconds]


def _costs(folder: Path, rounds: int) -> list[tuple[str, float]]:
    """The median CPU seconds of builds: of an app without loops, typed and not, and of one with loops."""
    ways = (
        ("no numeric loop", "plain.py", ()),
        ("no numeric loop, --no-typed", "plain.py", ("--no-typed",)),
        (f"{len(CALLS)} functions with loops", "app.py", ()),
        (f"{len(CALLS)} functions with loops, --no-typed", "app.py", ("--no-typed",)),
    )
    found: list[list[float]] = [[] for _ in ways]
    for _ in range(max(1, rounds // 2)):
        for seconds, (_, file, flags) in zip(found, ways, strict=True):
            start = _children()
            into = "dist" if file == "app.py" and not flags else "other"
            build(folder / file, folder / into, "cython", "--no-cache", *flags)
            seconds.append(_children() - start)
    return [(name, statistics.median(one)) for (name, _, _), one in zip(ways, found, strict=True)]


def _children() -> float:
    """CPU seconds of the processes that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"work_{file.parent.name}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
