"""A server whose open files are used up: does it live, does it burn the processor, does it come back?

Claim: it does not end, takes under 20 % of a core while more clients come than it has files for, and answers
within a second once they go. `RLIMIT_NOFILE` of the server is small; who is shut out tries again.
"""

import resource
import select
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from clients import asking, connection
from common import Row, built, conduit_run, goal, launched, options, require_proc, table, versions
from processes import busy
from workloads import hello

FILES = 64
CLIENTS = 500
WATCHED = 5.0


@contextmanager
def few_files() -> Iterator[None]:
    """What is started here has few files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def answered(port: int, patience: float) -> float:
    """Seconds until a new connection is answered; without end where none is."""
    began = time.monotonic()
    while time.monotonic() < began + patience:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 0.25)) as one:
            one.sendall(asking("/"))
            if one.recv(65536).startswith(b"HTTP/1.1 200"):
                return time.monotonic() - began
        time.sleep(0.01)
    return float("inf")


def again(port: int, held: list[socket.socket]) -> list[socket.socket]:
    """Those who were shut out, once more."""
    poll = select.poll()
    for one in held:
        poll.register(one, select.POLLIN | select.POLLHUP)
    out = {number for number, _ in poll.poll(0)}
    kept = [one for one in held if one.fileno() not in out]
    for one in held:
        if one.fileno() in out:
            one.close()
    return kept + [connection(port) for _ in range(CLIENTS - len(kept))]


def watch(row: Row) -> list[float]:
    """Share of a core, and seconds until it answers once the clients are gone; the process has to live."""
    with few_files(), launched(row) as (process, port):
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (CLIENTS + 200, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        )
        held: list[socket.socket] = []
        until, shares = time.monotonic() + WATCHED, []
        while time.monotonic() < until:
            held = again(port, held)
            shares.append(busy(process.pid, 0.5))
        for one in held:
            one.close()
        back = answered(port, 10)
        if process.poll() is not None:
            sys.exit(f"{row.name}: the server ended with {process.returncode}")
    return [sum(shares) / len(shares), back]


def main() -> None:
    chosen = options("No more files", rounds=3, seconds=0).parse_args()
    require_proc()
    print(versions("uvicorn", "uvloop"))
    with tempfile.TemporaryDirectory() as folder:
        command = conduit_run(built(folder, hello().source("conduit")), level="critical")
        rows = [Row("conduitc run", command), Row("--single", [*command, "--single"])]
        found = {row.name: [watch(row) for _ in range(chosen.rounds)] for row in rows}
    worst = {name: [max(column) for column in zip(*samples, strict=True)] for name, samples in found.items()}
    lines = [[name, f"{100 * share:.1f}", f"{back:.2f}"] for name, (share, back) in worst.items()]
    print(f"\n{table([f'{FILES} files, {CLIENTS} clients', '% of a core', 's to recover'], lines)}\n")
    print(goal("CPU, % of a core", 100 * max(share for share, _ in worst.values()), most=20))
    print(goal("seconds to recover", max(back for _, back in worst.values()), most=1))


if __name__ == "__main__":
    main()
