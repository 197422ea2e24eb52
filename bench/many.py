"""50,000 connections at once, held by four processes of `conduitc run`: asked, asked again, then as streams.

Claim: no error, for requests and for server-sent events. Four client processes hold a quarter each, from
addresses of their own. Each connection is answered, stays open while all others come, and is answered again;
then each reads a stream whose second event is sent when all have theirs. Needs 20,000 open files a process:
`--connections` says how many there are to be, fewer where the system allows fewer.
"""

import os
import tempfile
import time

from clients import Crowds, asking, more_files
from common import Row, built, conduit_run, goal, options, require_proc, serving, table, versions
from processes import family, memory

PROCESSES = 4
CLIENTS = 4
#: Seconds from one event to the next.
PAUSE = 20

APP = f"""\
import asyncio

from conduit import Conduit, Event

app = Conduit()


@app.get("/")
def hello():
    return {{"message": "Hello, World!"}}


@app.get("/events")
async def events():
    count = 0
    while True:
        yield Event(count)
        count += 1
        await asyncio.sleep({PAUSE})
"""

SOAK = os.environ.get("CONDUIT_SOAK") == "1"


def kibibytes(pid: int, before: int, count: int) -> str:
    return f"{(memory(pid).pss - before) / count:.2f}"


def run(
    name: str, pid: int, port: int, count: int, path: str, ends: bytes, again: str
) -> tuple[list[str], int]:
    """One line of the table, and the errors. ``again``: what is done once all are there."""
    before = memory(pid).pss
    crowds = Crowds(port, CLIENTS)
    try:
        began = time.monotonic()
        held, errors = crowds.do("open", count // CLIENTS, asking(path), ends)
        opened = time.monotonic() - began
        each = kibibytes(pid, before, count)
        began = time.monotonic()
        if again == "ask":
            held, errors = crowds.do("ask", asking(path), ends)
        else:
            held, errors = crowds.do("hear", b"data: 1\n\n")
        took = time.monotonic() - began
        crowds.do("close")
    finally:
        crowds.end()
    missing = count // CLIENTS * CLIENTS - held
    return [name, f"{held:,}", f"{errors + missing}", f"{opened:.1f}", f"{took:.1f}", each], errors + missing


def main() -> None:
    parser = options("Many connections", rounds=1, seconds=0)
    default = 50000 if SOAK else 4000
    parser.add_argument("--connections", type=int, default=default, help="default %(default)s")
    chosen = parser.parse_args()
    require_proc()
    count = min(chosen.connections, CLIENTS * (more_files() - 200))
    print(versions("uvicorn", "uvloop"))
    lines, wrong = [], 0
    with tempfile.TemporaryDirectory() as folder:
        command = conduit_run(built(folder, APP))
        env = {"CONDUIT_HTTP_KEEP_ALIVE_SECONDS": "600"}
        row = Row("conduitc run", [*command, "--workers", str(PROCESSES)], env=env)
        with serving(row, core=None) as (pid, port):
            print(f"{len(family(pid))} server processes, {CLIENTS} client processes")
            for title, path, ends, again in (
                ("requests", "/", b'World!"}', "ask"),
                ("streams of events", "/events", b"data: 0\n\n", "hear"),
            ):
                line, errors = run(title, pid, port, count, path, ends, again)
                lines.append(line)
                wrong += errors
    head = ["", "held", "errors", "s to open", "s to the second", "KiB each"]
    print(f"\n{table(head, lines)}\n")
    print(goal(f"errors at {count:,} connections", wrong, most=0))


if __name__ == "__main__":
    main()
