"""What asking costs: `conduitc introspect BUILD resources` on 500 resources against `python -c pass`.

Whole processes, interleaved, so interpreter and site packages are in both. Claim: at most 3 times.
The other questions, a stale index, and `--version` stand beside it; loading and looking up are measured
within one process.
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from common import goal, table, versions
from conduit.introspect import index
from conduit.introspect.store import Store
from metadata import project

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse

RUNS = 40
RESOURCES = 500
GOAL = 3


def metadata(folder: Path) -> bytes:
    """The metadata of an app cut to exactly so many resources."""
    project(folder, RESOURCES // 13 + 1)
    app = analyse(folder / "app.py").app
    assert app is not None
    text = emit_metadata(app).encode()
    lines = text.split(b"\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(b'"resources"')) + 1
    end = next(number for number, line in enumerate(lines) if line.startswith(b'"edges"'))
    assert end - start >= RESOURCES, end - start
    kept = lines[start : start + RESOURCES]
    kept[-1] = kept[-1].rstrip(b",]") + b"],"
    return b"\n".join([*lines[:start], *kept, *lines[end:]])


def commands(fresh: Path, stale: Path) -> dict[str, list[str]]:
    """Python alone, and each question as a person would type it."""
    script = Path(sysconfig.get_path("scripts")) / "conduitc"
    found = str(script) if script.exists() else shutil.which("conduitc")
    conduitc = [found] if found else [sys.executable, "-m", "conduitc"]
    questions = [
        [],
        ["resources"],
        ["routes"],
        ["resource", "app"],
        ["unresolved"],
        ["resources", "--format", "json"],
    ]
    asked = {
        " ".join(["introspect", *question]): [*conduitc, "introspect", str(fresh), *question]
        for question in questions
    }
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        **asked,
        "introspect resources, no index": [*conduitc, "introspect", str(stale), "resources"],
        "--version": [*conduitc, "--version"],
    }


def measure(rows: dict[str, list[str]]) -> dict[str, float]:
    """Median milliseconds of each; the first round may write bytecode and does not count."""
    samples: dict[str, list[float]] = {name: [] for name in rows}
    for turn in range(RUNS + 1):
        for name, command in rows.items():
            start = time.perf_counter()
            done = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
            )
            taken = time.perf_counter() - start
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            if turn:
                samples[name].append(taken * 1e3)
    return {name: median(taken) for name, taken in samples.items()}


def micro(action: Callable[[], object], times: int) -> float:
    """Microseconds of one call, the best of five rounds."""
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            action()
        rounds.append((time.perf_counter() - start) / times * 1e6)
    return min(rounds)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        fresh, stale = Path(place) / "fresh", Path(place) / "stale"
        for folder in (fresh, stale):
            folder.mkdir()
        text = metadata(stale)
        made = index.build(text)
        for folder in (fresh, stale):
            (folder / "metadata.json").write_bytes(text)
        (fresh / "metadata.idx").write_bytes(made)
        found = measure(commands(fresh, stale))
    store = Store(text, made)
    name = store.rows[RESOURCES // 2].id
    print(f"{len(store.rows)} resources, {RUNS} interleaved runs; {versions('conduitc')}\n")
    base = found["python -c pass"]
    print(
        table(
            ("command", "ms", "× python"), [(n, f"{ms:.1f}", f"{ms / base:.2f}") for n, ms in found.items()]
        )
    )
    load, lookup = micro(lambda: Store(text, made), 20), micro(lambda: store.find(name), 1000)
    print(f"\nload: {load / 1e3:.2f} ms; lookup: {lookup:.2f} µs")
    print(f"metadata.json {len(text) / 1024:.0f} KiB, metadata.idx {len(made) / 1024:.0f} KiB\n")
    print(goal("introspect resources, times python -c pass", found["introspect resources"] / base, most=GOAL))


if __name__ == "__main__":
    main()
