"""What ``conduitc check`` costs, cold: a fresh process reads, analyses and reports an app of 1,000 lines.

Each sample is the whole command as a person would type it, interpreter included. Claim: at most 300 ms.
"""

import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from statistics import median

from common import goal, table, versions
from metadata import project

RUNS = 25
LINES = 1000
GOAL = 300


def app(folder: Path) -> int:
    """An app of so many lines, or a module's more; how many there are."""
    modules = 1
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        project(folder, modules)
        lines = sum(one.read_bytes().count(b"\n") for one in folder.rglob("*.py"))
        if lines >= LINES:
            return lines
        modules += 1


def sample(command: list[str]) -> tuple[float, float]:
    """Milliseconds of wall clock and of CPU that one run takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1) or done.stderr:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1e3, used * 1e3


def measure(rows: dict[str, list[str]]) -> dict[str, list[tuple[float, float]]]:
    """Samples of each, interleaved; the first round may write bytecode and does not count."""
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in rows}
    for turn in range(RUNS + 1):
        for name, command in rows.items():
            taken = sample(command)
            if turn:
                samples[name].append(taken)
    return samples


def main() -> None:
    script = Path(sysconfig.get_path("scripts")) / "conduitc"
    conduitc = [str(script)] if script.exists() else [sys.executable, "-m", "conduitc"]
    with tempfile.TemporaryDirectory() as place:
        lines = app(Path(place) / "app")
        check = [*conduitc, "check", f"{place}/app/app.py"]
        found = measure(
            {
                "python -c pass": [sys.executable, "-c", "pass"],
                "check": check,
                "check --format sarif": [*check, "--format", "sarif"],
                "check --format github": [*check, "--format", "github"],
            }
        )
    print(f"an app of {lines} lines, {RUNS} interleaved runs; {versions('conduitc')}\n")
    walls = {name: median(wall for wall, _ in taken) for name, taken in found.items()}
    used = {name: median(cpu for _, cpu in taken) for name, taken in found.items()}
    rows = [(name, f"{walls[name]:.0f}", f"{used[name]:.0f}") for name in found]
    print(table(("command", "wall ms", "CPU ms"), rows))
    print()
    print(goal("check of 1,000 lines, cold, ms", walls["check"], most=GOAL))


if __name__ == "__main__":
    main()
