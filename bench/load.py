"""Load by wrk, and what it costs the server.

In: rows of `common`. Out: one `Sample` a row, the median of interleaved rounds. CPU a request, from the
server's own accounting in /proc, is the first figure and requests a second the second: rates swing with the
machine, CPU much less. Servers run on core 0 and wrk on core 1, where `taskset` is there.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

from common import Row, pinned, require_proc, serving, skip
from processes import cpu_seconds

CONNECTIONS = 64

#: Printed by wrk itself, because its own table has no 95th percentile.
DONE = """
function done(summary, latency, requests)
  for _, p in pairs({50, 95, 99}) do io.write(string.format("p%d=%d\\n", p, latency:percentile(p))) end
end
"""


class Asked(Protocol):
    """What is asked: ``lua`` is what wrk runs, ``check`` ends the bench where a server answers wrongly."""

    @property
    def path(self) -> str: ...

    @property
    def lua(self) -> str: ...

    def check(self, port: int) -> None: ...


@dataclass(frozen=True)
class Sample:
    """One run of wrk against one server: rates, CPU microseconds a request, latency in milliseconds."""

    rate: float
    user: float
    kernel: float
    p50: float
    p95: float
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


@contextmanager
def lua_script(text: str) -> Iterator[Path]:
    """A file that wrk can run: ``text``, and the report of percentiles."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(text + DONE)
        file.flush()
        yield Path(file.name)


def command_of(
    port: int, path: str, seconds: float, script: Path, connections: int = CONNECTIONS
) -> list[str]:
    """wrk on core 1; one thread, because it has one core."""
    length = f"-d{max(1, round(seconds))}s"
    fixed = ["wrk", "-t1", f"-c{connections}", length, "--timeout", "20s", "--latency", "-s", str(script)]
    return pinned([*fixed, f"http://127.0.0.1:{port}{path}"], 1)


def wrk(
    port: int, path: str, seconds: float, script: Path, connections: int = CONNECTIONS
) -> tuple[str, int]:
    """One load; wrk's report and the number of answers. An answer other than 2xx or 3xx ends the bench."""
    command = command_of(port, path, seconds, script, connections)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if wrong := re.search(r"(Non-2xx or 3xx responses|Socket errors):.*", done.stdout):
        sys.exit(f"the load met errors: {wrong[0]}")
    return done.stdout, int(found(r"(\d+) requests in", done.stdout))


def measure(
    pid: int, port: int, path: str, seconds: float, script: Path, connections: int = CONNECTIONS
) -> Sample:
    """One run of load against a server that is already warm."""
    before = cpu_seconds(pid)
    report, answers = wrk(port, path, seconds, script, connections)
    user, kernel = (1e6 * (now - then) / answers for now, then in zip(cpu_seconds(pid), before, strict=True))
    return Sample(float(found(r"Requests/sec:\s+([\d.]+)", report)), user, kernel, *percentiles(report))


def percentiles(report: str) -> list[float]:
    """Milliseconds at 50, 95 and 99 per cent."""
    return [int(found(rf"^p{which}=(\d+)$", report)) / 1000 for which in (50, 95, 99)]


def found(pattern: str, report: str) -> str:
    match = re.search(pattern, report, re.MULTILINE)
    assert match, report
    return match[1]


def interleave(
    pairs: Sequence[tuple[Row, Asked]], rounds: int, seconds: float, connections: int = CONNECTIONS
) -> dict[str, Sample]:
    """The median sample of each row over ``rounds`` rounds A B C A B C …, a fresh server for every run.

    Each server is asked for an answer beforehand: nobody wins by answering wrongly.
    """
    samples: dict[str, list[Sample]] = {row.name: [] for row, _ in pairs}
    with ExitStack() as scripts:
        lua = [scripts.enter_context(lua_script(work.lua)) for _, work in pairs]
        for _ in range(rounds):
            for (row, work), script in zip(pairs, lua, strict=True):
                with serving(row) as (pid, port):
                    work.check(port)
                    wrk(port, work.path, 1, script, connections)
                    sample = measure(pid, port, work.path, seconds, script, connections)
                    samples[row.name].append(sample)
    return {name: middle(of) for name, of in samples.items()}
