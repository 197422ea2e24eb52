"""What introspection costs: every figure that spec 6 has a goal for, but those of HTTP.

Whole processes of `conduitc introspect BUILD …` on 500 resources against `python -c pass`, interleaved, so
the interpreter and site packages are in both. Loading, looking up, filtering and closures within one process;
memory in fresh ones. Sizes: each resource with the relations that begin at it, gzipped on its own, which is
the worst case; metadata.json itself is gzipped as a whole.
"""

import contextlib
import gzip
import json
import random
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from common import goal, table, versions
from conduit.introspect import Codebase, QueryError, indexing, load
from conduit.introspect.graph import closure
from metadata import project

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse

RUNS = 40
RESOURCES = 500
NODES = 10_000
GOAL = 3

#: Prints how many bytes a process grows by loading a code base and asking it for all that is indexed.
MEMORY = """\
import sys
from conduit.introspect import load
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
before = resident()
codebase = load(sys.argv[1])
row = codebase.select("kind:route method:GET")[0]
codebase.impact(row.id), codebase.resource(row.id), codebase.who_handles("GET", row.pattern)
codebase.how_do_i("how do I add an authenticated endpoint")
print(resident() - before)
"""
#: The same of a code base of patterns.
PATTERN_MEMORY = (
    MEMORY.partition("row =")[0]
    + """\
shown = codebase.patterns(limit=50)["patterns"]
codebase.pattern(shown[0]["id"]), codebase.patterns("auth"), codebase.how_do_i("how do I add a route")
print(resident() - before)
"""
)
PATTERNS = 10_000
#: Asked of 500 resources.
ASKED = (
    "how do I add an authenticated endpoint",
    "where is an item created",
    "which schema has a price",
    "how do I return a 404",
    "how do I test an endpoint",
    "what validates the amount",
    "which route lists all items of area 3",
    "who handles GET /api/area3/7",
    "what is the total of all items, and which function computes it for a page of them?",
)


def metadata(folder: Path, resources: int) -> bytes:
    """The metadata of an app cut to exactly so many resources, and the relations between them."""
    folder.mkdir(parents=True, exist_ok=True)
    project(folder, resources // 13 + 1)
    app = analyse(folder / "app.py").app
    assert app is not None
    document = json.loads(emit_metadata(app))
    kept = document["resources"][:resources]
    assert len(kept) == resources, len(kept)
    known = {one["id"] for one in kept}
    document["resources"] = kept
    document["edges"] = [one for one in document["edges"] if {one["from"], one["to"]} <= known]
    return text_of(document)


def text_of(document: dict[str, Any]) -> bytes:
    """As the compiler lays it out: one thing a line, keys sorted."""
    sections = []
    for name in ("resources", "edges", "patterns", "diagnostics", "unresolved"):
        lines = ",".join(f"\n{_line(one)}" for one in document[name])
        sections.append(f'"{name}":[{lines}]')
    head = f'{{"schema":{_line(document["schema"])},\n"app":{_line(document["app"])}'
    return (",\n".join([head, *sections]) + "}\n").encode()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def web(nodes: int) -> Codebase:
    """Functions that call each other, three calls each; one in a hundred is called by a hundred."""
    dice = random.Random(6)
    span = {"file": "a.py", "line": 1, "column": 1, "end_line": 1, "end_column": 2}
    ids = [f"function:a.f{number:05d}" for number in range(nodes)]
    resources = [{"facts": {}, "id": id_, "kind": "function", "name": id_[11:], "span": span} for id_ in ids]
    calls = {(ids[n], ids[dice.randrange(nodes)]) for n in range(nodes) for _ in range(3)}
    calls |= {(ids[dice.randrange(nodes)], ids[n]) for n in range(0, nodes, 100) for _ in range(100)}
    edges = [{"from": a, "kind": "calls", "span": span, "to": b} for a, b in sorted(calls)]
    about = {"title": "", "version": "", "description": "", "module": "a", "variable": "", "entry": "a.py"}
    document: dict[str, Any] = {"schema": "1.0.0", "app": about, "resources": resources, "edges": edges}
    document |= {"patterns": [], "diagnostics": [], "unresolved": []}
    return Codebase(text_of(document))


def commands(fresh: Path, stale: Path) -> dict[str, list[str]]:
    """Python alone, and each question as a person would type it."""
    script = Path(sysconfig.get_path("scripts")) / "conduitc"
    found = str(script) if script.exists() else shutil.which("conduitc")
    conduitc = [found] if found else [sys.executable, "-m", "conduitc"]
    questions = [
        [],
        ["resources"],
        ["routes"],
        ["resource", "schema.Item3"],
        ["deps", "schema.Item3", "--reverse"],
        ["impact", "schema.Item3"],
        ["who", "GET", "/api/area3/7"],
        ["unresolved"],
        ["resources", "--format", "json"],
    ]
    asked = {
        " ".join(["introspect", *question]): [*conduitc, "introspect", str(fresh), *question]
        for question in questions
    }
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        **asked,
        "introspect resources, no index": [*conduitc, "introspect", str(stale), "resources"],
        "--version": [*conduitc, "--version"],
    }


