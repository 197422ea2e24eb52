"""What a server takes, all its processes together, from /proc: CPU seconds, memory, open files, states."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """KiB: resident; shared pages divided among those who share them; and this server's own alone."""

    rss: int
    pss: int
    uss: int


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, the state first."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):  # it has ended meanwhile
                parents.setdefault(int(stat(int(entry))[1]), []).append(int(entry))
    found = [pid]
    for one in found:
        found += parents.get(one, ())
    return found


def cpu_seconds(pid: int) -> tuple[float, float]:
    """User and kernel seconds so far, threads and children included."""
    user = kernel = 0
    for one in family(pid):
        with suppress(OSError):
            fields = stat(one)
            user += int(fields[11])
            kernel += int(fields[12])
    return user / TICKS, kernel / TICKS


def memory(pid: int) -> Memory:
    rss = pss = uss = 0
    for one in family(pid):
        with suppress(OSError):
            fields = {
                name: int(rest.split()[0])
                for name, _, rest in (
                    line.partition(":")
                    for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:]
                )
            }
            rss += fields["Rss"]
            pss += fields["Pss"]
            uss += fields["Private_Clean"] + fields["Private_Dirty"]
    return Memory(rss, pss, uss)


def files(pid: int) -> int:
    """Open files of the process and its children."""
    return sum(len(os.listdir(f"/proc/{one}/fd")) for one in family(pid))


def busy(pid: int, seconds: float) -> float:
    """The share of one core that is used while so many seconds go by."""
    before, began = sum(cpu_seconds(pid)), time.monotonic()
    time.sleep(seconds)
    return (sum(cpu_seconds(pid)) - before) / (time.monotonic() - began)


def ended(pid: int, within: float) -> bool:
    """Has the process gone, or become a zombie, within so many seconds?"""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            if stat(pid)[0] in "ZX":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def kill(pid: int) -> None:
    """At once, children too; for what has not ended when asked."""
    for one in reversed(family(pid)):
        with suppress(OSError):
            os.kill(one, signal.SIGKILL)
