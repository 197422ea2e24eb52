"""Introspection over HTTP: questions a second, their latency, and what an app pays for having it.

Claims, at 500 resources, with a token, a rate limit and the audit on: 25,000 questions a second a core and
p99 below 10 ms at 100 clients, on the mix of `introspect_mix` once answers are known; at least 95 % of a
skewed trace are known; 5 % of a core at 1,000 a second; no measurable difference for the app's own requests;
at most 15 MB more. Where no address comes twice (cold) is a row without a goal, and so is plain uvicorn.
"""

import asyncio
import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from common import Row, build, conduit_run, goal, launched, options, serving, table, uvicorn, versions
from introspect_load import TOKEN, Client, Figures
from introspect_mix import once, trace, write_app
from load import Sample, interleave, lua_script, measure, require_load, wrk
from processes import cpu_seconds, memory

RESOURCES, LARGE, CLIENTS = 500, 5000, 100
OWN = "/api/area1/total"
_KEYWORD = 'introspection=Introspection(enabled=True, token=os.environ["TOKEN"], rate_limit="1000000/second")'
#: An address that holds `@` gets another number there each time, in whatever run.
_LUA = """
local addresses, n, at, number = {}, 0, 0, (os.time() %% 10000) * 100000
function init()
  for line in io.lines("%s") do n = n + 1; addresses[n] = line end
  at = number %% n
end
function request()
  at, number = at %% n + 1, number + 1
  local address = addresses[at]:gsub("@", number)
  return wrk.format("GET", address, {["authorization"] = "Bearer %s"})
end
"""


@dataclass(frozen=True)
class Questions:
    """What wrk asks: the addresses of a file, in turn."""

    file: Path
    path: str = "/introspect/v1/"

    @property
    def lua(self) -> str:
        return _LUA % (self.file, TOKEN)

    def check(self, port: int) -> None:
        """Asks everything once, so that what can be known is known."""
        for address in dict.fromkeys(self.file.read_text().splitlines()):
            asked(port, address.replace("@", "1000"))


@dataclass(frozen=True)
class Own:
    """A request of the app's own."""

    path: str = OWN
    lua: str = ""

    def check(self, port: int) -> None:
        asked(port, self.path)


