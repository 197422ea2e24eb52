"""docs/introspection-mcp.md: its table is that of the code."""

import json
import re
from pathlib import Path

from conduit.introspect.tools.questions import QUESTIONS
from conduit.introspect.tools.tokens import MOST

PAGE = Path(__file__).parents[3] / "docs/introspection-mcp.md"


def row(name: str) -> str:
    question = QUESTIONS[name]
    takes = ", ".join(f"`{key}`" + ("" if one.needed else "?") for key, one in question.takes.items())
    return f"| `{name}` | {takes} | {question.about} |"


def test_the_table_is_that_of_the_code() -> None:
    table = PAGE.read_text("utf-8").partition("| tool | takes | answers |\n|---|---|---|\n")[2]
    assert table.partition("\n\n")[0].split("\n") == [row(name) for name in QUESTIONS]


def test_configurations_are_json_and_the_bound_is_that_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    found = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]
    assert len(found) == 2 and all("mcpServers" in one for one in found)
    assert found[0]["mcpServers"]["code"]["args"][0] == "introspect"
    assert f"{MOST:,}" in text
