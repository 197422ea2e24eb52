"""The rules of the tools pass, with their pages and cases."""

from conduitc.diagnostics import Rule

DUPLICATE = Rule(
    code="CDT450",
    slug="duplicate-tool-name",
    severity="error",
    message="there are two tools named `{name}`",
    docs="""A model calls a tool by its name alone, so a name can stand for one tool only.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words

@app.tool(name="search")
def search_orders(words: str) -> str:
    \"\"\"Search the orders.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words

@app.tool()
def search_orders(words: str) -> str:
    \"\"\"Search the orders.\"\"\"
    return words
""",
)

NO_DESCRIPTION = Rule(
    code="CDT451",
    slug="tool-without-description",
    severity="warning",
    message="the tool `{name}` has no description",
    docs="""The description is what a model decides by. The function's docstring serves, or
`description=`.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop for words.\"\"\"
    return words
""",
)

CONTRADICTS = Rule(
    code="CDT452",
    slug="tool-schema-contradicts",
    severity="error",
    message="the schema of `{name}` contradicts the function: {why}",
    docs="""Arguments that fit the schema must be such that the function can be called with them. A
name that it does not take, a parameter without default that the schema leaves out, or a type that the
annotation excludes makes every call fail. Without `schema=` the schema follows the signature.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "integer"}}, "required": ["words"]})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

LOOSER = Rule(
    code="CDT453",
    slug="tool-schema-looser",
    severity="info",
    message="the schema of `{name}` lets in what the function refuses",
    docs="""Calls are checked against the signature in any case: what only the schema allows
ends in an error that the model then has to understand. A schema as strict as the signature
tells it beforehand.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "string"}}})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

BAD_NAME = Rule(
    code="CDT454",
    slug="tool-name",
    severity="error",
    message="`{name}` is no name for a tool: it {why}",
    docs="""The protocol's names are 1 to 128 letters, digits, `_`, `-` and `.` of ASCII; clients
refuse others.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(name="search the shop")
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(name="search_the_shop")
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

BAD_SCHEMA = Rule(
    code="CDT455",
    slug="tool-schema-invalid",
    severity="error",
    message="the schema of `{name}` is no JSON Schema: `{where}` must be {wanted}",
    docs="""A hand-given `schema=` is passed to clients as it is, so it must be a JSON Schema (2020-12)
of an object.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "str"}}, "required": ["words"]})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(schema={"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]})
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

MCP_WITHOUT_TOOL = Rule(
    code="CDT456",
    slug="mcp-without-tool",
    severity="warning",
    message="MCP is enabled, and there is no tool, resource or prompt",
    docs="""A client that connects would find nothing to call.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

TOOL_WITHOUT_MCP = Rule(
    code="CDT457",
    slug="tool-without-mcp",
    severity="info",
    message="the app offers `{name}` by MCP, but no client can reach it",
    docs="""Tools, resources and prompts are served where `app.enable_mcp()` says so. They are in the metadata
either way.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)

BAD_MIRROR = Rule(
    code="CDT460",
    slug="tool-header",
    severity="error",
    message="`x-mcp-header` of `{name}` cannot stand at `{where}`: {why}",
    docs="""An argument with `x-mcp-header`, or with `Annotated[str, Header()]` in the signature, is sent as a
header, too, so that proxies can route by it. It must be a string, an integer or a boolean, be reached through
`properties` alone, and have a header of its own.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(
    schema={
        "type": "object",
        "properties": {"limit": {"type": "number", "x-mcp-header": "Limit"}},
        "required": ["limit"],
    }
)
def search(limit: float) -> str:
    \"\"\"Search the shop.\"\"\"
    return str(limit)
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool(
    schema={
        "type": "object",
        "properties": {"region": {"type": "string", "x-mcp-header": "Region"}},
        "required": ["region"],
    }
)
def search(region: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return region
""",
)

PATH_TAKEN = Rule(
    code="CDT461",
    slug="mcp-path-taken",
    severity="error",
    message="`{method} {path}` is where the app offers MCP",
    docs="""MCP's path is a route of its own, for GET, POST and DELETE; no other can stand there. With `auth=`
that is also true of GET where clients learn which tokens are asked for: below
`/.well-known/oauth-protected-resource`.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words

@app.get("/mcp")
def about():
    return {"about": "MCP"}
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp(path="/tools")

@app.tool()
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words

@app.get("/mcp")
def about():
    return {"about": "MCP"}
""",
)
