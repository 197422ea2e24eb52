"""How long builds take: cold, again with nothing changed, and with one handler changed; 1 to 1,000 routes.

Every figure is the wall time of a whole `conduitc build` process, the median of several. Cold is without a cache
and without an earlier build. The cost of a route is what a build takes beyond one of a single route.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common
import programs

SIZES = (1, 100, 200, 500, 1000)
TARGETS = ("python", "cython")


class Place:
    """A program of so many routes in a folder of its own, with a cache of its own."""

    def __init__(self, folder: Path, routes: int, target: str) -> None:
        self.folder = folder / f"{routes}{target}"
        self.entry = programs.write(self.folder / "source", routes)
        self.text = self.entry.read_text("utf-8")
        self.target = target

    def build(self) -> float:
        """Seconds."""
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
        began = time.perf_counter()
        done = subprocess.run(
            [*command, "--target", self.target], env=environment, capture_output=True, text=True, check=False
        )
        took = time.perf_counter() - began
        if done.returncode:
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return took

    def cold(self) -> float:
        for name in ("dist", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.build()

    def changed(self, number: int) -> float:
        """After a handler's body is another one."""
        self.entry.write_text(self.text.replace("VERSION}", f"VERSION + {number}}}"), "utf-8")
        return self.build()


def fit(sizes: tuple[int, ...], took: list[float]) -> tuple[float, float]:
    """Constant and slope of the line nearest to the points."""
    slope = statistics.linear_regression(sizes, took)
    return slope.intercept, slope.slope


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of every figure (default %(default)s)")
    rounds = parser.parse_args().rounds
    print(common.versions("cython", "libcst", "msgspec"))
    rows, goals = [], []
    folder = Path(tempfile.mkdtemp())
    try:
        for target in TARGETS:
            found = [Place(folder, routes, target) for routes in SIZES]
            taken = [[place.cold() for place in found] for _ in range(rounds)]  # interleaved
            cold = [statistics.median(one[i] for one in taken) for i in range(len(SIZES))]
            same = [statistics.median(place.build() for _ in range(rounds)) for place in found]
            other = [
                statistics.median(place.changed(number) for number in range(1, rounds + 1)) for place in found
            ]
            for title, took in (("cold", cold), ("nothing changed", same), ("one handler changed", other)):
                rows.append([f"{target}, {title}", *(f"{seconds:.2f}" for seconds in took)])
            constant, slope = fit(SIZES, cold)
            rows.append([f"{target}, fit", *(f"{constant + slope * size:.2f}" for size in SIZES)])
            each = {
                size: (took - cold[0]) / (size - 1) for size, took in zip(SIZES[1:], cold[1:], strict=True)
            }
            print(f"{target}: {constant:.2f} s and {slope * 1000:.2f} ms a route")
            print(f"  ms a route: {', '.join(f'{cost * 1000:.2f} at {size}' for size, cost in each.items())}")
            goals += [
                common.goal(f"{target}: 1,000 routes, cold, s", cold[-1], most=60),
                common.goal(f"{target}: a route at 1,000 to one at 100", each[1000] / each[100], most=1.3),
                common.goal(f"{target}: nothing changed at 1,000, s", same[-1], most=0.3),
            ]
            if target == "python":
                goals.append(common.goal("python: one handler changed at 1,000, s", other[-1], most=1.0))
    finally:
        shutil.rmtree(folder)
    print(common.table(["s", *map(str, SIZES)], rows), *goals, sep="\n")


if __name__ == "__main__":
    main()
