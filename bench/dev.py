"""How long after a save `conduitc dev` answers with what was saved: a hello app and one of 500 routes."""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import common
import programs

LIMIT = 60.0


@contextmanager
def developing(folder: Path) -> Iterator[str]:
    """The dev server's URL."""
    command = [sys.executable, "-m", "conduitc", "dev", "app.py", "--port", "0"]
    log = folder / "dev.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield until(lambda: (found := re.search(r"running at (\S+)", log.read_text())) and found[1])
    finally:
        process.terminate()
        process.wait()


def until(found: Callable[[], Any]) -> Any:
    """What ``found`` gives once it gives anything."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.002)
    sys.exit("waited in vain")


def answer(url: str) -> str:
    try:
        with urllib.request.urlopen(f"{url}/version", timeout=10) as got:
            return str(got.read().decode())
    except OSError:
        return ""


def saves(routes: int, count: int) -> list[float]:
    """Seconds from each save to the first answer that knows of it."""
    folder = Path(tempfile.mkdtemp())
    try:
        entry = programs.write(folder, routes)
        text = entry.read_text("utf-8")
        took = []
        with developing(folder) as url:
            until(lambda: answer(url) == '{"version":0}')
            for number in range(1, count + 1):
                time.sleep(1 + number % 10 / 100)  # a person is slower still
                saved = time.perf_counter()
                entry.write_text(text.replace("VERSION = 0", f"VERSION = {number}"), "utf-8")
                until(lambda: answer(url) == f'{{"version":{number}}}')  # noqa: B023
                took.append(time.perf_counter() - saved)
        return took
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=15, help="of each app (default %(default)s)")
    count = parser.parse_args().saves
    print(common.versions("uvicorn"))
    rows, goals = [], []
    for name, routes in (("hello", 1), ("500 routes", 500)):
        took = sorted(saves(routes, count))
        middle = statistics.median(took)
        rows.append([name, *(f"{seconds * 1000:.0f}" for seconds in (took[0], middle, took[-1]))])
        goals.append(common.goal(f"save to fresh answer, {name}, median s", middle, most=0.5))
    print(common.table(["ms from save to answer", "least", "median", "most"], rows), *goals, sep="\n")


if __name__ == "__main__":
    main()