def measure(rows: dict[str, list[str]]) -> dict[str, float]:
    """Median milliseconds of each; the first round may write bytecode and does not count."""
    samples: dict[str, list[float]] = {name: [] for name in rows}
    for turn in range(RUNS + 1):
        for name, command in rows.items():
            start = time.perf_counter()
            done = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
            )
            taken = time.perf_counter() - start
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            if turn:
                samples[name].append(taken * 1e3)
    return {name: median(taken) for name, taken in samples.items()}


def micro(action: Callable[[], object], times: int, rounds: int = 20) -> float:
    """Microseconds of one call, the best round: others are disturbed by whatever else the machine does."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(times):
            action()
        found.append((time.perf_counter() - start) / times * 1e6)
    return min(found)


def sizes(text: bytes) -> list[int]:
    """Bytes of each resource with its relations, gzipped on its own; ascending."""
    document = json.loads(text)
    own: dict[str, list[str]] = {one["id"]: [_line(one)] for one in document["resources"]}
    for edge in document["edges"]:
        own[edge["from"]].append(_line(edge))
    return sorted(len(gzip.compress("\n".join(lines).encode(), mtime=0)) for lines in own.values())


def patterned(patterns: int) -> bytes:
    """Metadata of patterns alone: three followers each, names and templates as they are mined."""
    span = {"file": "routers/area.py", "line": 1, "column": 1, "end_line": 9, "end_column": 2}
    categories = ("auth", "error", "handler", "middleware", "route", "schema", "test", "validation")
    made = []
    for number in range(patterns):
        category, word = categories[number % 8], f"get_{number % 97}_thing{number}"
        template = f"def {{handler}}(..., {{name}}=Depends({word}), ...)"
        made.append(
            {
                "id": f"pattern:{category}/{number:012x}",
                "category": category,
                "name": f"handlers take {{name}}=Depends({word})",
                "state": "mined",
                "template": template,
                "holes": {"name": ["user", "caller"]},
                "population": "handlers in routers/area.py",
                "support": 3,
                "n": 4,
                "confidence": round(0.3 + number % 7000 / 10_000, 4),
                "lift": 1.5,
                "files": ["routers/area.py"],
                "followers": [{"id": f"function:routers.area.f{number}", "span": span}] * 3,
                "exceptions": [{"span": span}],
                "example": {"span": span, "text": f"def f{number}(user=Depends({word})):\n    return user"},
            }
        )
    about = {"title": "", "version": "", "description": "", "module": "a", "variable": "", "entry": "a.py"}
    document: dict[str, Any] = {"schema": "1.0.0", "app": about, "resources": [], "edges": []}
    document |= {"patterns": made, "diagnostics": [], "unresolved": []}
    return text_of(document)


def once(action: Callable[[], object]) -> float:
    """Milliseconds of a call that only the first time costs what it costs."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def grown(path: Path, program: str = MEMORY) -> float:
    """MB that a process grows by; the median of five."""
    found = []
    for _ in range(5):
        command = [sys.executable, "-c", program, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(int(done.stdout) / 1e6)
    return median(found)


def print_processes(fresh: Path, stale: Path) -> None:
    found = measure(commands(fresh, stale))
    base = found["python -c pass"]
    rows = [(name, f"{ms:.1f}", f"{ms / base:.2f}") for name, ms in found.items()]
    print(table(("command", "ms", "× python"), rows))
    print()
    print(goal("introspect resources, times python -c pass", found["introspect resources"] / base, most=GOAL))


def print_queries(fresh: Path) -> None:
    codebase = load(str(fresh))
    name = codebase.store.rows[RESOURCES // 2].id
    asked = "kind:route method:POST middleware:none uses:schema.Item3"
    wide = "kind:route method:GET"
    codebase.select(asked), codebase.select(wide)
    print(goal("load, 500 resources, ms", micro(lambda: load(str(fresh)), 5) / 1e3, most=1))
    print(goal("lookup by id, µs", micro(lambda: codebase.find(name), 200), most=2))
    print(goal("lookup by name, µs", micro(lambda: codebase.find("schema.Item3"), 200), most=2))
    print(goal("filter with four terms, µs", micro(lambda: codebase.select(asked), 100), most=10))
    hits = len(codebase.select(wide))
    print(goal(f"filter with two terms, {hits} hits, µs", micro(lambda: codebase.select(wide), 100), most=10))
    graph = web(NODES).store.graph
    reached = sum(map(len, closure(graph.forward, [0]).levels))
    forwards = micro(lambda: closure(graph.forward, [0]), 1) / 1e3
    backwards = micro(lambda: closure(graph.backward, [0]), 1) / 1e3
    print(goal(f"closure over {reached:,} nodes, forwards, ms", forwards, most=3))
    print(goal(f"closure over {reached:,} nodes, backwards, ms", backwards, most=3))


def print_questions(fresh: Path) -> None:
    """`ask`: the first question makes the index of words."""
    firsts = [once(lambda: load(str(fresh)).how_do_i(ASKED[0])) for _ in range(5)]
    print(f"       the first question in words, {RESOURCES} resources, ms: {min(firsts):.1f}")
    codebase = load(str(fresh))
    taken = [micro(lambda text=text: codebase.how_do_i(text), 5) / 1e3 for text in ASKED]  # type: ignore[misc]
    print(goal(f"a question in words, {RESOURCES} resources, median, ms", median(taken), most=1))
    print(goal("a question in words, the slowest, ms", max(taken), most=1))


def print_patterns(folder: Path) -> None:
    folder.mkdir()
    text = patterned(PATTERNS)
    (folder / "metadata.json").write_bytes(text)
    (folder / "metadata.idx").write_bytes(indexing.build(text))
    print(f"{PATTERNS:,} patterns: metadata.json {len(text) / 1e6:.1f} MB")
    print(goal(f"load, {PATTERNS:,} patterns, ms", micro(lambda: load(str(folder)), 3) / 1e3, most=5))
    codebase = load(str(folder))
    first = once(lambda: codebase.patterns("auth", 50))
    id_ = codebase.patterns(limit=1)["patterns"][0]["id"]
    firsts = f"{first:.1f} (a list), {once(lambda: codebase.pattern(id_)):.1f} (by id)"
    print(
        f"       the first answers, ms: {firsts}, {once(lambda: codebase.how_do_i('add a route')):.0f} (ask)"
    )
    listed = micro(lambda: codebase.patterns("auth", 50), 5) / 1e3
    print(goal("50 patterns of a category, ms", listed, most=1))
    print(goal("a pattern by its id, ms", micro(lambda: codebase.pattern(id_), 20) / 1e3, most=1))
    print(f"       all {PATTERNS:,}, ms: {micro(codebase.patterns, 1, 5) / 1e3:.1f}")
    asked = max(micro(lambda text=text: codebase.how_do_i(text), 3) / 1e3 for text in ASKED)  # type: ignore[misc]
    print(goal("a question in words, the slowest, ms", asked, most=1))
    print(
        goal(
            "no pattern of that name, and which are near, ms",
            micro(lambda: _missed(codebase), 2) / 1e3,
            most=100,
        )
    )
    if Path("/proc/self/statm").exists():
        print(goal(f"memory, {PATTERNS:,} patterns, MB", grown(folder, PATTERN_MEMORY), most=50))


def _missed(codebase: Codebase) -> None:
    with contextlib.suppress(QueryError):
        codebase.pattern("handlers take user=Depends(get_thing)")


def print_sizes(text: bytes, small: bytes) -> None:
    alone, packed = sizes(text), len(gzip.compress(text, mtime=0))
    print(goal("a resource, gzipped, median, bytes", median(alone), most=350))
    print(goal("a resource, gzipped, p99, bytes", alone[len(alone) * 99 // 100], most=1024))
    print(goal("a resource, gzipped, largest, bytes", alone[-1], most=2048))
    print(goal("gzip saves, %", 100 * (1 - packed / len(text)), least=60))
    print(goal("50 resources, raw, KB", len(small) / 1e3, most=500))
    print(goal("500 resources, gzipped, KB", packed / 1e3, most=200))


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        fresh, stale, folder = (Path(place) / name for name in ("fresh", "stale", "source"))
        text, small = metadata(folder, RESOURCES), metadata(folder / "small", 50)
        made = indexing.build(text)
        for one in (fresh, stale):
            one.mkdir()
            (one / "metadata.json").write_bytes(text)
        (fresh / "metadata.idx").write_bytes(made)
        print(f"{RESOURCES} resources, {RUNS} interleaved runs; {versions('conduitc')}")
        print(f"metadata.json {len(text) / 1024:.0f} KiB, metadata.idx {len(made) / 1024:.0f} KiB\n")
        print_processes(fresh, stale)
        print_queries(fresh)
        print_questions(fresh)
        print_patterns(Path(place) / "patterns")
        print_sizes(text, small)
        if Path("/proc/self/statm").exists():
            print(goal("memory, 500 resources, MB more", grown(fresh), most=15))


if __name__ == "__main__":
    main()
