"""What starting costs: import of the app and binding of its build, beside FastAPI and Starlette.

Fresh processes, interleaved; each prints wall and CPU time of `import app` and its peak memory afterwards.
Claims: at most 90 ms at 4 routes and 100 ms at 500 routes with 50 dataclasses; at most 22 MB at 500 routes.
The schemas are dataclasses for us and Starlette, and what FastAPI's users write, BaseModels, for FastAPI.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from common import Row, build, goal, installed, require_proc, table, versions

RUNS = 15
SIZES = ((4, 1), (500, 50))

PROBE = """\
import sys, time
sys.path.insert(0, sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
import app
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
assert app.app is not None
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(wall * 1e3, cpu * 1e3, int(peak[0]) * 1.024e-3)
"""

HEADS = {
    "conduit": "from dataclasses import dataclass\n\nfrom conduit import Conduit\n\napp = Conduit()\n",
    "fastapi": "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n",
    "starlette": (
        "from dataclasses import dataclass\n\n"
        "from starlette.applications import Starlette\n"
        "from starlette.responses import JSONResponse\n"
        "from starlette.routing import Route\n"
    ),
}
SCHEMA_HEADS = {
    "conduit": "@dataclass\nclass Item{i}:",
    "fastapi": "class Item{i}(BaseModel):",
    "starlette": "@dataclass\nclass Item{i}:",
}
FIELDS = "\n    name: str\n    price: float\n    tags: list[str] | None = None\n    count: int = 0\n"

#: Of five routes: two without parameters, two with an int, one with a body.
ROUTES = {
    "conduit": (
        '@app.get("/v1/r{i}/items")\ndef r{i}(request):\n    return {{"route": {i}}}\n',
        '@app.get("/v1/r{i}/:id")\ndef r{i}(id: int):\n    return {{"id": id}}\n',
        '@app.post("/v1/r{i}")\nasync def r{i}(item: Item{s}) -> Item{s}:\n    return item\n',
    ),
    "fastapi": (
        '@app.get("/v1/r{i}/items")\nasync def r{i}():\n    return {{"route": {i}}}\n',
        '@app.get("/v1/r{i}/{{id}}")\nasync def r{i}(id: int):\n    return {{"id": id}}\n',
        '@app.post("/v1/r{i}")\nasync def r{i}(item: Item{s}) -> Item{s}:\n    return item\n',
    ),
    "starlette": (
        'async def r{i}(request):\n    return JSONResponse({{"route": {i}}})\n',
        'async def r{i}(request):\n    return JSONResponse({{"id": request.path_params["id"]}})\n',
        "async def r{i}(request):\n    return JSONResponse(await request.json())\n",
    ),
}
STARLETTE_ROWS = (
    'Route("/v1/r{i}/items", r{i})',
    'Route("/v1/r{i}/{{id:int}}", r{i})',
    'Route("/v1/r{i}", r{i}, methods=["POST"])',
)
TURN = (0, 1, 2, 0, 1)


def program(framework: str, routes: int, schemas: int) -> str:
    """An app with so many routes and schemas in the framework's own words."""
    parts = [HEADS[framework]]
    parts += [SCHEMA_HEADS[framework].format(i=i) + FIELDS for i in range(schemas)]
    rows = []
    for i in range(routes):
        kind = TURN[i % len(TURN)]
        parts.append(ROUTES[framework][kind].format(i=i, s=i % schemas))
        rows.append(STARLETTE_ROWS[kind].format(i=i))
    if framework == "starlette":
        parts.append(f"app = Starlette(routes=[{', '.join(rows)}])\n")
    return "\n\n".join(parts)


def rows_of(folder: Path, routes: int, schemas: int) -> list[Row]:
    """For each contender, the command that imports its app once."""
    places = {}
    for framework in ("conduit", "starlette", "fastapi"):
        places[framework] = folder / f"{framework}-{routes}"
        places[framework].mkdir()
        (places[framework] / "app.py").write_text(program(framework, routes, schemas))
    source = places.pop("conduit") / "app.py"
    rows = []
    for target in ("python", "cython"):
        dist = build(source, folder / f"dist-{target}-{routes}", target)
        rows.append(Row(f"conduit, {target}", command(dist)))
    rows += [Row(name, command(path), needs=[name]) for name, path in places.items()]
    return installed(rows)


def command(directory: Path) -> list[str]:
    return [sys.executable, "-c", PROBE, str(directory)]


def measure(rows: list[Row], runs: int) -> dict[str, list[float]]:
    """Median wall ms, CPU ms and peak MB of each row; the first run may write bytecode and does not count."""
    found: dict[str, list[list[float]]] = {row.name: [] for row in rows}
    for turn in range(runs + 1):
        for row in rows:
            done = subprocess.run(row.command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"{row.name} did not start:\n{done.stderr}")
            if turn:
                found[row.name].append([float(one) for one in done.stdout.split()])
    return {
        name: [median(column) for column in zip(*samples, strict=True)] for name, samples in found.items()
    }


def main() -> None:
    require_proc()
    print(versions("msgspec", "fastapi", "starlette", "pydantic"))
    for (routes, schemas), limit in zip(SIZES, (90, 100), strict=True):
        with tempfile.TemporaryDirectory() as name:
            figures = measure(rows_of(Path(name), routes, schemas), RUNS)
        lines = [[name, *(f"{one:.1f}" for one in of)] for name, of in figures.items()]
        print(f"\n{routes} routes, {schemas} dataclasses\n")
        print(table(["import and bind", "wall ms", "CPU ms", "peak MB"], lines), end="\n\n")
        for target in ("python", "cython"):
            wall, _, peak = figures[f"conduit, {target}"]
            print(goal(f"{target}: wall ms", wall, most=limit))
            if routes == SIZES[-1][0]:
                print(goal(f"{target}: peak MB", peak, most=22))


if __name__ == "__main__":
    main()