def asked(port: int, address: str) -> bytes:
    """The body of an answer; anything but a 200 ends the bench."""
    made = urllib.request.Request(
        f"http://127.0.0.1:{port}{address}", headers={"authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(made, timeout=20) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def cells(name: str, one: Sample) -> list[str]:
    cpu = [f"{figure:.1f}" for figure in (one.cpu, one.user, one.kernel)]
    return [
        name,
        *cpu,
        f"{1e6 / one.cpu:,.0f}",
        f"{one.rate:,.0f}",
        *(f"{t:.2f}" for t in (one.p50, one.p95, one.p99)),
    ]


HEAD = ["", "CPU µs", "user", "kernel", "a core", "req/s", "p50 ms", "p95 ms", "p99 ms"]


def load_of_questions(rows: dict[str, Row], files: dict[str, Path], rounds: int, seconds: float) -> list[str]:
    """Questions a second, for each server, known and not."""
    pairs = [
        (Row(f"{row.name}, {kind}", row.command, env=row.env), Questions(file))
        for row in rows.values()
        for kind, file in files.items()
    ]
    found = interleave(pairs, rounds, seconds, CLIENTS)
    print(f"\nQuestions, {CLIENTS} clients\n\n{table(HEAD, [cells(*one) for one in found.items()])}\n")
    ours = found["conduitc run, warm"]
    return [
        goal("questions a second a core, warm, in thousands", 1e3 / ours.cpu, least=25),
        goal("p99 in ms at 100 clients, warm", ours.p99, most=10),
    ]


def steady(row: Row, addresses: list[str], seconds: float) -> list[str]:
    """CPU at 1,000 questions a second, and how many were known."""
    with launched(row) as (process, port):
        asyncio.run(_paced(port, addresses, 5))
        before, began = sum(cpu_seconds(process.pid)), time.monotonic()
        told = json.loads(asked(port, "/introspect/v1/stats"))["serving"]["cache"]
        figures = asyncio.run(_paced(port, addresses, seconds))
        share = (sum(cpu_seconds(process.pid)) - before) / (time.monotonic() - began)
        after = json.loads(asked(port, "/introspect/v1/stats"))["serving"]["cache"]
        hits, misses = after["hits"] - told["hits"], after["misses"] - told["misses"]
    half, most = 1e3 * figures.at(0.5), 1e3 * figures.at(0.99)
    print(f"\nat {figures.asked / seconds:,.0f} a second: p50 {half:.2f}, p99 {most:.2f} ms")
    return [
        goal("CPU at 1,000 questions a second, per cent of a core", 100 * share, most=5),
        goal(
            "known answers after a warm-up of 5,000 questions, per cent",
            100 * hits / (hits + misses),
            least=95,
        ),
    ]


async def _paced(port: int, addresses: list[str], seconds: float) -> Figures:
    figures, until = Figures(), time.monotonic() + seconds
    clients = [Client(port, addresses[one::10], 100, figures).run(until) for one in range(10)]
    await asyncio.gather(*clients)
    return figures


def idle(off: Row, on: Row, rounds: int, seconds: float) -> list[str]:
    """The app's own requests beside introspection that nobody asks: pairs of runs, one after the other."""
    ratios = {"CPU": [], "rate": []}  # type: dict[str, list[float]]
    with lua_script("") as script:
        for turn in range(rounds):
            samples = {}
            for row in (off, on) if turn % 2 else (on, off):
                with serving(row) as (pid, port):
                    Own().check(port)
                    wrk(port, OWN, 1, script)
                    samples[row.name] = measure(pid, port, OWN, seconds, script)
            ratios["CPU"].append(samples[on.name].cpu / samples[off.name].cpu)
            ratios["rate"].append(samples[on.name].rate / samples[off.name].rate)
    shown = ", ".join(
        f"{name} {median(found):.3f} ({min(found):.3f} to {max(found):.3f})" for name, found in ratios.items()
    )
    print(f"\nthe app's own requests, introspection on and idle ÷ not declared: {shown}")
    return [goal("CPU of the app's own requests, on ÷ off", median(ratios["CPU"]), most=1.02)]


def more_memory(off: Row, on: Row, addresses: list[str]) -> list[str]:
    """What a process takes once it was asked everything."""
    taken = {}
    for row in (off, on):
        with serving(row) as (pid, port):
            asked(port, OWN)
            for address in addresses if row is on else ():
                asked(port, address)
            taken[row.name] = memory(pid).uss / 1024
    return [
        goal(
            f"MiB more at {RESOURCES} resources, all answers known", taken[on.name] - taken[off.name], most=15
        )
    ]


def beside_heavy(row: Row, metadata: Path) -> None:
    """The app's own requests while questions about a large code base are answered, none of them known."""
    heavy = [
        one.replace("@", str(1000 + n))
        for n, one in enumerate(once(metadata, 4000))
        if "/impact/" in one or "/who" in one
    ]
    with launched(row) as (_, port):
        asked(port, heavy[0])
        figures = {"alone": Figures(), "beside questions": Figures()}

        async def both(name: str, questions: bool) -> None:
            until = time.monotonic() + 4
            clients = [Client(port, [OWN], 200, figures[name]).run(until)]
            clients += [
                Client(port, heavy[one::4], 1000, Figures()).run(until) for one in range(4 * questions)
            ]
            await asyncio.gather(*clients)

        for name, questions in (("alone", False), ("beside questions", True)):
            asyncio.run(both(name, questions))
    lines = [
        [name, *(f"{1e3 * one.at(share):.1f}" for share in (0.5, 0.99, 1.0))] for name, one in figures.items()
    ]
    shown = table(["", "p50 ms", "p99 ms", "most ms"], lines)
    print(f"\nthe app's own requests at {LARGE:,} resources\n\n{shown}")


@contextmanager
def builds() -> Iterator[tuple[Path, dict[str, Path]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = {
            "on": build(write_app(folder / "on", RESOURCES, _KEYWORD), folder / "on-dist", "cython"),
            "off": build(write_app(folder / "off", RESOURCES, ""), folder / "off-dist", "cython"),
            "large": build(write_app(folder / "large", LARGE, _KEYWORD), folder / "large-dist", "python"),
        }
        yield folder, made


def main() -> None:
    chosen = options("Introspection over HTTP", rounds=5, seconds=3).parse_args()
    require_load()
    print(versions("conduitc", "uvicorn", "uvloop", "httptools"))
    with builds() as (folder, made):
        env = {"TOKEN": TOKEN, "CONDUIT_INTROSPECTION_AUDIT": str(folder / "audit.log")}
        on = Row("conduitc run", conduit_run(made["on"], level="error"), env=env)
        plain = Row("plain uvicorn", uvicorn(made["on"]), env=env)
        off = Row("not declared", conduit_run(made["off"], level="error"), env=env)
        large = Row("large", conduit_run(made["large"], level="error"), env=env)
        metadata = made["on"] / "metadata.json"
        addresses = trace(metadata, 20_000)
        files = {"warm": folder / "warm.txt", "cold": folder / "cold.txt"}
        files["warm"].write_text("\n".join(addresses))
        files["cold"].write_text("\n".join(once(metadata, 5_000)))
        lines = load_of_questions({"ours": on, "plain": plain}, files, chosen.rounds, chosen.seconds)
        lines += steady(on, addresses[:10_000], 10)
        lines += idle(off, on, chosen.rounds * 2, chosen.seconds)
        lines += more_memory(off, on, list(dict.fromkeys(addresses)))
        beside_heavy(large, made["large"] / "metadata.json")
    print("\n" + "\n".join(lines))


if __name__ == "__main__":
    main()
