"""Each kind of change that breaks a contract is found, at its place, and nothing else with it."""

from pathlib import Path

import pytest

from tests.contract.programs import HEAD, given, offers, prompt, resource, said, tool

ITEM = "@dataclass\nclass Item:\n    name: str\n    size: int = 1\n"
COLOR = 'class Color(Enum):\n    RED = "red"\n    BLUE = "blue"\n'
CAT = 'class Cat(Struct, tag="cat"):\n    lives: int\n\nclass Dog(Struct, tag="dog"):\n    name: str\n'
TREE = '@dataclass\nclass Tree:\n    value: int\n    below: "list[Tree]" = field(default_factory=list)\n'
TOKEN = (
    "from conduit import BearerJWT\n"
    'app.enable_mcp(auth=BearerJWT("https://a.example/jwks", issuer="https://a.example", '
    'audience="https://b.example/mcp"))\n'
)
PATH = 'app.enable_mcp(path="/other")\n'
TOOL = '@app.tool()\ndef f(a: int) -> str:\n    """Does."""\n    return ""\n'
TWO = f'{TOOL}\n@app.tool()\ndef g(a: int) -> str:\n    """Does."""\n    return ""\n'
OBJECT = '{"type": "object", "properties": {"a": %s}}'
CLOSED = '{"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}'
OPEN = OBJECT.replace("%s", '{"type": "integer"}')

