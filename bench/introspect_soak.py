"""An hour of questions: an app with introspection and a server alone, two workers each, at 1,000 questions a
second together, while workers are killed, replaced, and metadata is exchanged, also for broken ones.

Claims: 99.9 % of all questions are answered, introspection is there whenever the app is, every access that
was answered has its line in the audit. A question that meets the end of its worker is asked once more, as
HTTP clients do with a GET; how many, is told. `--seconds` makes it shorter; `--cli N` generates so many
commands of `conduitc introspect` that name what is there, and 99 % must succeed.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from common import Row, build, conduit_run, goal, launched, table, versions
from introspect_cli import generated
from introspect_load import TOKEN, Client, Figures, reachable
from introspect_mix import PREFIX, trace, write_app
from processes import cpu_seconds, family, memory

RATE, CONNECTIONS, RESOURCES = 1000, 10, 500
KILL, SWAP, REPLACE = 30, 20, 300
_KEYWORD = 'introspection=Introspection(enabled=True, token=os.environ["TOKEN"], rate_limit="1000000/second")'


class Target:
    """One of the two servers, and what is asked of it."""

    def __init__(self, name: str, pid: int, port: int, asked: list[str], audit: Path) -> None:
        self.name, self.pid, self.port, self.asked, self.audit = name, pid, port, asked, audit
        self.figures = Figures()
        self.lines = self.broken_lines = self.most_memory = 0
        self._read = 0

    def workers(self) -> list[int]:
        return family(self.pid)[1:]

    def look(self) -> None:
        """Count what the audit has got, and forget it; note how much memory there is in use."""
        with self.audit.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self.lines += 1
            try:
                self.broken_lines += json.loads(line)["outcome"] not in ("ok", "partial", "unknown")
            except (ValueError, KeyError):
                self.broken_lines += 1
        self.most_memory = max(self.most_memory, memory(self.pid).pss)


class Trouble:
    """What happens to the servers meanwhile."""

    def __init__(self, app: Target, alone: Target, metadata: Path, other: bytes) -> None:
        self.app, self.alone, self.metadata = app, alone, metadata
        self.texts = [metadata.read_bytes(), other]
        self.kills = self.swaps = self.broken = self.replaced = 0

    async def run(self, until: float) -> None:
        dice, began = random.Random(6), time.monotonic()
        second = 0
        while time.monotonic() < until:
            second += 1
            await asyncio.sleep(max(0.0, began + second - time.monotonic()))
            if second % KILL == 0:
                target = (self.app, self.alone)[self.kills % 2]
                os.kill(dice.choice(target.workers()), signal.SIGKILL)
                self.kills += 1
            if second % SWAP == SWAP // 2:
                await self._swap()
            if second % REPLACE == 0:
                os.kill(self.app.pid, signal.SIGHUP)
                self.replaced += 1
            if second % 10 == 0:
                for one in (self.app, self.alone):
                    await asyncio.to_thread(one.look)

    async def _swap(self) -> None:
        """Other metadata in the place of that which is served; every third is cut off for half a second."""
        self.swaps += 1
        text = self.texts[self.swaps % 2]
        beside = self.metadata.with_suffix(".new")
        if self.swaps % 3 == 0:
            beside.write_bytes(text[: len(text) // 2])
            os.replace(beside, self.metadata)
            self.broken += 1
            await asyncio.sleep(0.5)
        beside.write_bytes(text)
        os.replace(beside, self.metadata)


async def soak(app: Target, alone: Target, trouble: Trouble, seconds: float) -> tuple[int, int]:
    """The seconds in which the app was there, and those of them in which introspection was not."""
    until = time.monotonic() + seconds
    share = RATE / 2 / CONNECTIONS
    clients = [
        Client(one.port, one.asked[number::CONNECTIONS], share, one.figures).run(until)
        for one in (app, alone)
        for number in range(CONNECTIONS)
    ]
    seen: list[tuple[bool, bool]] = []

    async def watch() -> None:
        while time.monotonic() < until:
            whole = await reachable(app.port, "/api/area1/total")
            seen.append((whole, await reachable(app.port, f"{PREFIX}/tools")))
            await asyncio.sleep(1)

    await asyncio.gather(*clients, trouble.run(until), watch())
    return sum(there for there, _ in seen), sum(there and not asked for there, asked in seen)


def main() -> int:
    parser = argparse.ArgumentParser(description="An hour of introspection under trouble.")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--cli", type=int, metavar="N", help="generate N commands instead")
    options = parser.parse_args()
    print(versions("conduitc", "uvicorn", "uvloop"), flush=True)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        dist = build(write_app(folder / "app", RESOURCES, _KEYWORD), folder / "dist", "python")
        if options.cli:
            return generated(dist, options.cli)
        other = build(write_app(folder / "other", RESOURCES + 50, ""), folder / "other" / "dist", "python")
        metadata = Path(shutil.copy(dist / "metadata.json", folder / "metadata.json"))
        audits = [folder / "app.log", folder / "alone.log"]
        env = {"TOKEN": TOKEN, "CONDUIT_INTROSPECTION_AUDIT": str(audits[0])}
        served = [sys.executable, "-m", "conduitc", "introspect", str(metadata), "serve", "--port", "{port}"]
        served += ["--workers", "2", "--rate", "1000000/second", "--audit", str(audits[1])]
        rows = (
            Row("in an app", conduit_run(dist, "--workers", "2", level="error"), env=env),
            Row("alone", [*served, "--token-env", "TOKEN"], env={"TOKEN": TOKEN}),
        )
        asked = trace(metadata, 10_000)
        targets = []
        for row, audit in zip(rows, audits, strict=True):
            process, port = stack.enter_context(launched(row, None))
            targets.append(Target(row.name, process.pid, port, asked, audit))
        time.sleep(2)
        app, alone = targets
        trouble = Trouble(app, alone, metadata, (other / "metadata.json").read_bytes())
        began = time.monotonic()
        there, absent = asyncio.run(soak(app, alone, trouble, options.seconds))
        lasted = time.monotonic() - began
        cpu = [sum(cpu_seconds(one.pid)) for one in targets]
        for one in targets:
            one.look()
    return report(targets, trouble, lasted, cpu, there, absent)


def report(
    targets: list[Target], trouble: Trouble, lasted: float, cpu: list[float], there: int, absent: int
) -> int:
    """Tables and goals; 1 where one is missed."""
    print(
        f"\n{lasted:,.0f} s; killed {trouble.kills} workers, replaced all of the app's {trouble.replaced} "
        f"times; exchanged metadata {trouble.swaps} times, {trouble.broken} times for one that was cut off\n"
    )
    rows = [
        [
            one.name,
            f"{one.figures.asked:,}",
            f"{one.figures.answered:,}",
            str(one.figures.again),
            *(f"{1e3 * one.figures.at(share):.1f}" for share in (0.5, 0.99, 0.999)),
            f"{one.lines:,}",
            f"{used:,.0f}",
            f"{one.most_memory / 1024:.0f}",
        ]
        for one, used in zip(targets, cpu, strict=True)
    ]
    head = ["", "asked", "answered", "twice", "p50 ms", "p99 ms", "p99.9 ms", "audit", "CPU s alive", "MiB"]
    print(table(head, rows))
    asked = sum(one.figures.asked for one in targets)
    answered = sum(one.figures.answered for one in targets)
    lacking = sum(max(0, one.figures.answered - one.lines) for one in targets)
    lines = [
        goal("answered, per cent", 100 * answered / max(1, asked), least=99.9),
        goal("seconds in which the app was there, and introspection not", absent, most=0),
        goal("seconds in which the app was there", there, least=lasted * 0.9),
        goal("answers without a line in the audit", lacking, most=0),
        goal("lines of the audit that say something else", sum(one.broken_lines for one in targets), most=0),
    ]
    print("\n" + "\n".join(lines))
    for one in targets:
        print(one.name, dict(one.figures.failed))
    return int(any(line.startswith("MISSED") for line in lines))


if __name__ == "__main__":
    sys.exit(main())
