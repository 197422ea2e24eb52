"""How long after a save fresh metadata lies there: programs of 1,000, 10,000 and 40,000 lines, a file saved.

``analysed`` is a process that keeps what it knows (`build --watch`, `dev`, `introspect SOURCE mcp`), from the
saved file to the text of metadata.json; ``from nothing`` is the same without anything kept. ``in dist`` is
`conduitc build --watch` (Python target), from the save until dist/metadata.json is another one: when the
whole build has been put in its place. Saved is one module of about 100 lines, with other words in a body and
in its docstring. Goal: 50 ms.
"""

import argparse
import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import common
import metadata

from conduitc.analysis import analyse
from conduitc.codegen.metadata import emit_metadata
from conduitc.kept import Kept
from conduitc.mined import patterns_of

LINES = 97
GOAL = 50
LIMIT = 60.0


def saved(folder: Path, number: int) -> None:
    """Another version of one module."""
    file = folder / "area3.py"
    text = metadata.MODULE.format(n=3).replace("price * 0.9", f"price * 0.{100 + number}")
    text = text.replace("taxes included", f"{100 + number} taxes included")
    beside = folder / "area3.new"
    beside.write_text(text, "utf-8")
    beside.replace(file)


def made(folder: Path, kept: Kept | None) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor, from the file to the text."""
    clock, processor = time.perf_counter(), time.process_time()
    analysis = analyse(folder / "app.py", kept=kept)
    assert analysis.app is not None
    emit_metadata(analysis.app, analysis.diagnostics, patterns_of(analysis), kept=kept).encode()
    return (time.perf_counter() - clock) * 1e3, (time.process_time() - processor) * 1e3


def analysed(folder: Path, saves: int) -> tuple[float, float, float]:
    """Medians: clock and processor with what is kept; processor from nothing."""
    kept = Kept()
    warm, cold = [], []
    gc.disable()
    for number in range(saves + 1):
        saved(folder, number)
        warm.append(made(folder, kept))
        gc.collect()
        gc.freeze()
        cold.append(made(folder, None)[1])
        gc.collect()
    gc.enable()
    wall, processor = zip(*warm[1:], strict=True)
    return statistics.median(wall), statistics.median(processor), statistics.median(cold[1:])


def in_dist(folder: Path, saves: int) -> float:
    """Median milliseconds from a save to another dist/metadata.json."""
    command = [sys.executable, "-m", "conduitc", "build", "app.py", "--target", "python", "--watch", "-q"]
    file = folder / "dist" / "metadata.json"
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        known = _other(file, (0, 0))
        took = []
        for number in range(saves):
            time.sleep(1 + number % 10 / 100)  # a person is slower still
            start = time.perf_counter()
            saved(folder, 500 + number)
            known = _other(file, known)
            took.append((time.perf_counter() - start) * 1e3)
        return statistics.median(took)
    finally:
        process.terminate()
        process.wait()


def _other(file: Path, known: tuple[int, int]) -> tuple[int, int]:
    """Waits until there is another file of that name; what tells it from others."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            found = os.stat(file)
            if (found.st_ino, found.st_mtime_ns) != known:
                return found.st_ino, found.st_mtime_ns
        except FileNotFoundError:
            pass
        time.sleep(0.001)
    sys.exit("waited in vain")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=9, help="of each program (default %(default)s)")
    parser.add_argument("--lines", type=int, nargs="*", default=[1_000, 10_000, 40_000])
    options = parser.parse_args()
    print(common.versions("msgspec"))
    rows, goals = [], []
    for lines in options.lines:
        folder = Path(tempfile.mkdtemp())
        try:
            thousands = metadata.project(folder, max(4, round(lines / (LINES + 2)))) / 1000
            wall, processor, cold = analysed(folder, options.saves)
            dist = in_dist(folder, options.saves)
        finally:
            shutil.rmtree(folder)
        each = (f"{processor / thousands:.2f}", f"{cold / thousands:.2f}")
        rows.append([f"{thousands * 1000:.0f}", f"{wall:.0f}", f"{processor:.0f}", *each, f"{dist:.0f}"])
        goals.append(common.goal(f"save to fresh metadata, {lines} lines, median ms", wall, most=GOAL))
    heads = ["lines", "analysed, ms", "CPU ms", "CPU ms per 1,000 lines", "from nothing", "in dist, ms"]
    print(common.table(heads, rows), *goals, sep="\n")


if __name__ == "__main__":
    main()