#: What changed → before, now, the code, and what the message says.
BREAKING: dict[str, tuple[str, str, str, str]] = {
    "a tool is gone": (offers(TWO), offers(TOOL), "CDT472", "the tool `g` is gone"),
    "a tool has another name": (tool(), tool(decorator='(name="g")'), "CDT472", "it is `g` now"),
    "a resource is gone": (
        resource("x://a"),
        resource("x://b").replace("def r", "def other"),
        "CDT472",
        "the resource `x://a` is gone",
    ),
    "a resource has another URI": (resource("x://a"), resource("x://b"), "CDT472", "it is `x://b` now"),
    "a variable of a URI has another name": (
        resource("x://{a}", "a: str"),
        resource("x://{b}", "b: str"),
        "CDT472",
        "it is `x://{b}` now",
    ),
    "a variable of a URI stands for less": (
        resource("x://{+a}", "a: str"),
        resource("x://{a}", "a: str"),
        "CDT472",
        "`x://{+a}` is gone",
    ),
    "a URI has a variable more": (
        resource("x://{a}", "a: str"),
        resource("x://{a}/{b}", "a: str, b: str"),
        "CDT472",
        "is gone",
    ),
    "a resource is text of another kind": (
        resource("x://a", options=', media_type="text/html"'),
        resource("x://a", options=', media_type="text/markdown"'),
        "CDT475",
        "`text/markdown` now",
    ),
    "a resource is bytes": (resource("x://a"), resource("x://a", returns="bytes"), "CDT475", "octet-stream"),
    "a variable takes less": (
        resource("x://{a}", "a: str"),
        resource("x://{a}", "a: int"),
        "CDT474",
        "`a` of the resource `x://{a}` takes integer now",
    ),
    "a prompt is gone": (prompt("a: str"), prompt("a: str", 'name="q"'), "CDT472", "the prompt `p` is gone"),
    "a prompt requires more": (prompt("a: str"), prompt("a: str, b: str"), "CDT473", "`b` of the prompt `p`"),
    "a prompt's argument is required": (
        prompt('a: str = ""'),
        prompt("a: str"),
        "CDT473",
        "`a` of the prompt",
    ),
    "a prompt's argument is gone": (prompt('a: str = "", b: int = 1'), prompt("b: int = 1"), "CDT474", "`a`"),
    "a prompt's argument takes less": (prompt("a: str"), prompt("a: Literal['x']"), "CDT474", 'only "x"'),
    "a required argument": (tool(), tool("a: int, b: int"), "CDT473", "`b` of the tool `f` is required now"),
    "an argument that could be left out": (tool("a: int = 1"), tool("a: int"), "CDT473", "`a` of the tool"),
    "an argument is gone": (
        tool("a: int, b: int = 1"),
        tool("a: int"),
        "CDT474",
        "`b` of the tool `f` is no",
    ),
    "a required argument is gone": (tool("a: int, b: int"), tool("a: int"), "CDT474", "`b`"),
    "another type": (tool("a: int"), tool("a: str"), "CDT474", "takes string now, and took integer"),
    "integer from number": (tool("a: float"), tool("a: int"), "CDT474", "takes integer now, and took number"),
    "no longer null": (tool("a: int | None"), tool("a: int"), "CDT474", "and took integer or null"),
    "one type of several": (tool("a: int | str"), tool("a: str"), "CDT474", "takes string now"),
    "a range from below": (tool(), tool("a: Annotated[int, Meta(ge=1)]"), "CDT474", "numbers from 1 now"),
    "a range from above": (
        tool("a: Annotated[int, Meta(le=100)]"),
        tool("a: Annotated[int, Meta(le=50)]"),
        "CDT474",
        "takes numbers up to 50 now, and took numbers up to 100",
    ),
    "an open end": (
        tool("a: Annotated[float, Meta(ge=0)]"),
        tool("a: Annotated[float, Meta(gt=0)]"),
        "CDT474",
        "numbers above 0",
    ),
    "multiples": (tool(), tool("a: Annotated[int, Meta(multiple_of=5)]"), "CDT474", "multiples of 5"),
    "a length": (
        tool("a: str"),
        tool("a: Annotated[str, Meta(max_length=9)]"),
        "CDT474",
        "at most 9 characters",
    ),
    "a least length": (
        tool("a: list[int]"),
        tool("a: Annotated[list[int], Meta(min_length=1)]"),
        "CDT474",
        "at least 1 items",
    ),
    "a pattern": (tool("a: str"), tool("a: Annotated[str, Meta(pattern='^a')]"), "CDT474", "text like `^a`"),
    "a format": (tool("a: str"), tool("a: UUID"), "CDT474", "takes uuid now"),
    "another format": (tool("a: date"), tool("a: UUID"), "CDT474", "takes uuid now, and took date"),
    "bytes": (tool("a: str"), tool("a: bytes"), "CDT474", "takes base64 now"),
    "a value of an enum": (
        tool("a: Color", above=COLOR),
        tool("a: Color", above=COLOR.replace('    BLUE = "blue"\n', "")),
        "CDT474",
        '`a` of the tool `f` no longer takes "blue"',
    ),
    "a value of a literal": (
        tool("a: Literal['x', 'y', 1]"),
        tool("a: Literal['x', 1]"),
        "CDT474",
        'no longer takes "y"',
    ),
    "values, not any": (tool("a: str"), tool("a: Literal['x']"), "CDT474", 'takes only "x" now'),
    "items of a list": (tool("a: list[float]"), tool("a: list[int]"), "CDT474", "`a[]` of the tool `f`"),
    "each item once": (tool("a: list[int]"), tool("a: set[int]"), "CDT474", "each item once"),
    "a tuple": (tool("a: list[int]"), tool("a: tuple[int, int]"), "CDT474", "items now"),
    "values of a dict": (tool("a: dict[str, float]"), tool("a: dict[str, int]"), "CDT474", "`a[]`"),
    "a field is required": (
        tool("a: Item", above=ITEM),
        tool("a: Item", above=ITEM.replace(" = 1", "")),
        "CDT473",
        "`a.size` of the tool `f` is required now",
    ),
    "a field is gone": (
        tool("a: Item", above=ITEM),
        tool("a: Item", above=ITEM.replace("    size: int = 1\n", "")),
        "CDT474",
        "`a.size`",
    ),
    "a field has another type": (
        tool("a: list[Item]", above=ITEM),
        tool("a: list[Item]", above=ITEM.replace("name: str", "name: int")),
        "CDT474",
        "`a[].name` of the tool `f` takes integer now",
    ),
    "a schema that holds itself": (
        tool("a: Tree", above=TREE),
        tool("a: Tree", above=TREE.replace("value: int", "value: Annotated[int, Meta(ge=0)]")),
        "CDT474",
        "`a.value`",
    ),
    "a dict is a dataclass": (tool("a: dict[str, int]"), tool("a: Item", above=ITEM), "CDT473", "`a.name`"),
    "one of a tagged union": (
        tool("a: Cat | Dog", above=CAT),
        tool("a: Dog", above=CAT),
        "CDT474",
        "no longer takes",
    ),
    "a field of one of a tagged union": (
        tool("a: Cat | Dog", above=CAT),
        tool("a: Cat | Dog", above=CAT.replace("lives: int", "lives: int\n    age: int")),
        "CDT473",
        "`a.age`",
    ),
    "no other members": (given(OPEN), given(CLOSED), "CDT474", "takes no other members now"),
    "a null in a schema by hand": (
        given(OBJECT % '{"type": ["integer", "null"]}', "a: int | None = 1"),
        given(OPEN, "a: int | None = 1"),
        "CDT474",
        "and took integer or null",
    ),
    "what depends": (
        given(OPEN.replace("}}}", '}, "b": {"type": "integer"}}}'), "a: int = 1, b: int = 1"),
        given(
            OPEN.replace("}}}", '}, "b": {"type": "integer"}}, "dependentRequired": {"a": ["b"]}}'),
            "a: int = 1, b: int = 1",
        ),
        "CDT473",
        "`b`",
    ),
    "an answer of another type": (
        tool(),
        tool(returns="int"),
        "CDT475",
        "may be integer now, and was string",
    ),
    "an answer without a type": (tool(), tool().replace(" -> str", ""), "CDT475", "has no schema any more"),
    "an answer may be null": (tool(), tool(returns="str | None"), "CDT475", "string or null now"),
    "an answer may be any number": (tool(returns="int"), tool(returns="float"), "CDT475", "`result` of what"),
    "an answer has another value": (
        tool(returns="Literal['x']"),
        tool(returns="Literal['x', 'y']"),
        "CDT475",
        'may be "y" now',
    ),
    "a field of an answer is gone": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM.replace("    name: str\n", "")),
        "CDT475",
        "`name` of what the tool `f` gives may be missing now",
    ),
    "a field of an answer may be missing": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM.replace("name: str", 'name: str = ""')),
        "CDT475",
        "`name` of what the tool `f` gives may be missing now",
    ),
    "a field of an answer has another type": (
        tool(returns="Item", above=ITEM),
        tool(returns="Item", above=ITEM.replace("size: int", "size: float")),
        "CDT475",
        "`size`",
    ),
    "an answer's bound is gone": (
        tool(returns="Annotated[int, Meta(ge=0)]"),
        tool(returns="int"),
        "CDT475",
        "numbers of any size now",
    ),
    "an answer is another object": (
        tool(returns="Item", above=ITEM),
        tool(returns="dict[str, str]", above=ITEM),
        "CDT475",
        "`name`",
    ),
    "a header": (
        tool("a: str"),
        tool("a: Annotated[str, Header()]"),
        "CDT476",
        "`a` of the tool `f` must stand in the header `Mcp-Param-A`, too",
    ),
    "another header": (
        tool("a: Annotated[str, Header()]"),
        tool("a: Annotated[str, Header('B')]"),
        "CDT476",
        "`Mcp-Param-B`",
    ),
    "another path": (offers(TOOL), offers(TOOL, PATH), "CDT477", "stands at `/other` now"),
    "another transport": (
        offers(TOOL),
        offers(TOOL, 'app.enable_mcp(transport="sse")\n'),
        "CDT477",
        "over `sse` now, and was over `http`",
    ),
    "pipes only": (offers(TOOL), offers(TOOL, 'app.enable_mcp(transport="stdio")\n'), "CDT477", "`stdio`"),
    "a token": (
        offers(TOOL),
        offers(TOOL, TOKEN),
        "CDT477",
        "what the app offers by MCP asks for a token now",
    ),
    "a scope": (
        offers(TOOL, TOKEN),
        offers(TOOL.replace("tool()", 'tool(scopes=["notes"])'), TOKEN),
        "CDT477",
        "the tool `f` asks for tokens with `notes` now",
    ),
    "no MCP any more": (offers(TOOL), offers(TOOL, ""), "CDT477", "is not offered any more"),
}


