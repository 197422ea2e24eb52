"""The rules of the arguments pass, with their pages and cases."""

from conduitc.diagnostics import Rule

NO_ARGUMENT = Rule(
    code="CDT458",
    slug="tool-parameter-without-place",
    severity="error",
    message="`{parameter}` of the {what} `{name}` {why}",
    docs="""A tool is called with named arguments, a prompt with named texts, a resource with what its URI
holds; over HTTP or over pipes, so there is no request to read from. What belongs to the call, progress and
log messages, is in a parameter annotated `Context`.""",
    bad="""\
from conduit import Conduit, Request

app = Conduit()
app.enable_mcp()

@app.tool()
def search(request: Request) -> str:
    \"\"\"Search the shop.\"\"\"
    return request.query["words"]
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

UNREAD = Rule(
    code="CDT459",
    slug="uri-variable-unread",
    severity="error",
    message="`{name}` stands in the URI, and `{handler}` does not take it",
    docs="""What a resource's URI has in braces is handed to its function by name.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.resource("shop://items/{id}")
def item() -> str:
    \"\"\"An item of the shop.\"\"\"
    return "an item"
""",
    good="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.resource("shop://items/{id}")
def item(id: int) -> str:
    \"\"\"An item of the shop.\"\"\"
    return f"item {id}"
""",
)
