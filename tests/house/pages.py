"""The commands of a documentation page, and what the page says they print.

A fenced block takes part by a word after its language: `sh run` (commands that must succeed; `exit=N` where
the page shows a failure), `sh serve` (a command that goes on serving), `python file=NAME` (a file to write),
`text output` (what the block before it printed). In expected output `…` stands for anything in a line, and a
line of `…` alone for any lines. `8000` stands for the port in use; `conduitc run` is given it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w+)[ ]+(run|serve|output|file=\S+)(?:[ ]+exit=(\d+))?\n(.*?)^```$", re.M | re.S)
#: What pages show; the test puts a free port in its place.
PORT = "8000"


@dataclass(frozen=True)
class Block:
    """One marked block. ``role``: run, serve, output or file; ``name`` is the file's."""

    role: str
    name: str
    exit: int
    text: str
    line: int


def blocks(page: Path, port: int) -> list[Block]:
    """The marked blocks of a page in their order, the page's port replaced by ``port``."""
    source = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(source):
        role, _, name = match[2].partition("=")
        line = source.count("\n", 0, match.start()) + 1
        text = match[4].replace(PORT, str(port))
        if role == "serve" and text.startswith("conduitc run") and "--port" not in text:
            text = f"{text.strip()} --port {port}"
        found.append(Block(role, name, int(match[3] or 0), text, line))
    return found


def pattern(expected: str) -> re.Pattern[str]:
    """A regular expression for expected output."""
    parts = []
    for line in expected.strip("\n").split("\n"):
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.rstrip().split("…"))) + r"[ \t]*\n")
    return re.compile("".join(parts))


def prints(expected: str, got: str) -> bool:
    """Does output look as the page says?"""
    return pattern(expected).fullmatch(got.strip("\n") + "\n") is not None
