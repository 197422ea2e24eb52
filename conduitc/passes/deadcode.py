"""Handlers and schemas that nothing refers to.

In: the whole App. Out: the same App. What no route, tool, block or other definition leads to, and whose name
stands nowhere else in the project, is dead unless something outside the project imports it: hence a hint.
"""

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir.nodes import App


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    dead = set(app.unmentioned)
    found = [DEAD_SCHEMA.at(one.span, name=one.name) for one in app.schemas if one.id in dead]
    for function in app.functions:
        if function.id in dead:
            takes_request = any(parameter.name == "request" for parameter in function.parameters)
            found.append(
                DEAD_FUNCTION.at(
                    function.span,
                    help="it takes a request: is its decorator missing?" if takes_request else None,
                    name=function.name,
                )
            )
    return app, tuple(found)


DEAD_FUNCTION = Rule(
    code="CDT370",
    slug="dead-function",
    severity="info",
    message="nothing refers to `{name}`",
    docs="""No route, tool or other function leads here, and the name stands nowhere else in the project. A
handler without its decorator looks like this. If another program imports it, all is well.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/")
def index():
    return {"ok": True}

def imprint(request):
    return {"publisher": "us"}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/")
def index():
    return {"ok": True}

@app.get("/publisher")
def imprint(request):
    return {"publisher": "us"}
""",
)

DEAD_SCHEMA = Rule(
    code="CDT446",
    slug="dead-schema",
    severity="info",
    message="nothing refers to `{name}`",
    docs="""No handler, tool, block or other schema uses this class, and its name stands nowhere else in the
project. It is still in the metadata.""",
    bad="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Item:
    name: str

@app.get("/")
def index():
    return {"ok": True}
""",
    good="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Item:
    name: str

@app.post("/")
def create(item: Item):
    return {"name": item.name}
""",
)
