"""The compiled protocol inside uvicorn, beside its ceilings (nginx, C over epoll) and its peers.

Claims are about builds of the Cython target that fold nothing; a folded build is a row of its own.
  (a) hello: at least 7 times FastAPI's requests a second; CPU a request at most 1.3 times C over epoll's, 1.2
      times nginx's; user CPU at most a 30th of FastAPI's; p50 at most a 9th and p95 a 5th of FastAPI's.
  (b) a typed int: a row.
  (c) a body validated and echoed: at least 11 times FastAPI, 2.2 times Fastify, 3 times Granian's raw RSGI.
  (d) 1,000 routes hit at random: at least 60 times FastAPI, 3.8 times Falcon, 0.95 times its rate at 4.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import servers
import workloads
from common import Row, goal, installed, options, table, uvicorn, versions
from load import Sample, interleave, require_load
from workloads import Workload

MANY = 1000
OURS = servers.BUILDS[0][0]
FEW = f"{OURS}, 4 routes"
HEAD = ["CPU µs", "user", "kernel", "FastAPI's ÷", "req/s", "× FastAPI", "p50 ms", "p95 ms", "p99 ms"]

Figures = dict[str, Sample]


def cells(name: str, one: Sample, peer: Sample | None) -> Sequence[str]:
    cpu = [f"{figure:.2f}" for figure in (one.cpu, one.user, one.kernel)]
    cheaper, faster = (f"{peer.cpu / one.cpu:.2f}", f"{one.rate / peer.rate:.2f}") if peer else ("—", "—")
    return [
        name,
        *cpu,
        cheaper,
        f"{one.rate:,.0f}",
        faster,
        *(f"{t:.2f}" for t in (one.p50, one.p95, one.p99)),
    ]


def faster(figures: Figures, than: str, least: float, which: str = OURS) -> Iterator[str]:
    if than in figures:
        ratio = figures[which].rate / figures[than].rate
        yield goal(f"requests a second, × {than}", ratio, least=least)


def hello_goals(figures: Figures) -> Iterator[str]:
    ours = figures[OURS]
    yield from faster(figures, "FastAPI", 7)
    yield from faster(figures, "Express", 2)
    for name, most in (("C, epoll", 1.3), ("nginx, return 200", 1.2)):
        if name in figures:
            yield goal(f"CPU a request, ÷ {name}", ours.cpu / figures[name].cpu, most=most)
    if peer := figures.get("FastAPI"):
        yield goal("user CPU a request, FastAPI's ÷", peer.user / max(ours.user, 0.01), least=30)
        yield goal("latency p50, FastAPI's ÷", peer.p50 / ours.p50, least=9)
        yield goal("latency p95, FastAPI's ÷", peer.p95 / ours.p95, least=5)


def items_goals(figures: Figures) -> Iterator[str]:
    yield from faster(figures, "FastAPI", 11)
    yield from faster(figures, "Fastify", 2.2)
    yield from faster(figures, "Granian, raw RSGI", 3)
    yield from faster(figures, "Express", 2)


def routes_goals(figures: Figures) -> Iterator[str]:
    yield from faster(figures, "FastAPI", 60)
    yield from faster(figures, "Falcon", 3.8)
    yield from faster(figures, FEW, 0.95)
    yield from faster(figures, "Express", 2)


def no_goals(_: Figures) -> Iterator[str]:
    return iter(())


def pairs_of(folder: Path, name: str, work: Workload, http: str) -> list[tuple[Row, Workload]]:
    """Each row with what it is asked."""
    if name != "routes":
        return [(row, work) for row in servers.all_rows(folder, name, name, work, http)]
    rows = servers.all_rows(folder, name, str(MANY), work, http)
    falcon = workloads.written(folder, "routes-falcon", work.source("falcon"))
    rows += installed([Row("Falcon", uvicorn(falcon), needs=["falcon"])])
    few = workloads.routes(4)
    (row,) = servers.ours(folder, "few", few, http, most=1)
    return [*((row, work) for row in rows), (replace(row, name=FEW), few)]


WORKLOADS: dict[str, tuple[Workload, Callable[[Figures], Iterator[str]]]] = {
    "hello": (workloads.hello(), hello_goals),
    "typed": (workloads.typed(), no_goals),
    "items": (workloads.items(), items_goals),
    "routes": (workloads.routes(MANY), routes_goals),
}


def report(title: str, figures: Figures, goals: Callable[[Figures], Iterator[str]]) -> None:
    lines = [cells(name, one, figures.get("FastAPI")) for name, one in figures.items()]
    print(f"\n{title}\n\n{table(['', *HEAD], lines)}\n", *goals(figures), sep="\n", flush=True)


def main() -> None:
    parser = options("The compiled protocol inside uvicorn", rounds=5, seconds=3)
    parser.add_argument("--http", default=servers.OURS, help="protocol class (default %(default)s)")
    parser.add_argument("--only", nargs="+", default=list(WORKLOADS), help="workloads")
    chosen = parser.parse_args()
    require_load()
    print(
        versions("uvicorn", "uvloop", "httptools", "fastapi", "falcon", "msgspec", "cython"), servers.tools()
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers may be another user
        for workload in chosen.only:
            work, goals = WORKLOADS[workload]
            pairs = pairs_of(folder, workload, work, chosen.http)
            report(work.title, interleave(pairs, chosen.rounds, chosen.seconds), goals)


if __name__ == "__main__":
    main()
