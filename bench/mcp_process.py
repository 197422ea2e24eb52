"""MCP without a server around it: CPU microseconds of a POST, from the ASGI app's call to its last `send`.

Claims: `tools/call` takes at most 15 µs, and at 500 tools at most 1.2 times what it takes at one;
`tools/list` of 101 tools takes at most 15 µs. Fresh processes, interleaved, medians; the floor checks a
request by hand and answers constant bytes.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import mcp_programs
from common import Row, build, goal, installed, pinned, table
from mcp_http import CONSTANT, ENV, FLOOR
from mcp_programs import CALL, LIST, PEERS, check_text, headers

DRIVEN = Path(__file__).parent / "mcp_peers" / "driven.py"
#: Tools of each app; the list of the second is asked for, too.
SIZES = (1, 101, 500)
LISTED = 101
CALLING = {"body": CALL.decode(), "headers": headers("tools/call", "add")}
LISTING = {"body": LIST.decode(), "headers": headers("tools/list")}
#: Seconds of CPU that calls of one kind take at least.
LEAST = 0.2


def rows_of(folder: Path, tools: int) -> list[Row]:
    """The command of each, with the folder of its app."""
    found = mcp_programs.sources(folder, tools)
    rows = []
    for target in ("cython", "python"):
        dist = build(found["conduit"] / "app.py", folder / f"{target}-{tools}", target)
        rows.append(Row(f"conduit, {target.capitalize()}", command(dist)))
    raw = folder / f"constant-{tools}"
    raw.mkdir()
    shutil.copy(CONSTANT, raw / "app.py")
    rows.append(Row(FLOOR, command(raw), env=ENV))
    rows += [Row(title, command(found[name]), [needs]) for name, (title, needs) in PEERS.items()]
    return rows


def command(folder: Path) -> list[str]:
    return pinned([sys.executable, str(DRIVEN), str(folder), str(LEAST)], 0)


def measured(row: Row, tools: int) -> list[float]:
    """Microseconds of a call, and of the list where that is asked for."""
    asked = [CALLING, LISTING] if tools == LISTED else [CALLING]
    env = {**os.environ, **row.env}
    done = subprocess.run(
        row.command, input=json.dumps(asked), env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{row.name} failed:\n{done.stderr}")
    told = json.loads(done.stdout)
    check_text(told[0]["answer"], "3")
    return [one["us"] for one in told]


def goals(figures: Mapping[str, Sequence[float]]) -> Iterator[str]:
    for name in ("conduit, Cython", "conduit, Python"):
        few, _, listed, many = figures[name]
        yield goal(f"{name}: tools/call, µs", few, most=15)
        yield goal(f"{name}: tools/call at {SIZES[-1]} tools, ÷ at 1", many / few, most=1.2)
        yield goal(f"{name}: tools/list of {LISTED} tools, µs", listed, most=15)


def run(chosen: Namespace) -> None:
    """The table, and the goals."""
    with tempfile.TemporaryDirectory() as name:
        of_size = {tools: installed(rows_of(Path(name), tools)) for tools in SIZES}
        names = [row.name for row in of_size[1]]
        found: dict[str, list[list[float]]] = {one: [] for one in names}
        for _ in range(chosen.rounds):
            for number, one in enumerate(names):
                several = (measured(rows[number], tools) for tools, rows in of_size.items())
                found[one].append([us for of in several for us in of])
    figures = {one: [median(column) for column in zip(*of, strict=True)] for one, of in found.items()}
    head = ["CPU µs", "call, 1 tool", f"call, {LISTED}", f"list, {LISTED}", f"call, {SIZES[-1]}"]
    lines = [[one, *(f"{us:,.1f}" for us in of)] for one, of in figures.items()]
    print(f"\nin process\n\n{table(head, lines)}\n", *goals(figures), sep="\n", flush=True)
