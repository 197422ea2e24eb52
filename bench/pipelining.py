"""Requests sent 16 at a time without waiting: what a server costs when the kernel costs little.

Claim: at least 0.6 million requests a second on one core. wrk sends sixteen in one write and counts answers.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import servers
import workloads
from common import goal, installed, options, table, versions
from load import interleave, require_load

DEEP = 16
OURS = servers.BUILDS[0][0]

LUA = f"""\
function init()
  local all = {{}}
  for i = 1, {DEEP} do all[i] = wrk.format("GET", "/") end
  asked = table.concat(all)
end
function request() return asked end
"""


def main() -> None:
    parser = options("Pipelined requests", rounds=5, seconds=3)
    parser.add_argument("--http", default=servers.OURS, help="protocol class (default %(default)s)")
    chosen = parser.parse_args()
    require_load()
    print(versions("uvicorn", "uvloop", "httptools", "fastapi", "cython"), servers.tools(), sep=", ")
    work = replace(workloads.hello(), lua=LUA)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers may be another user
        rows = [*servers.ours(folder, "hello", work, chosen.http), *servers.ceilings(folder)]
        rows += installed(servers.behind_asgi(folder, "hello", work, "fastapi"))
        figures = interleave([(row, work) for row in rows], chosen.rounds, chosen.seconds)
    lines = [
        [
            name,
            f"{one.cpu:.2f}",
            f"{one.user:.2f}",
            f"{one.kernel:.2f}",
            f"{one.rate:,.0f}",
            f"{1e6 / one.cpu:,.0f}",
        ]
        for name, one in figures.items()
    ]
    head = [f"{DEEP} deep", "CPU µs", "user", "kernel", "req/s", "req a CPU second"]
    print(f"\n{table(head, lines)}\n")
    print(goal("million requests a second", figures[OURS].rate / 1e6, least=0.6))


if __name__ == "__main__":
    main()
