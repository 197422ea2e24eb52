"""``Annotated[str, Header()]`` of a tool: in its schema, compared with the header, and read by a route."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.speaking import error, headers, legacy, message, modern, post, result
from tests.rules.cases import analysed
from tests.service.ways import WAYS, Answer, ask, made
from tests.service.ways import request as get

Ask = Callable[..., list[Answer]]
HEAD = """from enum import Enum
from typing import Annotated, Literal

from conduit import Conduit, Header
from msgspec import Meta

app = Conduit()
app.enable_mcp()
"""
PROGRAM = {
    "app.py": HEAD
    + '''

class Plan(Enum):
    FREE = "free"
    PAID = "paid"


@app.get("/search")
@app.tool()
def search(
    words: str,
    region: Annotated[str, Header()] = "eu",
    tenant_id: Annotated[int, Meta(ge=1), Header()] = 1,
    dry: Annotated[bool, Header("X-Dry")] = False,
    plan: Annotated[Plan, Header()] = Plan.FREE,
    size: Annotated[Literal["s", "l"], Header()] = "s",
) -> str:
    """Search the shop."""
    return f"{words} {region} {tenant_id} {dry} {plan.value} {size}"


@app.tool()
def plain(words: str) -> str:
    """Gives words back."""
    return words
'''
}


@pytest.fixture(scope="module", params=WAYS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """What the program answers, run in each way."""
    folder = made(request.param, PROGRAM, tmp_path_factory.mktemp(request.param))
    return lambda *requests: ask(folder, requests)


def call(arguments: dict[str, Any], **more: str) -> Any:
    told = message("tools/call", name="search", arguments=arguments)
    return post(told, **headers(told), **more)


def test_what_is_listed(told: Ask) -> None:
    [answer] = told(modern("tools/list"))
    plain, search = result(answer)["tools"]
    assert "x-mcp-header" not in str(plain)
    properties = search["inputSchema"]["properties"]
    assert {name: one.get("x-mcp-header") for name, one in properties.items()} == {
        "words": None,
        "region": "Region",
        "tenant_id": "Tenant-Id",
        "dry": "X-Dry",
        "plan": "Plan",
        "size": "Size",
    }
    assert [one["type"] for one in properties.values()] == [
        *("string", "string", "integer", "boolean", "string", "string")
    ]
    assert search["inputSchema"]["required"] == ["words"]


def test_the_header_says_what_the_argument_does(told: Ask) -> None:
    found = told(
        call({"words": "hat"}),
        call({"words": "hat", "region": "us"}, Mcp_Param_Region="us"),
        call({"words": "hat", "region": "süd"}, Mcp_Param_Region="=?base64?c8O8ZA==?="),
        call({"words": "hat", "tenant_id": 7, "dry": True}, Mcp_Param_Tenant_Id="7", Mcp_Param_X_Dry="true"),
        call({"words": "hat", "plan": "paid", "size": "l"}, Mcp_Param_Plan="paid", Mcp_Param_Size="l"),
    )
    texts = [result(answer)["content"][0]["text"] for answer in found]
    assert texts == [
        "hat eu 1 False free s",
        "hat us 1 False free s",
        "hat süd 1 False free s",
        "hat eu 7 True free s",
        "hat eu 1 False paid l",
    ]


def test_another_header_is_refused(told: Ask) -> None:
    found = told(
        call({"words": "hat", "region": "us"}),
        call({"words": "hat"}, Mcp_Param_Region="us"),
        call({"words": "hat", "region": "us"}, Mcp_Param_Region="eu"),
        call({"words": "hat", "tenant_id": 7}, Mcp_Param_Tenant_Id="8"),
        call({"words": "hat", "dry": True}, Mcp_Param_X_Dry="True"),
    )
    assert [error(answer) for answer in found] == [(400, -32020)] * 5


def test_the_value_is_the_bodys(told: Ask) -> None:
    """A header is a copy: it gives an argument no value, and clients of before send none."""
    wrong = call({"words": "hat", "tenant_id": 0}, Mcp_Param_Tenant_Id="0")
    before = legacy("tools/call", name="search", arguments={"words": "hat", "region": "us"})
    found = told(wrong, before)
    assert result(found[0])["isError"]
    assert result(found[1])["content"][0]["text"] == "hat us 1 False free s"


def test_the_route_reads_its_header(told: Ask) -> None:
    found = told(
        get("GET", "/search?words=hat"),
        get("GET", "/search?words=hat", region="us", tenant_id="7", x_dry="true", plan="paid", size="l"),
        get("GET", "/search?words=hat&region=us"),
        get("GET", "/search?words=hat", tenant_id="0"),
    )
    assert [answer[0] for answer in found] == [200, 200, 200, 422]
    assert [answer[2] for answer in found[:3]] == [
        '"hat eu 1 False free s"',
        '"hat us 7 True paid l"',
        '"hat eu 1 False free s"',
    ]


WRONG = {
    "a number with a fraction": "a: Annotated[float, Header()]",
    "one that may be null": "a: Annotated[str | None, Header()] = None",
    "a list": "a: Annotated[list[str], Header()]",
    "values of two kinds": "a: Annotated[Literal['a', 1], Header()]",
    "an object": "a: Annotated[dict[str, int], Header()]",
    "no name of a header": "a: Annotated[str, Header('a b')]",
    "the same header twice": "a: Annotated[str, Header('X')], b: Annotated[int, Header('x')]",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_a_header(what: str, tmp_path: Path) -> None:
    case = f'{HEAD}\n\n@app.tool()\ndef f({WRONG[what]}) -> str:\n    """Does."""\n    return "x"\n'
    found = [one for one in analysed(tmp_path, case) if one.severity == "error"]
    assert [one.rule.code for one in found] == ["CDT460"]
    assert found[0].span.line == HEAD.count("\n") + 4


def test_other_places_stay_refused(tmp_path: Path) -> None:
    tool = 'def f(a: Annotated[str, Header()]) -> str:\n    """Does."""\n    return a\n'
    for decorator in ("@app.prompt()", "@app.resource('x://{a}')"):
        assert "CDT458" in {one.rule.code for one in analysed(tmp_path, f"{HEAD}\n\n{decorator}\n{tool}")}
    query = tool.replace("Header()", "Query()")
    case = f"{HEAD.replace('Header', 'Query')}\n\n@app.tool()\n{query}"
    assert "CDT458" in {one.rule.code for one in analysed(tmp_path, case)}


@pytest.mark.parametrize(
    ("header", "codes"),
    [('"x-mcp-header": "A"', set()), ('"x-mcp-header": "B"', {"CDT452"}), ("", {"CDT452"})],
)
def test_a_given_schema_says_the_same(header: str, codes: set[str], tmp_path: Path) -> None:
    one = '{"type": "string"' + (f", {header}" if header else "") + "}"
    schema = f'{{"type": "object", "properties": {{"a": {one}}}, "required": ["a"]}}'
    tool = 'def f(a: Annotated[str, Header()]) -> str:\n    """Does."""\n    return a\n'
    case = f"{HEAD}\n\n@app.tool(schema={schema})\n{tool}"
    assert {one.rule.code for one in analysed(tmp_path, case) if one.severity == "error"} == codes
