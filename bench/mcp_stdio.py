"""MCP over pipes: calls a second, the time from starting the process to its first reply, memory.

Claims: at least 7 times the official SDK's calls a second with one call in flight and 30 times with 32; the
first reply (to `initialize`) at most 80 ms after the process was started; at most 25 MB resident after the
first call. The client writes so many lines at once and waits for all their answers. Server on core 0, client
on core 1.
"""

import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import mcp_programs
from common import Row, build, goal, installed, pinned, require_proc, table
from mcp_http import ENV, FLOOR
from mcp_programs import ADDING, HELLO, PEERS, READY, check_text, plain
from processes import cpu_seconds, memory

LINES = Path(__file__).parent / "mcp_peers" / "lines.py"
IN_FLIGHT = (1, 32)
OURS = "python -m conduit.mcp"
COMMAND = [sys.executable, "-m", "conduit.mcp"]


@dataclass(frozen=True)
class Sample:
    """Milliseconds to the first reply, to the first call's answer, and of CPU until then; MB; calls a second
    and CPU µs a call, with one in flight and with 32."""

    reply: float
    call: float
    cpu: float
    rss: float
    pss: float
    one: float
    one_cpu: float
    many: float
    many_cpu: float


class Client:
    """Writes lines to a server's stdin, and waits for as many."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout
        self.pid = process.pid
        self._to, self._from = process.stdin.fileno(), process.stdout.fileno()

    def ask(self, lines: bytes, count: int) -> bytes:
        """The answers to ``lines``, of which ``count`` are requests."""
        os.write(self._to, lines)
        found = os.read(self._from, 65536)
        while found.count(b"\n") < count:
            more = os.read(self._from, 65536)
            if not more:
                sys.exit("the server ended")
            found += more
        return found

    def load(self, in_flight: int, seconds: float) -> tuple[float, float]:
        """Calls a second, and CPU microseconds a call."""
        lines = b"".join(plain("tools/call", i + 2, **ADDING) + b"\n" for i in range(in_flight))
        self._for(lines, in_flight, seconds / 4)
        before = sum(cpu_seconds(self.pid))
        count, took = self._for(lines, in_flight, seconds)
        return count / took, 1e6 * (sum(cpu_seconds(self.pid)) - before) / count

    def _for(self, lines: bytes, in_flight: int, seconds: float) -> tuple[int, float]:
        count, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < seconds:
            for _ in range(20):
                self.ask(lines, in_flight)
            count += 20 * in_flight
        return count, took


def rows_of(folder: Path) -> list[Row]:
    found = mcp_programs.sources(folder, 1)
    python = sys.executable
    rows = []
    for target in ("cython", "python"):
        dist = build(found["conduit"] / "app.py", folder / target, target)
        env = {"PYTHONPATH": str(dist)}
        rows.append(Row(f"{OURS}, {target.capitalize()}", [*COMMAND, str(dist)], env=env))
    rows.append(Row("conduitc mcp", [python, "-m", "conduitc", "mcp", str(dist)]))
    rows.append(Row(FLOOR, [python, str(LINES)], env=ENV))
    for name, (title, needs) in PEERS.items():
        rows.append(Row(title, [python, str(found[name] / "app.py")], [needs]))
    return installed(rows)


@contextmanager
def started(row: Row) -> Iterator[Client]:
    process = subprocess.Popen(
        pinned(row.command, 0),
        env={**os.environ, **row.env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Client(process)
    finally:
        process.communicate()


def on_cpu(pid: int) -> float:
    """Milliseconds that a process has run, all its threads; finer than what `cpu_seconds` reads."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e6


def measured(row: Row, seconds: float) -> Sample:
    """One process: its first answers, then the loads."""
    began = time.perf_counter()
    with started(row) as client:
        client.ask(HELLO + b"\n", 1)
        reply = 1000 * (time.perf_counter() - began)
        answer = client.ask(READY + b"\n" + plain("tools/call", **ADDING) + b"\n", 1)
        call = 1000 * (time.perf_counter() - began)
        check_text(answer, "3")
        cpu, size = on_cpu(client.pid), memory(client.pid)
        loads = [client.load(count, seconds) for count in IN_FLIGHT]
    return Sample(reply, call, cpu, size.rss * 1.024e-3, size.pss * 1.024e-3, *loads[0], *loads[1])


def middle(samples: Sequence[Sample]) -> Sample:
    return Sample(*(median(getattr(one, name) for one in samples) for name in Sample.__dataclass_fields__))


def goals(figures: dict[str, Sample]) -> Iterator[str]:
    peer = figures.get("MCP SDK")
    for name in [name for name in figures if name.startswith("python -m") or name == "conduitc mcp"]:
        ours = figures[name]
        if peer:
            yield goal(f"{name}: calls a second, 1 in flight, × MCP SDK", ours.one / peer.one, least=7)
            yield goal(f"{name}: calls a second, 32 in flight, × MCP SDK", ours.many / peer.many, least=30)
        yield goal(f"{name}: ms to the first reply", ours.reply, most=80)
        yield goal(f"{name}: MB resident", ours.rss, most=25)


def cells(name: str, one: Sample, peer: Sample | None) -> list[str]:
    found = [name]
    for rate, cpu, theirs in (
        (one.one, one.one_cpu, peer and peer.one),
        (one.many, one.many_cpu, peer and peer.many),
    ):
        found += [f"{rate:,.0f}", f"{rate / theirs:.1f}" if theirs else "—", f"{cpu:.1f}"]
    return [
        *found,
        f"{one.reply:.0f}",
        f"{one.call:.0f}",
        f"{one.cpu:.0f}",
        f"{one.rss:.1f}",
        f"{one.pss:.1f}",
    ]


def run(chosen: Namespace) -> None:
    """The table, and the goals."""
    require_proc()
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as name:
        rows = rows_of(Path(name))
        samples: dict[str, list[Sample]] = {row.name: [] for row in rows}
        for row in rows:
            measured(row, 0.05)  # which writes bytecode
        os.sched_setaffinity(0, {max(cores)})
        try:
            for _ in range(chosen.rounds):
                for row in rows:
                    samples[row.name].append(measured(row, min(chosen.seconds, 1)))
        finally:
            os.sched_setaffinity(0, cores)
    figures = {name: middle(of) for name, of in samples.items()}
    flight = [word for count in IN_FLIGHT for word in (f"{count} in flight: calls/s", "× SDK", "CPU µs")]
    head = ["", *flight, "ms to the first reply", "first call", "CPU ms", "RSS MB", "PSS MB"]
    lines = [cells(name, one, figures.get("MCP SDK")) for name, one in figures.items()]
    print(f"\nover pipes\n\n{table(head, lines)}\n", *goals(figures), sep="\n", flush=True)
