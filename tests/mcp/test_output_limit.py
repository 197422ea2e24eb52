"""``max_output``: what is too large is an error of its call, in every way to run a program."""

from pathlib import Path

import pytest

from tests.mcp.speaking import error, modern, result
from tests.service.ways import WAYS, answers

PROGRAM = '''from conduit import Conduit
from conduit.mcp import Image, Said

app = Conduit(title="Small")
app.enable_mcp(max_output=1000)


@app.tool()
def text(size: int) -> str:
    """Text."""
    return "x" * size


@app.tool()
async def picture(size: int):
    """A picture."""
    return [Image(b"x" * size)]


@app.resource("thing://{size}")
def thing(size: int) -> bytes:
    """A thing."""
    return b"x" * size


@app.prompt()
def ask(size: int) -> list:
    """A prompt."""
    return [Said("user", "x" * size)]
'''


@pytest.mark.parametrize("way", WAYS)
def test_results_are_capped(way: str, tmp_path: Path) -> None:
    several = [
        one
        for size in (300, 3000)
        for one in (
            modern("tools/call", name="text", arguments={"size": size}),
            modern("tools/call", name="picture", arguments={"size": size}),
            modern("resources/read", uri=f"thing://{size}"),
            modern("prompts/get", name="ask", arguments={"size": str(size)}),
        )
    ]
    found = answers(way, {"app.py": PROGRAM}, several, tmp_path)
    assert all("isError" not in result(one) for one in found[:4])
    for one in found[4:6]:
        told = result(one)
        assert told["isError"] and "of which at most 1000 are sent" in told["content"][0]["text"]
    assert [error(one)[1] for one in found[6:]] == [-32603, -32603]
