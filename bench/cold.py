"""From starting a process to its first 200: `conduitc run`, `--single`, uvicorn with the protocol, FastAPI.

Claim: `conduitc run` takes at most 0.4 times as long as uvicorn with FastAPI. The app has four routes, one
with a body; bytecode is there. The client tries to connect every millisecond, on the other core. What import
alone takes is in `start.py`; `python -c pass` is the floor.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import servers
import start
from clients import asking
from common import Row, build, free_port, goal, installed, options, pinned, table, uvicorn, versions
from workloads import written

RUN = "conduitc run"
PEER = "uvicorn and FastAPI"


def rows_of(folder: Path, http: str) -> list[Row]:
    source = written(folder, "source", start.program("conduit", 4, 1)) / "app.py"
    dist = build(source, folder / "dist", "cython")
    fastapi = written(folder, "fastapi", start.program("fastapi", 4, 1))
    command = [sys.executable, "-m", "conduitc", "run", str(dist), "--port", "{port}"]
    return installed(
        [
            Row(RUN, command),
            Row(f"{RUN} --single", [*command, "--single"]),
            Row("uvicorn and the protocol", uvicorn(dist, http=http)),
            Row(PEER, uvicorn(fastapi), ["fastapi"]),
        ]
    )


def first_answer(row: Row) -> float:
    """Milliseconds until a request to a server that is being started is answered with 200."""
    port = free_port()
    command = pinned([part.replace("{port}", str(port)) for part in row.command], 0)
    began = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **row.env}, stdout=subprocess.DEVNULL)
    try:
        while not (got := answer(port)):
            if process.poll() is not None or time.perf_counter() - began > 60:
                sys.exit(f"{row.name}: the server did not start ({process.returncode})")
            time.sleep(0.001)
        took = 1000 * (time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()
    if not got.startswith(b"HTTP/1.1 200"):
        sys.exit(f"{row.name}: {got!r}")
    return took


def answer(port: int) -> bytes:
    """The beginning of an answer, nothing where nobody listens yet."""
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as one:
            one.sendall(asking("/v1/r0/items"))
            return one.recv(65536)
    except ConnectionError:
        return b""


def floor() -> float:
    began = time.perf_counter()
    subprocess.run(pinned([sys.executable, "-c", "pass"], 0), check=True)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    parser = options("From start to first answer", rounds=15, seconds=0)
    parser.add_argument("--http", default=servers.OURS, help="protocol class (default %(default)s)")
    chosen = parser.parse_args()
    print(versions("uvicorn", "uvloop", "msgspec", "fastapi", "pydantic"))
    with tempfile.TemporaryDirectory() as name:
        rows = rows_of(Path(name), chosen.http)
        found: dict[str, list[float]] = {row.name: [] for row in rows}
        bare = []
        for turn in range(chosen.rounds + 1):
            bare.append(floor())
            for row in rows:
                taken = first_answer(row)
                if turn:  # the first may write bytecode
                    found[row.name].append(taken)
    middle = {name: median(taken) for name, taken in found.items()}
    peer = middle.get(PEER)
    lines = [["python -c pass", f"{median(bare):.0f}", "—"]]
    lines += [[name, f"{ms:.0f}", f"{ms / peer:.2f}" if peer else "—"] for name, ms in middle.items()]
    print(table(["", "ms to the first 200", "÷ FastAPI"], lines), end="\n\n")
    if peer:
        print(goal(f"{RUN}, ÷ {PEER}", middle[RUN] / peer, most=0.4))


if __name__ == "__main__":
    main()
