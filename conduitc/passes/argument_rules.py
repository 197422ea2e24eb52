"""The rules of the arguments pass, with their pages and cases."""

from conduitc.diagnostics import Rule

NO_ARGUMENT = Rule(
    code="CDT458",
    slug="tool-parameter-without-place",
    severity="error",
    message="`{parameter}` of the tool `{name}` {why}",
    docs="""A tool is called with named arguments, by HTTP or over pipes, so there is no request to read from.
What belongs to the call, progress and log messages, is in a parameter annotated `Context`.""",
    bad="""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(request) -> str:
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