@pytest.mark.parametrize("what", BREAKING)
def test_it_is_found(what: str, tmp_path: Path) -> None:
    before, now, code, words = BREAKING[what]
    found = said(before, now, tmp_path)
    assert code in {one.rule.code for one in found}, found
    assert any(words in one.message for one in found if one.rule.code == code), found
    assert {one.severity for one in found} == {"error"}
    lines = now.count("\n")
    assert all(one.span.file == "app.py" and 1 <= one.span.line <= lines and one.help for one in found)


def test_places(tmp_path: Path) -> None:
    found = said(tool("a: int"), tool("a: str, b: int", returns="int"), tmp_path)
    line = tool().split("\n").index("def f(a: int) -> str:") + 1
    assert [(one.rule.code, one.span.line, one.span.column) for one in found] == [
        ("CDT474", line, 7),
        ("CDT473", line, 15),
        ("CDT475", line, 26),
    ]
    assert {one.help.partition("; ")[2] for one in found if one.help} == {
        f"in old.json it stood at app.py:{line - 1}:2"
    }


def test_what_is_gone_stands_where_mcp_is_enabled(tmp_path: Path) -> None:
    [one] = said(offers(TWO), offers(TOOL), tmp_path)
    assert one.span.line == HEAD.count("\n") + 1
    assert one.help is not None and "old.json it stood at app.py:18:2" in one.help


def test_a_stripped_build_has_no_places(tmp_path: Path) -> None:
    [one] = said(tool("a: int"), tool("a: str"), tmp_path, stripped=True)
    assert one.help is not None and "stood" not in one.help
