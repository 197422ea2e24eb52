"""Requests a second and CPU a request behind plain uvicorn: a build beside FastAPI, Starlette and the floor.

Claims: at least 3.2 times FastAPI's requests a second on hello and 25 times on 1,000 routes hit at random, at
most 1.15 times the CPU a request of a prebuilt ASGI answer, which is the floor of anything behind ASGI.
`--no-fold` rows do the work of an answer every time; folded rows answer from bytes made at build time.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from common import Row, build, fetch, goal, installed, options, table, uvicorn, versions
from load import Sample, interleave, require_load

ROUTES = 1000
HELLO = b'{"message":"Hello, World!"}'

PREBUILT = """\
START = {{"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"application/json"), (b"content-length", b"{length}")]}}
BODY = {{"type": "http.response.body", "body": {body!r}}}


async def app(scope, receive, send):
    if scope["type"] == "http":
        await send(START)
        await send(BODY)
"""

HEADS = {
    "conduit": "from conduit import Conduit\n\napp = Conduit()\n",
    "fastapi": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "starlette": (
        "from starlette.applications import Starlette\n"
        "from starlette.responses import JSONResponse\n"
        "from starlette.routing import Route\n"
    ),
}

#: Per framework: a route without parameters, and one with an int at the end.
STATIC = {
    "conduit": '@app.get("{path}")\ndef s{i}(request):\n    return {answer}\n',
    "fastapi": '@app.get("{path}")\nasync def s{i}():\n    return {answer}\n',
    "starlette": "async def s{i}(request):\n    return JSONResponse({answer})\n",
}
TYPED = {
    "conduit": '@app.get("{path}/:id")\ndef p{i}(id: int):\n    return {{"route": {i}, "id": id}}\n',
    "fastapi": '@app.get("{path}/{{id}}")\nasync def p{i}(id: int):\n    return {{"route": {i}, "id": id}}\n',
    "starlette": (
        "async def p{i}(request):\n"
        '    return JSONResponse({{"route": {i}, "id": request.path_params["id"]}})\n'
    ),
}


def hello_source(framework: str) -> str:
    body = STATIC[framework].format(path="/", i=0, answer='{"message": "Hello, World!"}')
    return program(framework, [body], ['Route("/", s0)'])


def routes_source(framework: str) -> str:
    """Half the routes static, half with an int at the end, one of each in turn."""
    functions, table_rows = [], []
    for i in range(0, ROUTES, 2):
        functions.append(
            STATIC[framework].format(path=f"/v1/static{i}/items", i=i, answer=f'{{"route": {i}}}')
        )
        functions.append(TYPED[framework].format(path=f"/v1/typed{i}", i=i))
        table_rows += [f'Route("/v1/static{i}/items", s{i})', f'Route("/v1/typed{i}/{{id:int}}", p{i})']
    return program(framework, functions, table_rows)


def program(framework: str, functions: list[str], rows: list[str]) -> str:
    last = [f"app = Starlette(routes=[{', '.join(rows)}])\n"] if framework == "starlette" else []
    return "\n\n".join([HEADS[framework], *functions, *last])


def random_load(folder: Path) -> Path:
    """A wrk script that asks for the routes at random, made once before the load starts."""
    script = folder / "random.lua"
    script.write_text(f"""\
local requests = {{}}
function init()
  math.randomseed(7)
  for i = 1, 8192 do
    local route = 2 * math.random(0, {ROUTES // 2 - 1})
    local path = "/v1/static" .. route .. "/items"
    if math.random(2) == 1 then path = "/v1/typed" .. route .. "/" .. math.random(0, 999999) end
    requests[i] = wrk.format("GET", path)
  end
end
local n = 0
function request()
  n = n % 8192 + 1
  return requests[n]
end
""")
    return script


def written(folder: Path, name: str, source: str) -> Path:
    (folder / name).mkdir()
    (folder / name / "app.py").write_text(source)
    return folder / name


def rows_of(folder: Path, workload: str, source_of: Callable[[str], str], answer: bytes) -> list[Row]:
    """The floor, our builds and the peers, all behind the same uvicorn."""
    floor = written(folder, f"{workload}-floor", PREBUILT.format(length=len(answer), body=answer))
    source = written(folder, f"{workload}-source", source_of("conduit")) / "app.py"
    rows = [Row("prebuilt answer", uvicorn(floor))]
    for target, flags in (("python", ["--no-fold"]), ("cython", ["--no-fold"]), ("cython", [])):
        name = f"conduit, {target}, {'not folded' if flags else 'folded'}"
        dist = build(source, folder / f"{workload}-{target}-{len(flags)}", target, *flags)
        rows.append(Row(name, uvicorn(dist)))
    for peer, name in (("starlette", "Starlette"), ("fastapi", "FastAPI")):
        rows.append(Row(name, uvicorn(written(folder, f"{workload}-{peer}", source_of(peer))), needs=[peer]))
    return installed(rows)


def says(path: str, expected: bytes) -> Callable[[int], None]:
    """A check that a server answers ``path`` with ``expected``, spaces aside."""

    def check(port: int) -> None:
        got = fetch(port, path)
        if got.replace(b" ", b"") != expected.replace(b" ", b""):
            sys.exit(f"wrong answer to {path}: {got!r}")

    return check


def report(title: str, figures: dict[str, Sample], ratio: float) -> None:
    """The table of one workload and its goals; ``ratio`` is the goal against FastAPI."""
    floor, peer = figures["prebuilt answer"], figures.get("FastAPI")
    lines = [cells(name, one, floor, peer) for name, one in figures.items()]
    head = [
        "",
        "CPU µs",
        "user",
        "kernel",
        "÷ floor",
        "FastAPI's ÷",
        "req/s",
        "× FastAPI",
        "p50 ms",
        "p99 ms",
    ]
    print(f"\n{title}\n\n{table(head, lines)}\n")
    for target in ("python", "cython"):
        ours = figures[f"conduit, {target}, not folded"]
        if peer:
            print(goal(f"{target}: requests a second, × FastAPI", ours.rate / peer.rate, least=ratio))
        print(goal(f"{target}: CPU a request, ÷ prebuilt answer", ours.cpu / floor.cpu, most=1.15))


def cells(name: str, one: Sample, floor: Sample, peer: Sample | None) -> Sequence[str]:
    times = f"{one.rate / peer.rate:.2f}" if peer else "—"
    cpu = [f"{figure:.1f}" for figure in (one.cpu, one.user, one.kernel)]
    ratios = [f"{one.cpu / floor.cpu:.2f}", f"{peer.cpu / one.cpu:.2f}" if peer else "—"]
    latency = [f"{one.p50:.2f}", f"{one.p99:.2f}"]
    return [name, *cpu, *ratios, f"{one.rate:,.0f}", times, *latency]


def main() -> None:
    chosen = options("Behind plain uvicorn", rounds=5, seconds=3).parse_args()
    require_load()
    print(versions("uvicorn", "uvloop", "httptools", "fastapi", "starlette", "cython"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = rows_of(folder, "hello", hello_source, HELLO)
        figures = interleave(rows, chosen.rounds, chosen.seconds, says("/", HELLO))
        report("GET / → hello", figures, 3.2)

        answer = b'{"route":2,"id":7}'
        rows = rows_of(folder, "routes", routes_source, answer)
        check, script = says("/v1/typed2/7", answer), random_load(folder)
        figures = interleave(rows, chosen.rounds, chosen.seconds, check, script=script)
        report(f"{ROUTES:,} routes, half with an int, hit at random", figures, 25)


if __name__ == "__main__":
    main()
