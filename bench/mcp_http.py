"""MCP over HTTP at 32 connections: `tools/call` of `add`, behind plain uvicorn and under `conduitc run`.

Claims: at least 8 times the official SDK's calls a second behind ASGI, and 20 times under the compiled
protocol; of either floor at least 0.8. A floor checks by hand what the protocol asks to be checked, under the
same server, and answers constant bytes (`mcp_peers/constant.py`). The SDK and FastMCP run without sessions
and answer with JSON, which is the fastest they do.
"""

import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import mcp_programs
from common import Row, build, conduit_run, goal, installed, table, uvicorn
from load import Sample, interleave, require_load
from mcp_programs import CALLED, PEERS, program

CONNECTIONS = 32
FLOOR, OURS = "constant bytes", "conduit, Cython"
CONSTANT = Path(__file__).parent / "mcp_peers" / "constant.py"
#: What a build of `add` answers: the floors send as many bytes.
ANSWER = (
    '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"3"}],"structuredContent":{"result":3},'
    '"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"Bench","version":"0.1.0"}}}}'
)
ENV = {"ANSWER": ANSWER}


def asgi(name: str) -> str:
    return f"{name}, ASGI"


def rows_of(folder: Path) -> list[Row]:
    """Floors, builds and peers; the same build behind ASGI and under the compiled protocol."""
    found = mcp_programs.sources(folder, 1)
    rows = []
    for target in ("cython", "python"):
        dist = build(found["conduit"] / "app.py", folder / f"dist-{target}", target)
        name = f"conduit, {target.capitalize()}"
        rows += [Row(name, conduit_run(dist)), Row(asgi(name), uvicorn(dist))]
    raw = folder / "constant"
    raw.mkdir()
    shutil.copy(CONSTANT, raw / "app.py")
    rows.append(Row(FLOOR, conduit_run(floor_build(folder)), env=ENV))
    rows.append(Row(asgi(FLOOR), uvicorn(raw), env=ENV))
    rows += [Row(title, uvicorn(found[name]), [needs]) for name, (title, needs) in PEERS.items()]
    return installed(rows)


def floor_build(folder: Path) -> Path:
    """A build in which the floor stands in the place of MCP's door."""
    source = folder / "floor-source"
    source.mkdir()
    (source / "app.py").write_text(program("conduit"))
    dist = build(source / "app.py", folder / "floor", "cython")
    shutil.copy(CONSTANT, dist / "_conduit" / "constant.py")
    wiring = dist / "_conduit" / "wiring.py"
    text = wiring.read_text()
    start = text.index("Door(offered")
    end = text.index("\n", start) - 1  # what closes `add(`
    wiring.write_text(f"from .constant import entry\n{text[:start]}entry(){text[end:]}")
    shutil.rmtree(dist / "_conduit" / "__pycache__", ignore_errors=True)
    return dist


def goals(figures: dict[str, Sample]) -> Iterator[str]:
    """What is claimed of the build of the Cython target."""
    peer = figures.get("MCP SDK")
    for name, floor, least in ((asgi(OURS), asgi(FLOOR), 8), (OURS, FLOOR, 20)):
        ours = figures[name]
        if peer:
            yield goal(f"{name}: calls a second, × MCP SDK", ours.rate / peer.rate, least=least)
        yield goal(f"{name}: calls a second, × {floor}", ours.rate / figures[floor].rate, least=0.8)


def cells(name: str, one: Sample, peer: Sample | None) -> list[str]:
    cpu = [f"{figure:.1f}" for figure in (one.cpu, one.user, one.kernel)]
    ratios = [f"{peer.cpu / one.cpu:.1f}", f"{one.rate / peer.rate:.1f}"] if peer else ["—", "—"]
    return [name, *cpu, ratios[0], f"{one.rate:,.0f}", ratios[1], f"{one.p50:.2f}", f"{one.p99:.2f}"]


def run(chosen: Namespace) -> None:
    """The table, and the goals."""
    require_load()
    with tempfile.TemporaryDirectory() as name:
        pairs = [(row, CALLED) for row in rows_of(Path(name))]
        figures = interleave(pairs, chosen.rounds, chosen.seconds, CONNECTIONS)
    head = ["", "CPU µs", "user", "kernel", "SDK's ÷", "calls/s", "× SDK", "p50 ms", "p99 ms"]
    lines = [cells(name, one, figures.get("MCP SDK")) for name, one in figures.items()]
    title = f"tools/call over HTTP, {CONNECTIONS} connections"
    print(f"\n{title}\n\n{table(head, lines)}\n", *goals(figures), sep="\n", flush=True)
