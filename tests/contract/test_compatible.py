"""Changes that break nobody are not reported, however they are written."""

from pathlib import Path

import pytest

from tests.contract.programs import given, offers, prompt, resource, said, tool
from tests.contract.test_breaking import CAT, COLOR, ITEM, OBJECT, OPEN, TOKEN, TOOL, TREE, TWO

OTHER = ITEM.replace("Item", "Other")
NULLABLE = OBJECT % '{"type": ["integer", "null"]}'
ANY_OF = OBJECT % '{"anyOf": [{"type": "null"}, {"type": "integer"}]}'
NAMED = '{"type": "object", "properties": {"a": {"$ref": "#/$defs/N"}}, "$defs": {"N": {"type": "integer"}}}'
IF = (
    '{"type": "object", "properties": {"a": {"type": "integer"}}, '
    '"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["a"]}%s}'
)
NOT = OBJECT % '{"type": "integer", "not": {"const": 3}}'

#: What changed → before, now.
COMPATIBLE: dict[str, tuple[str, str]] = {
    "nothing": (tool(), tool()),
    "lines moved": (tool(), tool(above="\n\n# a comment\n")),
    "a tool more": (offers(TOOL), offers(TWO)),
    "another order of tools": (offers(TWO), offers("\n\n".join(reversed(TWO.split("\n\n"))))),
    "another description": (tool(), tool().replace("Does.", "Does more.")),
    "a title": (tool(), tool(decorator='(title="F")')),
    "another function of the same name": (tool(), tool(decorator='(name="f")').replace("def f", "def g")),
    "an argument that may be left out": (tool(), tool("a: int, b: str | None = None")),
    "an argument with a default more": (tool(), tool("a: int, *, b: list[int] = []")),
    "the context": (tool(), tool("a: int, ctx: Context")),
    "another order of arguments": (tool("a: int, b: str"), tool("b: str, a: int")),
    "no longer required": (tool("a: int"), tool("a: int = 1")),
    "another default": (tool("a: int = 1"), tool("a: int = 2")),
    "number from integer": (tool("a: int"), tool("a: float")),
    "null, too": (tool("a: int"), tool("a: int | None")),
    "another type, too": (tool("a: int"), tool("a: str | int")),
    "types in another order": (tool("a: int | str | None"), tool("a: None | str | int")),
    "a wider range": (
        tool("a: Annotated[int, Meta(ge=1, le=9)]"),
        tool("a: Annotated[int, Meta(ge=0, le=10)]"),
    ),
    "the same range in other words": (
        tool("a: Annotated[int, Meta(gt=0, lt=10)]"),
        tool("a: Annotated[int, Meta(ge=1, le=9)]"),
    ),
    "a range in place of its values": (
        tool("a: Literal[1, 2, 3]"),
        tool("a: Annotated[int, Meta(ge=1, le=3)]"),
    ),
    "coarser multiples before": (
        tool("a: Annotated[int, Meta(multiple_of=6)]"),
        tool("a: Annotated[int, Meta(multiple_of=3)]"),
    ),
    "longer text": (
        tool("a: Annotated[str, Meta(max_length=5)]"),
        tool("a: Annotated[str, Meta(max_length=50)]"),
    ),
    "no pattern": (tool("a: Annotated[str, Meta(pattern='^a')]"), tool("a: str")),
    "no format": (tool("a: date"), tool("a: str")),
    "a value more": (tool("a: Literal['x']"), tool("a: Literal['y', 'x']")),
    "any text in place of values": (tool("a: Literal['x']"), tool("a: str")),
    "an enum in place of a literal": (
        tool('a: Literal["red", "blue"]', above=COLOR),
        tool("a: Color", above=COLOR),
    ),
    "an enum's members have other names": (
        tool("a: Color", above=COLOR),
        tool("a: Color", above=COLOR.replace("RED", "CRIMSON")),
    ),
    "a list in place of a set": (tool("a: set[int]"), tool("a: list[int]")),
    "a list in place of a tuple": (tool("a: tuple[int, int]"), tool("a: list[int]")),
    "a dict in place of a dataclass": (
        tool("a: Item", above=ITEM),
        tool("a: dict[str, str | int]", above=ITEM),
    ),
    "a dataclass has another name": (
        tool("a: Item", above=ITEM),
        tool("a: Other", above=OTHER),
    ),
    "a typed dict in place of a dataclass": (
        tool("a: Item", above=ITEM.replace(" = 1", "")),
        tool("a: Item", above="class Item(TypedDict):\n    size: int\n    name: str\n"),
    ),
    "a field that may be left out": (
        tool("a: Item", above=ITEM),
        tool("a: Item", above=ITEM + '    colour: str = ""\n'),
    ),
    "fields in another order": (
        tool("a: Item", above=ITEM.replace(" = 1", "")),
        tool("a: Item", above="@dataclass\nclass Item:\n    size: int\n    name: str\n"),
    ),
    "a schema that holds itself takes more": (
        tool("a: Tree", above=TREE),
        tool("a: Tree", above=TREE.replace("value: int", "value: float")),
    ),
    "one more of a tagged union": (tool("a: Cat", above=CAT), tool("a: Dog | Cat", above=CAT)),
    "a tagged union in another order": (tool("a: Cat | Dog", above=CAT), tool("a: Dog | Cat", above=CAT)),
    "the same by hand": (tool("a: int = 1"), given(OPEN)),
    "null in other words": (given(NULLABLE, "a: int | None = 1"), given(ANY_OF, "a: int | None = 1")),
    "a part under a name": (given(OPEN), given(NAMED)),
    "a part no longer under a name": (given(NAMED), given(OPEN)),
    "words for people": (given(OPEN), given(OBJECT % '{"type": "integer", "title": "A", "examples": [1]}')),
    "words of one's own": (given(OPEN), given(OBJECT % '{"type": "integer", "x-order": 1}')),
    "keywords in another order": (
        given(OBJECT % '{"type": "integer", "minimum": 1}'),
        given(OBJECT % '{"minimum": 1.0, "type": ["integer"]}'),
    ),
    "a constant as a list of one": (
        given(OBJECT % '{"const": 1}'),
        given(OBJECT % '{"enum": [1]}'),
    ),
    "parts of a whole": (
        given(OBJECT % '{"type": "integer", "minimum": 1, "maximum": 9}'),
        given(OBJECT % '{"allOf": [{"maximum": 9}, {"type": "integer"}, {"minimum": 1}]}'),
    ),
    "what is not looked into, unchanged": (given(IF % ""), given(IF % ', "title": "Conditional"')),
    "what is excluded, unchanged": (given(NOT), given(NOT.replace('"integer"', '["integer", "null"]'))),
    "nothing is excluded": (given(NOT), given(OPEN)),
    "other members, too": (
        given(OPEN.replace("}}}", '}}, "additionalProperties": False}')),
        given(OPEN),
    ),
    "an answer with a schema": (tool().replace(" -> str", ""), tool()),
    "an answer is never null": (tool(returns="str | None"), tool(returns="str")),
    "an answer is an integer": (tool(returns="float"), tool(returns="int")),
    "an answer has fewer values": (tool(returns="Literal['x', 'y']"), tool(returns="Literal['x']")),
    "an answer is in bounds": (tool(returns="int"), tool(returns="Annotated[int, Meta(ge=0)]")),
    "an answer has a field more": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM + "    colour: str | None = None\n"),
    ),
    "an answer always has a field": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM.replace(" = 1", "")),
    ),
    "an answer lacks what it could lack": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM.replace("    size: int = 1\n", "")),
    ),
    "an answer has a class of another name": (
        tool(returns="list[Item]", above=ITEM),
        tool(returns="list[Other]", above=OTHER),
    ),
    "an answer of a dataclass, not of a dict": (
        tool(returns="dict[str, str | int]", above=ITEM),
        tool(returns="Item", above=ITEM),
    ),
    "a header no longer": (tool("a: Annotated[str, Header()]"), tool("a: str")),
    "a header in another case": (
        tool("a: Annotated[str, Header('X-A')]"),
        tool("a: Annotated[str, Header('x-a')]"),
    ),
    "a new argument in a header": (tool(), tool('a: int, b: Annotated[str, Header()] = ""')),
    "a resource more": (resource("x://a"), resource("x://a") + resource("x://b").partition("()\n\n")[2]),
    "a resource has another name": (resource("x://a"), resource("x://a", options=', name="b", title="B"')),
    "a resource's kind is said": (resource("x://a"), resource("x://a", options=', media_type="text/plain"')),
    "a variable stands for more": (
        resource("x://{a}", "a: str"),
        resource("x://{+a}", "a: str"),
    ),
    "a variable takes any text": (resource("x://{a}", "a: int"), resource("x://{a}", "a: str")),
    "a variable takes more values": (
        resource("x://{a}", "a: Literal['x']"),
        resource("x://{a}", "a: Literal['x', 'y']"),
    ),
    "a prompt's argument that may be left out": (prompt("a: str"), prompt("a: str, b: int = 1")),
    "a prompt's argument takes any text": (prompt("a: int"), prompt("a: str")),
    "a prompt's argument was never null": (prompt("a: int | None = None"), prompt("a: int = 1")),
    "a prompt's arguments in another order": (prompt("a: str, b: str"), prompt("b: str, a: str")),
    "a completion": (
        prompt("a: str"),
        prompt("a: str") + '\n@app.completion("p", "a")\ndef c(value: str) -> list[str]:\n    return []\n',
    ),
    "HTTP beside the pipes": (offers(TOOL, 'app.enable_mcp(transport="stdio")\n'), offers(TOOL)),
    "HTTP with a token beside the pipes": (
        offers(TOOL, 'app.enable_mcp(transport="stdio")\n'),
        offers(TOOL, TOKEN),
    ),
    "no token any more": (offers(TOOL, TOKEN), offers(TOOL)),
    "no scope any more": (
        offers(TOOL.replace("tool()", 'tool(scopes=["notes"])'), TOKEN),
        offers(TOOL, TOKEN),
    ),
    "sessions": (offers(TOOL), offers(TOOL, "app.enable_mcp(sessions=True)\n")),
    "MCP at last": (offers(TOOL, ""), offers(TOOL)),
    "gone before anybody could know it": (offers(TWO, ""), offers(TOOL)),
    "a route": (offers(TOOL), offers(TOOL + '\n@app.get("/x")\ndef x():\n    return 1\n')),
    "a route and a tool": (offers(TOOL), offers(TOOL.replace("@app.tool()", '@app.get("/f")\n@app.tool()'))),
}


@pytest.mark.parametrize("what", COMPATIBLE)
def test_it_is_not_reported(what: str, tmp_path: Path) -> None:
    before, now = COMPATIBLE[what]
    assert [one.message for one in said(before, now, tmp_path)] == []


def test_one_of_several_of_a_name_is_enough(tmp_path: Path) -> None:
    """Which of them is there is decided when the program runs."""
    either = """import os
if os.environ.get("X"):
    @app.tool()
    def f(a: int) -> str:
        "Does."
        return ""
else:
    @app.tool(name="f")
    def g(a: str) -> str:
        "Does."
        return ""
"""
    assert said(offers(either), offers(either), tmp_path) == []
