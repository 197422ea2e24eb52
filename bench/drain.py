"""SIGTERM under load: what becomes of requests that were written, and of the process.

Claim: no request is lost in 20 runs, neither on connections that live nor on new ones, and the server ends
with 0. 64 clients ask without a pause or with short ones, some for an answer that takes a while; at a random
moment the server is told to end. A client that is told `Connection: close` connects again; refused, it is
done. A request that was written and not answered is lost, also where the kernel had made the connection and
the server never saw it.
"""

import os
import random
import select
import signal
import sys
import tempfile
import time

from common import Row, built, conduit_run, goal, launched, options, require_proc, table, versions
from keeping import Client, Tally
from processes import ended

CLIENTS = 64
APP = """\
import asyncio

from conduit import Conduit

app = Conduit()


@app.get("/")
def hello(request):
    return {"message": "Hello, World!"}


@app.get("/slow")
async def slow():
    await asyncio.sleep(0.1)
    return {"message": "Hello, World!"}
"""
SOAK = os.environ.get("CONDUIT_SOAK") == "1"


def load(port: int, pid: int, after: float) -> tuple[Tally, float]:
    """Clients until nobody is served any more; seconds from the signal to the end of the process."""
    tally, poll = Tally(), select.epoll()
    here: dict[int, Client] = {}

    def begin(client: Client) -> None:
        client.connect(poll)
        assert client.line
        here[client.line.fileno()] = client

    for number in range(CLIENTS):
        begin(Client(port, number, tally))
    began, told = time.monotonic(), 0.0
    while here and time.monotonic() < began + 30:
        now = time.monotonic()
        if not told and now > began + after:
            os.kill(pid, signal.SIGTERM)
            told = now
        for client in here.values():
            if client.made and not client.waits and now >= client.at:
                client.ask()
        for number, _ in poll.poll(0.001):
            client = here[number]
            if not client.made:
                client.connected(poll)
                if not client.made:
                    del here[number]  # refused: done
                continue
            client.hear(poll)
            if client.line is None:
                del here[number]
                begin(client)
    if not ended(pid, 10):
        sys.exit("the server has not ended 10 s after its last connection")
    return tally, time.monotonic() - told


def main() -> None:
    parser = options("SIGTERM under load", rounds=20 if SOAK else 2, seconds=0)
    chosen = parser.parse_args()
    require_proc()
    print(versions("uvicorn", "uvloop"))
    lines, lost, wrong = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        command = conduit_run(built(folder, APP, "--no-fold"))
        for title, more in (
            ("conduitc run", []),
            ("--workers 2", ["--workers", "2"]),
            ("--single", ["--single"]),
        ):
            total, longest, codes = Tally(), 0.0, set()
            for _ in range(chosen.rounds):
                with launched(Row(title, [*command, *more])) as (process, port):
                    tally, took = load(port, process.pid, random.uniform(0.3, 1.5))
                    codes.add(process.wait())
                longest = max(longest, took)
                for name, count in vars(tally).items():
                    setattr(total, name, getattr(total, name) + count)
            lost += total.lost_live + total.lost_new
            wrong += codes != {0}
            figures = (total.answered, total.lost_live, total.lost_new)
            told = ", ".join(map(str, sorted(codes)))
            lines.append([title, *(f"{one:,}" for one in figures), told, f"{longest:.1f}"])
    head = [f"{chosen.rounds} runs", "answered", "lost, live", "lost, new", "exit", "s to the end"]
    print(f"\n{table(head, lines)}\n")
    print(goal("requests lost", lost, most=0))
    print(goal("ways to run that ended otherwise than with 0", wrong, most=0))


if __name__ == "__main__":
    main()
