"""Slow and idle clients: what those who are quick notice, and whether those who are slow are shown out.

Claims: with 1,000 clients that drip a head, drip a body, or never read, wrk has at least 0.95 of the requests
a second it has without them and at most 1.5 times the p99, and each of them is closed within its deadline and
two seconds; with 10,000 idle connections wrk has at
least 0.9. Runs with and without them alternate on one server. In a soak the deadlines are the defaults;
otherwise shorter ones, and fewer clients.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from clients import Crowd, asking, more_files
from common import Row, built, conduit_run, goal, options, serving, table, versions
from dripping import Kind, Report, drip
from load import Sample, lua_script, measure, middle, require_load, wrk

#: Bytes of a large answer: more than the kernel keeps for a client.
LARGE = 3_000_000

APP = f"""\
from dataclasses import dataclass

from conduit import Conduit, Response

LARGE = b"x" * {LARGE}
app = Conduit()


@dataclass
class Item:
    name: str


@app.get("/")
def hello(request):
    return {{"message": "Hello, World!"}}


@app.post("/items")
async def add(item: Item) -> Item:
    return item


@app.get("/large")
def large(request):
    return Response(LARGE, media_type="text/plain")
"""

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
#: Seconds: for a head, for a body, for a client to read.
DEADLINES = (10.0, 10.0, 30.0) if SOAK else (2.0, 2.0, 3.0)
HELD = {"CONDUIT_HTTP_KEEP_ALIVE_SECONDS": "3600"}


def kinds() -> list[Kind]:
    head, body, write = DEADLINES
    return [
        Kind("drips a head", b"GET / HTTP/1.1\r\nhost: a\r\n", b"x-slow: " + b"a" * 10000, head),
        Kind(
            "drips a body",
            b"POST /items HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            b"content-length: 10000\r\n\r\n",
            b"[" + b" " * 9000,
            body,
        ),
        Kind("never reads", asking("/large") * 4, b"", write),
    ]


def environment() -> dict[str, str]:
    names = ("HEADER", "BODY", "WRITE")
    given = {f"CONDUIT_HTTP_{name}_SECONDS": str(one) for name, one in zip(names, DEADLINES, strict=True)}
    return HELD | given


@contextmanager
def dripping(port: int, count: int) -> Iterator[list[Report]]:
    """So many slow clients, in a process of their own; the list is filled when all have been closed."""
    forked = multiprocessing.get_context("fork")
    ours, theirs = forked.Pipe()
    process = forked.Process(target=drip, args=(theirs, port, kinds(), count), daemon=True)
    process.start()
    ours.recv()  # all are there
    reports: list[Report] = []
    yield reports
    ours.send("closed?")
    reports += ours.recv()
    process.join()


def compare(row: Row, rounds: int, seconds: float, clients: int, idle: int) -> dict[str, list[Sample]]:
    """Quiet and disturbed in turn; prints what became of the slow clients."""
    found: dict[str, list[Sample]] = {"quiet": [], "slow clients": [], "idle connections": []}
    late: list[Report] = []
    with lua_script("") as script:
        for _ in range(rounds):
            with serving(row) as (pid, port):
                wrk(port, "/", 1, script)
                found["quiet"].append(measure(pid, port, "/", seconds, script))
                with dripping(port, clients) as reports:
                    found["slow clients"].append(measure(pid, port, "/", seconds, script))
                late += reports
                crowd = Crowd(port)
                crowd.open(idle, asking("/"), b"}")
                found["idle connections"].append(measure(pid, port, "/", seconds, script))
                if crowd.errors:
                    sys.exit(f"{crowd.errors} idle connections failed")
                crowd.close()
                time.sleep(0.2)
    tell(late)
    return found


def tell(reports: list[Report]) -> None:
    late: list[float] = []
    lines = []
    for kind in kinds():
        these = [one for one in reports if one.kind == kind.name]
        longest = max(one.longest for one in these)
        opened, closed = sum(one.opened for one in these), sum(one.closed for one in these)
        lines.append([kind.name, f"{opened:,}", f"{closed:,}", f"{kind.deadline:.0f}", f"{longest:.1f}"])
        late.append(longest - kind.deadline if opened == closed else float("inf"))
    print(f"\n{table(['client', 'opened', 'closed', 'deadline s', 'longest s'], lines)}\n")
    print(goal("slow connections: seconds past the deadline", max(late), most=2))


def main() -> None:
    parser = options("Slow and idle clients", rounds=5 if SOAK else 2, seconds=10 if SOAK else 3)
    parser.add_argument("--clients", type=int, default=1000 if SOAK else 200, help="default %(default)s")
    parser.add_argument("--idle", type=int, default=10000 if SOAK else 1000, help="default %(default)s")
    chosen = parser.parse_args()
    require_load()
    most = more_files() - 200
    print(versions("uvicorn", "uvloop"))
    with tempfile.TemporaryDirectory() as folder:
        command = conduit_run(built(folder, APP, "--no-fold"))
        row = Row("conduitc run", command, env=environment())
        idle = min(chosen.idle, most)
        found = compare(row, chosen.rounds, chosen.seconds, chosen.clients, idle)
    middles = {name: middle(samples) for name, samples in found.items()}
    lines = [
        [name, f"{one.rate:,.0f}", f"{one.cpu:.2f}", f"{one.p50:.2f}", f"{one.p99:.2f}"]
        for name, one in middles.items()
    ]
    print(f"\n{table(['', 'req/s', 'CPU µs', 'p50 ms', 'p99 ms'], lines)}\n")
    ratios = {
        name: [one.rate / quiet.rate for one, quiet in zip(of, found["quiet"], strict=True)]
        for name, of in found.items()
    }
    print(goal(f"{chosen.clients:,} slow clients: rate ÷ quiet", median(ratios["slow clients"]), least=0.95))
    print(goal("the same: p99 ÷ quiet", middles["slow clients"].p99 / middles["quiet"].p99, most=1.5))
    print(goal(f"{idle:,} idle connections: rate ÷ quiet", median(ratios["idle connections"]), least=0.9))


if __name__ == "__main__":
    main()
