"""Memory of a server: idle, and for each connection that is kept open without being used.

Claims: idle at most 0.67 times FastAPI's resident memory under the same uvicorn, at most 1.5 KiB of the
server's own memory a connection. Connections have been answered once and stay open; the kernel's memory for a
socket is the same for all and is not counted. Proportional (PSS) and unique (USS) memory are of all its
processes. What an import takes at most (22 MB at 500 routes) is in `start.py`.
"""

import tempfile
from pathlib import Path
from statistics import median

import servers
import start
import workloads
from clients import Crowd, asking, more_files
from common import (
    Row,
    build,
    conduit_run,
    goal,
    installed,
    options,
    require_proc,
    serving,
    table,
    uvicorn,
    versions,
)
from processes import Memory, memory

KEPT = ("--timeout-keep-alive", "3600")
OURS = "conduit, hello"
FULL = 500


def rows_of(folder: Path, http: str) -> list[tuple[Row, str]]:
    """Rows, each with a path that it answers."""
    hello, full = workloads.hello(), {}
    made = {}
    for framework in ("conduit", "fastapi"):
        made[framework] = workloads.written(folder, f"{framework}-hello", hello.source(framework))
        full[framework] = workloads.written(folder, f"{framework}-full", start.program(framework, FULL, 50))
    for name, source in (("hello", made), ("full", full)):
        source["conduit"] = build(
            source["conduit"] / "app.py", folder / f"dist-{name}", "cython", "--no-fold"
        )
    rows = []
    for title, places, path in (("hello", made, "/"), (f"{FULL} routes", full, "/v1/r0/items")):
        rows.append((Row(f"conduit, {title}", uvicorn(places["conduit"], "app:app", http, *KEPT)), path))
        rows.append((Row(f"conduitc run, {title}", conduit_run(places["conduit"], *KEPT)), path))
        peer = Row(
            f"FastAPI, {title}", uvicorn(places["fastapi"], "app:app", "httptools", *KEPT), ["fastapi"]
        )
        rows += [(one, path) for one in installed([peer])]
    return rows + [(row, "/") for row in servers.ceilings(folder)]


def measure(row: Row, path: str, count: int) -> tuple[Memory, float]:
    """Idle memory after one answer; KiB of USS that each of ``count`` connections takes."""
    with serving(row) as (pid, port):
        crowd = Crowd(port)
        request = asking(path)
        crowd.open(1, request, b"}")
        idle = memory(pid)
        crowd.open(200, request, b"}")
        crowd.close()
        before = memory(pid).uss
        crowd.open(count, request, b"}")
        each = (memory(pid).uss - before) / count
        if crowd.errors or len(crowd.held) != count:
            raise SystemExit(f"{row.name}: {crowd.errors} connections failed")
        crowd.close()
    return idle, each


def main() -> None:
    parser = options("Memory, idle and for each connection", rounds=5, seconds=0)
    parser.add_argument("--http", default=servers.OURS, help="protocol class (default %(default)s)")
    parser.add_argument("--connections", type=int, default=10000, help="default %(default)s")
    chosen = parser.parse_args()
    require_proc()
    count = min(chosen.connections, more_files() - 200)
    print(versions("uvicorn", "uvloop", "httptools", "fastapi", "msgspec"), servers.tools(), sep=", ")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        rows = rows_of(folder, chosen.http)
        found: dict[str, list[tuple[Memory, float]]] = {row.name: [] for row, _ in rows}
        for _ in range(chosen.rounds):
            for row, path in rows:
                found[row.name].append(measure(row, path, count))
    report(found, count)


def report(found: dict[str, list[tuple[Memory, float]]], count: int) -> None:
    lines, rss, each = [], {}, {}
    for name, samples in found.items():
        idle = [median(getattr(one, kind) / 1024 for one, _ in samples) for kind in ("rss", "pss", "uss")]
        rss[name], each[name] = idle[0], median(one for _, one in samples)
        lines.append([name, *(f"{one:.1f}" for one in idle), f"{each[name]:.2f}"])
    print(f"\n{count:,} connections kept open\n")
    head = ["idle", "RSS MiB", "PSS MiB", "USS MiB", "KiB a connection"]
    print(table(head, lines), end="\n\n")
    for title in ("hello", f"{FULL} routes"):
        if (peer := f"FastAPI, {title}") in rss:
            for ours in ("conduit", "conduitc run"):
                print(
                    goal(f"idle, {ours}, {title}, ÷ FastAPI", rss[f"{ours}, {title}"] / rss[peer], most=0.67)
                )
    print(goal("KiB a connection", each[OURS], most=1.5))


if __name__ == "__main__":
    main()
