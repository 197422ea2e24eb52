"""How long builds take: cold, again with nothing changed, and with one handler changed; 1 to 1,000 routes.

Every figure is of a whole `conduitc build` process, the median of several: wall time, and the processor time
of it and its children, which other work on the machine lengthens less. Cold is without a cache and without an
earlier build. The cost of a route is what a build takes beyond one of a single route. Native modules are
measured stripped: those of the build, and beside them the runtime's own, which every build carries.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import common
import programs

SIZES = (1, 100, 200, 500, 1000)
TARGETS = ("python", "cython")


Taken = tuple[float, float]


def processor() -> float:
    """Seconds that the processes which have ended so far have used."""
    times = os.times()
    return times.children_user + times.children_system


def middle(found: Iterable[Taken]) -> Taken:
    """The median of each."""
    wall, used = zip(*found, strict=True)
    return statistics.median(wall), statistics.median(used)


class Place:
    """A program of so many routes in a folder of its own, with a cache of its own."""

    def __init__(self, folder: Path, routes: int, target: str) -> None:
        self.folder = folder / f"{routes}{target}"
        self.entry = programs.write(self.folder / "source", routes)
        self.text = self.entry.read_text("utf-8")
        self.target = target

    def build(self) -> Taken:
        """Seconds: wall time, processor time."""
        command = [
            sys.executable,
            "-m",
            "conduitc",
            "build",
            str(self.entry),
            "-o",
            str(self.folder / "dist"),
        ]
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        began, used = time.perf_counter(), processor()
        done = subprocess.run(
            [*command, "--target", self.target], env=environment, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began, processor() - used
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return took

    def cold(self) -> Taken:
        for name in ("dist", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.build()

    def changed(self, number: int) -> Taken:
        """After a handler's body is another one."""
        self.entry.write_text(self.text.replace("VERSION}", f"VERSION + {number}}}"), "utf-8")
        return self.build()


def stripped(folder: Path) -> int:
    """Bytes of the native modules below a folder, as they would be shipped."""
    total = 0
    for module in folder.rglob("*.so"):
        with tempfile.NamedTemporaryFile() as copy:
            words = ["strip", "--strip-unneeded", "-o", copy.name, str(module)]
            subprocess.run(words, check=True, capture_output=True)
            total += Path(copy.name).stat().st_size
    return total


def sizes(places: list[Place]) -> Iterator[str]:
    """KiB of native modules at each size; at most 1 MB is asked for at 100 routes, the runtime's included."""
    if shutil.which("strip") is None:
        print("no sizes of native modules: strip is not installed")
        return
    made = [stripped(place.folder / "dist" / "_conduit") for place in places]
    runtime = stripped(places[0].folder / "dist" / "conduit")
    told = ", ".join(f"{size / 1024:.0f} at {routes:,}" for routes, size in zip(SIZES, made, strict=True))
    print(f"native modules, stripped, KiB: {told} routes; the runtime's {runtime / 1024:.0f}")
    hundred = made[SIZES.index(100)] + runtime
    yield common.goal("cython: native modules at 100 routes and the runtime's, MB", hundred / 1e6, most=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of every figure (default %(default)s)")
    rounds = parser.parse_args().rounds
    print(common.versions("cython", "libcst", "msgspec"))
    rows: list[list[str]] = []
    goals: list[str] = []
    folder = Path(tempfile.mkdtemp())
    try:
        for target in TARGETS:
            found = [Place(folder, routes, target) for routes in SIZES]
            taken = [[place.cold() for place in found] for _ in range(rounds)]  # interleaved
            cold = [middle(one[i] for one in taken) for i in range(len(SIZES))]
            same = [middle(place.build() for _ in range(rounds)) for place in found]
            other = [middle(place.changed(number) for number in range(1, rounds + 1)) for place in found]
            for title, took in (("cold", cold), ("nothing changed", same), ("one handler changed", other)):
                for what, index in (("wall", 0), ("processor", 1)):
                    rows.append([f"{target}, {title}, {what}", *(f"{one[index]:.2f}" for one in took)])
            goals += judged(target, cold, same[-1], other[-1])
            goals += sizes(found) if target == "cython" else []
    finally:
        shutil.rmtree(folder)
    print(common.table(["s", *map(str, SIZES)], rows), *goals, sep="\n")


def judged(target: str, cold: list[Taken], same: Taken, other: Taken) -> Iterator[str]:
    """What is asked of a build at 1,000 routes; says how the cost of a route grows."""
    used = [one[1] for one in cold]
    line = statistics.linear_regression(SIZES, used)
    each = {size: (took - used[0]) / (size - 1) for size, took in zip(SIZES[1:], used[1:], strict=True)}
    told = ", ".join(f"{cost * 1000:.2f} at {size}" for size, cost in each.items())
    print(f"{target}: processor time {line.intercept:.2f} s and {line.slope * 1000:.2f} ms a route ({told})")
    yield common.goal(f"{target}: 1,000 routes, cold, s", cold[-1][0], most=60)
    yield common.goal(f"{target}: a route at 1,000 to one at 100", each[1000] / each[100], most=1.3)
    yield common.goal(f"{target}: nothing changed at 1,000, s", same[0], most=0.3)
    if target == "python":
        yield common.goal("python: one handler changed at 1,000, s", other[0], most=1.0)


if __name__ == "__main__":
    main()
