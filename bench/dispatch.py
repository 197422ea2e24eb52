"""What matching a path costs: both targets, linear scans of the same routes, other ways, other routers.

Every second route ends in an int parameter; paths are random hits, since a fixed path measures caches only.
All rows take turns, each warmed up by the same paths; a figure is the median of the rounds, loop and call in
it ("a call" shows how much that is). Claims: G4 at 1,000 routes; at 4, 10, 100 and 1,000 at least 1.0, 1.4,
1.8 and 2.0 times a linear scan in the same language.
"""

import argparse
import importlib.util
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from common import goal, table, versions
from dispatch_variants.jump_table import jump_table
from dispatch_variants.peers import peers
from dispatch_variants.scans import cython_scan, python_scan
from dispatch_variants.vector import vectorised
from msgspec import structs

from conduitc import toolchain
from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.dispatch_python import emit_python
from conduitc.codegen.plan import lower
from conduitc.ir.dispatch import DispatchPlan, Pattern
from conduitc.ir.nodes import Dynamic, Static
from conduitc.span import NOWHERE

SIZES = (4, 10, 100, 1000)
AGAINST_SCAN = (1.0, 1.4, 1.8, 2.0)
PATHS = 2000
Find = Callable[[str], Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    chosen = options.parse_args()
    print(versions("cython", "falcon", "starlette", "fastapi", "werkzeug"))
    with tempfile.TemporaryDirectory() as folder:
        finds: dict[tuple[str, int], Find] = {}
        made = []
        for size in chosen.sizes:
            routes = make_routes(size)
            for name, find in python_rows(routes):
                finds[name, size] = find
            for name, find, seconds, kilobytes in native_rows(routes, Path(folder)):
                finds[name, size] = find
                made.append((name, size, seconds, kilobytes))
        figures = measure(finds, chosen.rounds)
    report(figures, chosen.sizes)
    print("\nMaking the native modules\n")
    rows = [
        (name, f"{size:,}", f"{seconds:.1f}", f"{kilobytes:,.0f}") for name, size, seconds, kilobytes in made
    ]
    print(table(("", "routes", "compile s", "KiB"), rows))
    check(figures, chosen.sizes)


def make_routes(size: int) -> list[str]:
    """As many resources, every second with one trailing int."""
    return [f"/v1/resource{n}/{{id:int}}" if n % 2 else f"/v1/resource{n}" for n in range(size)]


def make_paths(routes: Sequence[str], dice: random.Random) -> list[str]:
    chosen = [dice.choice(routes) for _ in range(PATHS)]
    return [route.replace("{id:int}", str(dice.randrange(100_000))) for route in chosen]


def plan_of(routes: Sequence[str]) -> DispatchPlan:
    patterns = []
    for number, route in enumerate(routes):
        texts = route.split("/")[1:]
        segments = [Dynamic("id", "int", NOWHERE) if text[0] == "{" else Static(text) for text in texts]
        patterns.append(Pattern(number, ("GET",), tuple(segments)))
    return lower(patterns)


def python_rows(routes: Sequence[str]) -> Iterator[tuple[str, Find]]:
    module: dict[str, Any] = {}
    exec(emit_python(plan_of(routes), routes), module)
    entries = range(len(routes))
    yield "a call", str.isascii
    yield "Python target", module["finders"](entries, [None] * len(routes))["GET"][0]
    yield "linear scan, Python", python_scan(routes)
    yield from peers(routes)


def native_rows(routes: Sequence[str], folder: Path) -> Iterator[tuple[str, Find, float, float]]:
    """Name, ``find``, seconds to compile, size."""
    if reason := toolchain.available():
        print(f"no native rows: {reason}")
        return
    entries = range(len(routes))

    def our_find(module: Any) -> Find:
        found: Find = module.finders(entries, [None] * len(entries))["GET"][0]
        return found

    plan = plan_of(routes)
    pyx, walked = emit_cython(plan, routes), emit_cython(without_trailing(plan), routes)
    static = ["{" not in route for route in routes]
    for name, text, make in (
        ("Cython target", pyx, our_find),
        ("linear scan, C", cython_scan(routes), lambda m: m.Scan(entries, static).find),
        ("jump table, C", jump_table(routes), lambda m: m.Jump(entries).find),
        ("vector comparison, C", vectorised(pyx), our_find),
        ("segment by segment, C", walked, our_find),
    ):
        module_name = f"{name.split(',')[0].replace(' ', '_').lower()}_{len(routes)}"
        start = time.perf_counter()
        ((file, data),) = toolchain.compile_modules({module_name: text}).items()
        seconds = time.perf_counter() - start
        (folder / file).write_bytes(data)
        yield name, make(load(module_name, folder / file)), seconds, len(data) / 1024


def without_trailing(plan: DispatchPlan) -> DispatchPlan:
    """The same tables, static text before a trailing parameter not hashed as a whole."""
    tables = tuple(structs.replace(table, trailing=(), deep=True) for table in plan.tables)
    return structs.replace(plan, tables=tables)


def load(name: str, file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(finds: dict[tuple[str, int], Find], rounds: int) -> dict[tuple[str, int], float]:
    """Median nanoseconds a lookup. Every path is found by every row before anything is timed."""
    paths = {size: make_paths(make_routes(size), random.Random(size)) for _, size in finds}
    for (name, size), find in finds.items():
        for path in paths[size][:200]:
            assert find(path), (name, path)
    samples: dict[tuple[str, int], list[float]] = {key: [] for key in finds}
    for _ in range(rounds):
        for key, find in finds.items():
            samples[key].append(timed(find, paths[key[1]]))
    return {key: median(times) for key, times in samples.items()}


def timed(find: Find, paths: Sequence[str]) -> float:
    """Nanoseconds a call. A slow row is given fewer paths, so that all rows see the same weather."""
    if once(find, paths[:50]) > 20_000:
        paths = paths[:50]
    once(find, paths)
    return once(find, paths)


def once(find: Find, paths: Sequence[str]) -> float:
    start = time.perf_counter_ns()
    for path in paths:
        find(path)
    return (time.perf_counter_ns() - start) / len(paths)


def report(figures: dict[tuple[str, int], float], sizes: Sequence[int]) -> None:
    names = list(dict.fromkeys(name for name, _ in figures))
    print("\nNanoseconds a lookup\n")
    head = ("routes", *(f"{size:,}" for size in sizes))
    rows = [(name, *(f"{figures[name, size]:,.0f}" for size in sizes)) for name in names]
    print(table(head, rows))


def check(figures: dict[tuple[str, int], float], sizes: Sequence[int]) -> None:
    print()
    for target, scan, most, growth, falcon in (
        ("Cython target", "linear scan, C", 60, 2.0, 80),
        ("Python target", "linear scan, Python", 250, 1.3, 20),
    ):
        if (target, sizes[0]) not in figures:
            continue
        for size, least in zip(SIZES, AGAINST_SCAN, strict=True):
            if size in sizes:
                ratio = figures[scan, size] / figures[target, size]
                print(goal(f"{target}, {size:,} routes, times a linear scan", ratio, least=least))
        if {4, 1000} <= set(sizes):
            large = figures[target, 1000]
            print(goal(f"{target}, ns at 1,000 routes", large, most=most))
            print(goal(f"{target}, times its cost at 4 routes", large / figures[target, 4], most=growth))
            if peer := figures.get(("Falcon (compiled router)", 1000)):
                print(goal(f"{target}, times faster than Falcon", peer / large, least=falcon))


if __name__ == "__main__":
    main()
