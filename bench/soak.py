"""Everything long or heavy: the soak tests, the official MCP suite, every bench; writes docs/figures.md with
commit and date, and docs/conformance.md.

A stage that has finished is kept under .soak/COMMIT and not run again: an interrupted soak goes on where it
stopped. Tests run two stages at a time, for nothing in them is timed; benches run alone. `soak.py NAME...`
runs the stages of these names only, and the page says so.
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONFORMANCE = "docs/conformance.md"
MAIN = '\nif __name__ == "__main__":'
#: Programs that are no benches: what others call.
CALLED = ("soak.py", "real_router.py")
#: Pages that a soak writes.
PAGES = ("docs/figures.md", CONFORMANCE)


def stages() -> dict[str, list[str]]:
    """Each stage's name and command, in order."""
    # What is long here is no test that hangs.
    patient = ["-o", "faulthandler_timeout=0"]
    pytest = [sys.executable, "-m", "pytest", "--disable-warnings", "--durations=5", *patient]
    folders = [folder for folder in sorted((ROOT / "tests").iterdir()) if any(folder.glob("test_*.py"))]
    found = {f"tests/{folder.name}": [*pytest, f"tests/{folder.name}"] for folder in folders}
    # The official suite and the inspector come by npm.
    told = [sys.executable, "-c", "print('not run: npm is not here')"]
    written = [sys.executable, "-m", "tests.mcp.conformance", "--write", CONFORMANCE]
    found["conformance"] = written if shutil.which("npm") else told
    found["mutation score"] = [sys.executable, "-m", "tests.mutation"]
    for script in sorted((ROOT / "bench").glob("*.py")):
        if script.name not in CALLED and MAIN in script.read_text():  # others are what benches share
            found[f"bench/{script.name}"] = [sys.executable, f"bench/{script.name}"]
    return found


class Failed(Exception):
    """A stage did not succeed."""


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(name: str, command: list[str], kept: Path) -> str:
    """The stage's output, shown as it comes and kept once the stage has succeeded."""
    if kept.exists():
        print(f"== {name}: kept from before", flush=True)
        return kept.read_text(encoding="utf-8")
    print(f"== {name}", flush=True)
    env = {**os.environ, "CONDUIT_SOAK": "1", "PYTHONUNBUFFERED": "1"}
    lines = []
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise Failed(f"{name} failed with {process.returncode}")
    kept.write_text("".join(lines), encoding="utf-8")
    return "".join(lines)


def page(commit: str, outputs: dict[str, str], left_out: int) -> str:
    head = f"# Figures\n\nMade by `make soak` at {commit} on {time.strftime('%Y-%m-%d')}.\n"
    if left_out:
        head += f"\nThese stages were asked for by name; {left_out} others were not run at this commit.\n"
    return "\n".join([head, *(f"## {name}\n\n```\n{text.strip()}\n```\n" for name, text in outputs.items())])


def main() -> None:
    commit = git("rev-parse", "--short", "HEAD")
    changed = [line for line in git("status", "--porcelain").splitlines() if not line.endswith(PAGES)]
    if changed:
        sys.exit("figures belong to a commit: commit or discard your changes first\n" + "\n".join(changed))
    folder = ROOT / ".soak" / commit
    folder.mkdir(parents=True, exist_ok=True)

    def one(name: str) -> str:
        try:
            return run(name, commands[name], folder / f"{name.replace('/', '-').replace(' ', '-')}.txt")
        except Failed as error:
            failed.append(str(error))
            return ""

    every, failed = stages(), list[str]()
    if unknown := set(sys.argv[1:]) - set(every):
        sys.exit(f"no such stage: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    commands = {name: every[name] for name in every if name in sys.argv[1:] or not sys.argv[1:]}
    alone = [name for name in commands if name.startswith("bench/")]
    with ThreadPoolExecutor(2) as pool:
        together = [name for name in commands if name not in alone]
        outputs = dict(zip(together, pool.map(one, together), strict=True))
    outputs |= {name: one(name) for name in alone}
    if failed:
        sys.exit("\n".join(failed))
    (ROOT / "docs" / "figures.md").write_text(
        page(commit, outputs, len(every) - len(commands)), encoding="utf-8"
    )
    print("wrote docs/figures.md")


if __name__ == "__main__":
    main()
