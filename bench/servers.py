"""Rows of the HTTP benches: our builds, the ceilings (nginx, C over epoll, prebuilt ASGI), the peers.

Everything a row needs is made in the bench's folder. What cannot run here is left out, and one line says why.
Packages of Node are installed once, into a folder of the user's cache.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from common import Row, build, installed, uvicorn, version_of
from workloads import HELLO, Workload, written

PEERS = Path(__file__).parent / "peers"
OURS = "conduit.http:Protocol"

#: Our rows: name, target, flags of the build. The first is the one that goals are about.
BUILDS: tuple[tuple[str, str, list[str]], ...] = (
    ("conduit, Cython", "cython", ["--no-fold"]),
    ("conduit, Python", "python", ["--no-fold"]),
    ("conduit, folded", "cython", []),
)

NGINX = """\
worker_processes 1;
error_log stderr crit;
pid nginx.pid;
events { worker_connections 20000; }
http {
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  server {
    listen 127.0.0.1:PORT backlog=4096;
    location / { return 200 '{"message":"Hello, World!"}'; }
  }
}
"""


def ours(folder: Path, name: str, work: Workload, http: str, most: int = len(BUILDS)) -> list[Row]:
    """Builds of the workload under uvicorn with the protocol class ``http``."""
    source = written(folder, f"{name}-source", work.source("conduit")) / "app.py"
    rows = []
    for i, (title, target, flags) in enumerate(BUILDS[:most]):
        dist = build(source, folder / f"{name}-build{i}", target, *flags)
        rows.append(Row(title, uvicorn(dist, http=http)))
    return rows


def behind_asgi(folder: Path, name: str, work: Workload, *frameworks: str) -> list[Row]:
    """The floor of ASGI, and frameworks on it."""
    rows = [Row("prebuilt answer, ASGI", uvicorn(written(folder, f"{name}-prebuilt", work.prebuilt())))]
    for one in frameworks:
        title = {"fastapi": "FastAPI", "falcon": "Falcon", "starlette": "Starlette"}[one]
        rows.append(Row(title, uvicorn(written(folder, f"{name}-{one}", work.source(one))), needs=[one]))
    return rows


def granian(workload: str) -> Row:
    words = ["--interface", "rsgi", "--host", "127.0.0.1", "--port", "{port}", "--loop", "uvloop"]
    command = [sys.executable, "-m", "granian", *words, "--workers", "1", "--no-ws", "--log-level", "warning"]
    app = "raw_rsgi:app"
    env = {"WORKLOAD": workload, "PYTHONPATH": str(PEERS)}
    return Row("Granian, raw RSGI", [*command, "--backlog", "4096", app], ["granian"], env)


def ceilings(folder: Path) -> Iterator[Row]:
    """C over epoll, and nginx: what a request costs where almost nothing but the kernel is at work."""
    if compiler := shutil.which("cc"):
        program = folder / "epoll"
        made = [compiler, "-O2", "-D_GNU_SOURCE", "-o", str(program), str(PEERS / "epoll.c")]
        subprocess.run(made, check=True)
        yield Row("C, epoll", [str(program), "{port}"])
    else:
        print("no row for C, epoll: no C compiler (cc)")
    if nginx := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        place = folder / "nginx"
        place.mkdir()
        (place / "template").write_text(NGINX)
        shell = f'cd {place} && sed "s/PORT/$0/" template >"$0" && exec {nginx} -p . -c "$0" -g "daemon off;"'
        yield Row("nginx, return 200", ["sh", "-c", shell, "{port}"])
    else:
        print("no row for nginx: not installed (Debian: apt-get install nginx-light)")


def node(workload: str) -> Iterator[Row]:
    """Fastify and Express."""
    modules = node_modules()
    if modules:
        for name in ("Fastify", "Express"):
            command = ["node", str(PEERS / f"{name.lower()}.js"), workload, "{port}"]
            yield Row(name, command, env={"NODE_PATH": str(modules), "NODE_ENV": "production"})


def node_modules() -> Path | None:
    """The folder of the installed packages; None, with a line, where they cannot be had."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "conduit-bench"
    if not (cache / "node_modules" / "express").is_dir():
        if not (shutil.which("node") and shutil.which("npm")):
            print("no rows for Fastify and Express: node and npm are not installed")
            return None
        cache.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "fastify@5", "express@5"]
        if subprocess.run(words, cwd=cache, capture_output=True, check=False).returncode:
            print("no rows for Fastify and Express: npm could not install them")
            return None
    return cache / "node_modules"


def all_rows(folder: Path, name: str, workload: str, work: Workload, http: str) -> list[Row]:
    """Every row of a workload that can run here."""
    rows = ours(folder, name, work, http)
    if work.answer == HELLO:
        rows += ceilings(folder)
    rows += [*behind_asgi(folder, name, work, "fastapi"), granian(workload), *node(workload)]
    return installed(rows)


def tools() -> str:
    """Versions of what is no Python package."""
    found = [f"granian {version_of('granian')}"]
    for name, command in (("nginx", ["/usr/sbin/nginx", "-v"]), ("node", ["node", "-v"])):
        if shutil.which(command[0]):
            told = subprocess.run(command, capture_output=True, text=True, check=False)
            found.append(f"{name} {(told.stdout + told.stderr).strip().rpartition('/')[2].lstrip('v')}")
    if modules := node_modules():
        for name in ("fastify", "express"):
            version = json.loads((modules / name / "package.json").read_text())["version"]
            found.append(f"{name} {version}")
    return ", ".join(found)
