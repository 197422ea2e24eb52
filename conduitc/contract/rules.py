"""The rules of contracts, with their pages and cases; `before/app.py` is the program as it was."""

from conduitc.diagnostics import Rule

_BEFORE = '''\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

@app.tool()
def search(words: str, limit: int = 10) -> list[str]:
    """Search the shop."""
    return [words][:limit]
'''


def _case(now: str) -> str:
    return f"{now}# file: before/app.py\n{_BEFORE}"


_SAME = _case(_BEFORE)

GONE = Rule(
    code="CDT472",
    slug="contract-gone",
    severity="error",
    message="{what} is gone{instead}",
    docs="""Found by `conduitc check --against`. Clients and models call a tool or prompt by its name and
read a resource by its URI; what they knew must go on to be there. A new name is a new thing: offer it beside
the old one.""",
    bad=_case(_BEFORE.replace("@app.tool()", '@app.tool(name="find")')),
    good=_SAME,
)

REQUIRED = Rule(
    code="CDT473",
    slug="contract-required",
    severity="error",
    message="`{place}` of {what} is required now",
    docs="""Found by `conduitc check --against`. Who called without it is refused. A new argument needs a
default, and one that could be left out must stay so.""",
    bad=_case(_BEFORE.replace("limit: int = 10", "limit: int")),
    good=_case(
        _BEFORE.replace("limit: int = 10", "limit: int = 20, offset: int = 0").replace("[:", "[offset:")
    ),
)

TAKES = Rule(
    code="CDT474",
    slug="contract-takes-less",
    severity="error",
    message="{where}{what} {why}",
    docs="""Found by `conduitc check --against`. What was taken before is refused or left unread: an
argument is gone, has another type, a narrower range, fewer values. What is taken may become more, never
less.""",
    bad=_case(_BEFORE.replace("words: str", "words: int").replace("[words]", "[str(words)]")),
    good=_case(_BEFORE.replace("words: str", "words: str | int").replace("[words]", "[str(words)]")),
)

GIVES = Rule(
    code="CDT475",
    slug="contract-gives-other",
    severity="error",
    message="{where}what {what} gives {why}",
    docs="""Found by `conduitc check --against`. Clients read answers by the output schema that they were
shown. What is given may become less, such as a field that is always there or fewer values; never something
that the old schema did not allow.""",
    bad=_case(_BEFORE.replace("list[str]", "list[str | None]")),
    good=_SAME,
)

HEADER = Rule(
    code="CDT476",
    slug="contract-header",
    severity="error",
    message="`{place}` of {what} {why}",
    docs="""Found by `conduitc check --against`. An argument with `x-mcp-header` must be sent as a header,
too, and who knows the old schema does not send it: the call is refused.""",
    bad=_case(
        _BEFORE.replace("import Conduit\n", "import Conduit, Header\n")
        .replace("from conduit", "from typing import Annotated\n\nfrom conduit", 1)
        .replace("words: str", "words: Annotated[str, Header()]")
    ),
    good=_SAME,
)

ACCESS = Rule(
    code="CDT477",
    slug="contract-access",
    severity="error",
    message="{what} {why}",
    docs="""Found by `conduitc check --against`. Clients are told once, in their configuration, where to
find the app and which token to show.""",
    bad=_case(_BEFORE.replace("enable_mcp()", 'enable_mcp(path="/tools")')),
    good=_SAME,
)

_SHAPED = '''\
from conduit import Conduit

app = Conduit()
app.enable_mcp()

WORDS = {"type": "string", "pattern": "PATTERN"}

@app.tool(schema={"type": "object", "properties": {"words": WORDS}, "required": ["words"]})
def search(words: str) -> str:
    """Search the shop."""
    return words
'''

UNSURE = Rule(
    code="CDT478",
    slug="contract-unclear",
    severity="warning",
    message="it cannot be told whether {what} all that it did: `{keyword}` has changed",
    docs="""Found by `conduitc check --against`. Patterns and keywords such as `not`, `if` and `contains` are
only compared word by word. Where they differ, the new schema may let in more, less, or the same.""",
    bad=_SHAPED.replace("PATTERN", "^[a-z]+$")
    + "# file: before/app.py\n"
    + _SHAPED.replace("PATTERN", "^[a-z ]+$"),
    good=_SAME,
)
