"""The rules of the auth pass, with their pages and cases."""

from conduitc.diagnostics import Rule

_TOOL = '''
@app.tool()
def search(words: str) -> str:
    """Search the shop."""
    return words
'''

CANNOT_WORK = Rule(
    code="CDT462",
    slug="mcp-auth",
    severity="error",
    message="`auth=` of MCP cannot work: {why}",
    docs="""Clients learn from the server itself where tokens are to be had, so the first `audience=` is the
server's own address and `issuer=` that of who makes the tokens. Both, and the address of the keys, are https;
http is for this machine alone. What comes from the environment is looked at when the app starts.""",
    bad=f"""\
from conduit import BearerJWT, Conduit

app = Conduit()
app.enable_mcp(
    auth=BearerJWT("http://auth.example/jwks.json", issuer="https://auth.example", audience="shop"),
)
{_TOOL}""",
    good=f"""\
from conduit import BearerJWT, Conduit

app = Conduit()
app.enable_mcp(
    auth=BearerJWT(
        "https://auth.example/jwks.json",
        issuer="https://auth.example",
        audience=["https://shop.example/mcp", "shop"],
    ),
)
{_TOOL}""",
)

UNASKED = Rule(
    code="CDT463",
    slug="scopes-without-auth",
    severity="error",
    message="`{name}` needs the scopes `{scopes}`, and nobody is asked for a token",
    docs="""Scopes are what a token is good for. Without `auth=` of `enable_mcp` there are no tokens: anybody
could call what was meant for some.""",
    bad='''\
from conduit import Conduit

app = Conduit()
app.enable_mcp()


@app.tool(scopes=["orders:write"])
def order(id: int) -> str:
    """Order an item."""
    return f"{id} is ordered"
''',
    good='''\
from conduit import BearerJWT, Conduit

app = Conduit()
app.enable_mcp(
    auth=BearerJWT(
        "https://auth.example/jwks.json", issuer="https://auth.example", audience="https://shop.example/mcp"
    ),
)


@app.tool(scopes=["orders:write"])
def order(id: int) -> str:
    """Order an item."""
    return f"{id} is ordered"
''',
)

NO_SCOPE = Rule(
    code="CDT464",
    slug="no-scope",
    severity="error",
    message="`{scope}` cannot be a scope",
    docs="""A scope is one word of printable ASCII without quotes and backslashes (RFC 6749, 3.3): it stands
in headers, and several stand side by side with blanks between.""",
    bad='''\
from conduit import Conduit

app = Conduit()
app.enable_mcp(transport="stdio")


@app.tool(scopes=["orders:read orders:write"])
def order(id: int) -> str:
    """Order an item."""
    return f"{id} is ordered"
''',
    good='''\
from conduit import Conduit

app = Conduit()
app.enable_mcp(transport="stdio")


@app.tool(scopes=["orders:read", "orders:write"])
def order(id: int) -> str:
    """Order an item."""
    return f"{id} is ordered"
''',
)

TWICE = Rule(
    code="CDT465",
    slug="mcp-enabled-twice",
    severity="error",
    message="MCP is enabled more than once",
    docs="""Path and transport are settled at build time, by the one call of `enable_mcp`. Of two calls, in
branches of an `if` say, one would be left out silently, and with it what it asks of callers. What differs
from one place to the next is best given to `auth=`, which is looked at when the app starts.""",
    bad=f"""\
from conduit import Conduit

app = Conduit()
app.enable_mcp()
app.enable_mcp(path="/tools")
{_TOOL}""",
    good=f"""\
from conduit import Conduit

app = Conduit()
app.enable_mcp(path="/tools")
{_TOOL}""",
)
