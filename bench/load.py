"""Load by wrk, and what it costs the server.

In: rows of `common`. Out: one `Sample` a row, the median of interleaved rounds. CPU a request, from the
server's own accounting in /proc, is the first figure and requests a second the second: rates swing with the
machine, CPU much less. Servers run on core 0 and wrk on core 1, where `taskset` is there.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from common import Row, pinned, require_proc, serving, skip

CONNECTIONS = 64
TICKS = os.sysconf("SC_CLK_TCK")
DURATION = re.compile(r"([\d.]+)(us|ms|s)\b")
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Sample:
    """One run of wrk against one server: rates, CPU microseconds a request, latency in milliseconds."""

    rate: float
    user: float
    kernel: float
    p50: float
    p99: float

    @property
    def cpu(self) -> float:
        return self.user + self.kernel


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of each figure on its own."""
    return Sample(*(median(getattr(s, name) for s in samples) for name in Sample.__dataclass_fields__))


def require_load() -> None:
    """Ends the bench, with the reason, where no load can be made or no CPU time be read."""
    if not shutil.which("wrk"):
        skip("wrk is not installed (Debian: apt-get install wrk)")
    require_proc()


def cpu_seconds(pid: int) -> tuple[float, float]:
    """User and kernel seconds of a process so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def wrk(port: int, path: str, seconds: float, script: Path | None = None) -> tuple[str, int]:
    """One load; wrk's report and the number of answers. An answer other than 2xx or 3xx ends the bench."""
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "20s",
        "--latency",
    ]
    command += ["-s", str(script)] if script else []
    done = subprocess.run(
        pinned([*command, f"http://127.0.0.1:{port}{path}"], 1), capture_output=True, text=True, check=True
    )
    if wrong := re.search(r"(Non-2xx or 3xx responses|Socket errors):.*", done.stdout):
        sys.exit(f"the load met errors: {wrong[0]}")
    counted = re.search(r"(\d+) requests in", done.stdout)
    assert counted, done.stdout
    return done.stdout, int(counted[1])


def measure(pid: int, port: int, path: str, seconds: float, script: Path | None) -> Sample:
    """One run of load against a server that is already warm."""
    before = cpu_seconds(pid)
    report, answers = wrk(port, path, seconds, script)
    user, kernel = (1e6 * (now - then) / answers for now, then in zip(cpu_seconds(pid), before, strict=True))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    assert rate, report
    return Sample(float(rate[1]), user, kernel, percentile(report, 50), percentile(report, 99))


def percentile(report: str, which: int) -> float:
    """Milliseconds at a percentile of wrk's latency table."""
    line = re.search(rf"^\s+{which}%\s+(\S+)", report, re.MULTILINE)
    assert line, report
    value = DURATION.match(line[1])
    assert value, report
    return float(value[1]) * MILLISECONDS[value[2]]


def interleave(
    rows: Sequence[Row],
    rounds: int,
    seconds: float,
    check: Callable[[int], None],
    path: str = "/",
    script: Path | None = None,
) -> dict[str, Sample]:
    """The median sample of each row over ``rounds`` rounds A B C A B C …, a fresh server for every run.

    ``check(port)`` raises where a server does not answer as all must: nobody wins by answering wrongly.
    """
    samples: dict[str, list[Sample]] = {row.name: [] for row in rows}
    for _ in range(rounds):
        for row in rows:
            with serving(row) as (pid, port):
                check(port)
                wrk(port, path, 1, script)
                samples[row.name].append(measure(pid, port, path, seconds, script))
    return {name: middle(of) for name, of in samples.items()}
