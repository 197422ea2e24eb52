"""What the pages tell a newcomer to type works, and prints what they say it prints."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.house.pages import blocks, prints

ROOT = Path(__file__).parent.parent.parent
GUIDES = (
    "getting-started",
    "building",
    "conflicts",
    "debugging",
    "http",
    "introspection",
    "introspection-mcp",
    "introspection-http",
    "mcp",
    "patterns",
    "security",
    "websockets",
)
PAGES = ["README.md", *(f"docs/{name}.md" for name in GUIDES)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder like a clone, in which pages may write; `conduitc` and `python` are this environment's."""
    (tmp_path / "clone").mkdir()
    for name in ("examples", "docs"):
        shutil.copytree(ROOT / name, tmp_path / "clone" / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bin").mkdir()
    for name, arguments in (("conduitc", "-m conduitc "), ("uvicorn", "-m uvicorn "), ("python", "")):
        script = tmp_path / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        script.chmod(0o755)
    return tmp_path


def environment(place: Path) -> dict[str, str]:
    path = os.pathsep.join([str(place / "bin"), os.environ["PATH"]])
    modules = os.pathsep.join([str(ROOT), str(ROOT / "runtime")])
    cache = str(place / "cache")
    ours = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    return {**ours, "PATH": path, "PYTHONPATH": modules, "XDG_CACHE_HOME": cache, "NO_COLOR": "1"}


@contextmanager
def server(command: str, place: Path, port: int) -> Iterator[None]:
    """Runs a page's server until the page is done; its output is shown where it does not come up."""
    log = place / "server.log"
    with log.open("w") as sink:
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command}"],
            cwd=place / "clone",
            env=environment(place),
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(1200):
            if answers(port) or process.poll() is not None:
                break
            time.sleep(0.05)
        assert answers(port), f"{command} does not serve:\n{log.read_text()}"
        yield
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.skipif(not (shutil.which("sh") and shutil.which("curl")), reason="pages use sh and curl")
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_says(page: str, place: Path) -> None:
    port = free_port()
    printed = ""
    with ExitStack() as running:
        for block in blocks(ROOT / page, port):
            where = f"{page}:{block.line}"
            if block.role == "file":
                (place / "clone" / block.name).write_text(block.text, encoding="utf-8")
            elif block.role == "serve":
                running.close()
                running.enter_context(server(block.text.strip(), place, port))
            elif block.role == "run":
                done = subprocess.run(
                    ["sh", "-ec", block.text],
                    cwd=place / "clone",
                    env=environment(place),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                printed = done.stdout
                assert done.returncode == block.exit, f"{where}: exit {done.returncode}\n{printed}"
            else:
                assert prints(block.text, printed), (
                    f"{where} says\n{block.text}\nbut this was printed\n{printed}"
                )


def test_the_pages_have_commands() -> None:
    for page in PAGES:
        roles = {block.role for block in blocks(ROOT / page, 8000)}
        assert {"run", "output"} <= roles, page


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc\n", False),
        ("a … ms", "a 12.5 ms\n", True),
        ("a\n…\nz", "a\nb\nc\nz\n", True),
        ("a\n…\nz", "a\nb\n", False),
        ("a", "a\nb\n", False),
    ],
)
def test_expected_output_is_compared(expected: str, got: str, same: bool) -> None:
    assert prints(expected, got) is same


def test_every_local_link_leads_somewhere() -> None:
    import re

    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken
