"""Requests a second and CPU a request behind plain uvicorn: a build beside FastAPI, Starlette and the floor.

Claims: at least 3.2 times FastAPI's requests a second on hello and 25 times on 1,000 routes hit at random, at
most 1.15 times the CPU a request of a prebuilt ASGI answer, which is the floor of anything behind ASGI.
`--no-fold` rows do the work of an answer every time; folded rows answer from bytes made at build time.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import workloads
from common import Row, build, goal, installed, options, table, uvicorn, versions
from load import Sample, interleave, require_load
from workloads import Workload, written


def rows_of(folder: Path, name: str, work: Workload) -> list[Row]:
    """The floor, our builds and the peers, all behind the same uvicorn."""
    floor = written(folder, f"{name}-floor", work.prebuilt())
    source = written(folder, f"{name}-source", work.source("conduit")) / "app.py"
    rows = [Row("prebuilt answer", uvicorn(floor))]
    for target, flags in (("python", ["--no-fold"]), ("cython", ["--no-fold"]), ("cython", [])):
        title = f"conduit, {target}, {'not folded' if flags else 'folded'}"
        dist = build(source, folder / f"{name}-{target}-{len(flags)}", target, *flags)
        rows.append(Row(title, uvicorn(dist)))
    for peer, title in (("starlette", "Starlette"), ("fastapi", "FastAPI")):
        rows.append(Row(title, uvicorn(written(folder, f"{name}-{peer}", work.source(peer))), needs=[peer]))
    return installed(rows)


def report(title: str, figures: dict[str, Sample], ratio: float) -> None:
    """The table of one workload and its goals; ``ratio`` is the goal against FastAPI."""
    floor, peer = figures["prebuilt answer"], figures.get("FastAPI")
    lines = [cells(name, one, floor, peer) for name, one in figures.items()]
    head = [
        "",
        "CPU µs",
        "user",
        "kernel",
        "÷ floor",
        "FastAPI's ÷",
        "req/s",
        "× FastAPI",
        "p50 ms",
        "p99 ms",
    ]
    print(f"\n{title}\n\n{table(head, lines)}\n")
    for target in ("python", "cython"):
        ours = figures[f"conduit, {target}, not folded"]
        if peer:
            print(goal(f"{target}: requests a second, × FastAPI", ours.rate / peer.rate, least=ratio))
        print(goal(f"{target}: requests a second, × prebuilt answer", ours.rate / floor.rate, least=0.87))
        print(goal(f"{target}: CPU a request, ÷ prebuilt answer", ours.cpu / floor.cpu, most=1.15))


def cells(name: str, one: Sample, floor: Sample, peer: Sample | None) -> Sequence[str]:
    times = f"{one.rate / peer.rate:.2f}" if peer else "—"
    cpu = [f"{figure:.1f}" for figure in (one.cpu, one.user, one.kernel)]
    ratios = [f"{one.cpu / floor.cpu:.2f}", f"{peer.cpu / one.cpu:.2f}" if peer else "—"]
    latency = [f"{one.p50:.2f}", f"{one.p99:.2f}"]
    return [name, *cpu, *ratios, f"{one.rate:,.0f}", times, *latency]


def main() -> None:
    chosen = options("Behind plain uvicorn", rounds=5, seconds=3).parse_args()
    require_load()
    print(versions("uvicorn", "uvloop", "httptools", "fastapi", "starlette", "cython"))
    with tempfile.TemporaryDirectory() as name:
        for short, work, ratio in (("hello", workloads.hello(), 3.2), ("routes", workloads.routes(1000), 25)):
            pairs = [(row, work) for row in rows_of(Path(name), short, work)]
            report(work.title, interleave(pairs, chosen.rounds, chosen.seconds), ratio)


if __name__ == "__main__":
    main()
