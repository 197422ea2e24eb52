"""What handlers do with the request, beside what their signatures say.

In: bound routes, functions with their effects. Out: the same App.
"""

from collections.abc import Iterator

from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.ir.nodes import App, Function, Route
from conduitc.suggest import closest, same


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    found: list[Diagnostic] = []
    for route in app.routes:
        function = functions[route.handler]
        if function.opaque is None and not route.websocket:
            found.extend(_unknown(route, function))
            found.extend(_hidden(route, function))
            found.extend(_unused_body(route, function))
    return app, tuple(found)


#: What a request has; the language's `form` and `after` come later.
ATTRIBUTES = frozenset(
    ("body", "client", "cookies", "headers", "json", "method", "params", "path", "query", "scope", "state")
) | {"stream", "url"}
_LATER = frozenset(("after", "form", "session"))


def _unknown(route: Route, function: Function) -> Iterator[Diagnostic]:
    for use in function.effects.request_uses:
        name = use.attribute
        if name not in ATTRIBUTES and name != "*" and not name.startswith("_"):
            near = closest(name, sorted(ATTRIBUTES))
            help_ = f"did you mean `{near}`?" if near else f"it has {', '.join(sorted(ATTRIBUTES))}"
            later = name in _LATER
            fix = None
            if near and use.named is not None and not later:
                # names that differ in case and underscores only cannot mean anything else
                fix = Fix(f"write `{near}`", use.named, near, safe=same(name, near))
            yield NO_ATTRIBUTE.at(
                use.span,
                label="not in this version" if later else None,
                help=None if later else help_,
                fix=fix,
                name=name,
            )


def _hidden(route: Route, function: Function) -> Iterator[Diagnostic]:
    shown = {binding.key for binding in route.bindings or () if binding.source == "query"}
    for use in function.effects.request_uses:
        if use.attribute == "query" and use.key is not None and use.key not in shown:
            shown.add(use.key)
            plain = use.key.isidentifier()
            yield HIDDEN_QUERY.at(
                use.span,
                label="read here only",
                help=f"take it as a parameter: `{use.key}: str`, or `{use.key}: str | None = None`"
                if plain
                else f'take it as a parameter: `Annotated[str, Query("{use.key}")]`',
                name=use.key,
                handler=function.name,
            )


def _unused_body(route: Route, function: Function) -> Iterator[Diagnostic]:
    for binding in route.bindings or ():
        if binding.source == "body" and binding.parameter in function.effects.unused_parameters:
            yield UNUSED_BODY.at(
                binding.span,
                label="read, decoded and validated, then not used",
                help="leave it out, unless its being valid is what matters",
                name=binding.parameter,
                handler=function.name,
            )


NO_ATTRIBUTE = Rule(
    code="CDT362",
    slug="no-such-request-attribute",
    severity="warning",
    message="a request has no `{name}`",
    docs="""Python would raise AttributeError here, at every request (unless the name means something else by
then: what is given to it inside the handler is not followed). `form()` and `after()` are of the
language, and not of this version.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/")
def index(request):
    return {"ip": request.clinet}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/")
def index(request):
    return {"ip": request.client}
""",
)

HIDDEN_QUERY = Rule(
    code="CDT360",
    slug="hidden-query-parameter",
    severity="warning",
    message="`{handler}` reads the query parameter `{name}`, which its signature does not show",
    docs="""What a handler takes out of `request.query` is text, is not validated, and is missing from
the OpenAPI document. As a parameter it is converted, checked and documented.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/items")
def items(request):
    return {"page": request.query["page"]}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/items")
def items(page: int):
    return {"page": page}
""",
)

UNUSED_BODY = Rule(
    code="CDT361",
    slug="body-not-used",
    severity="info",
    message="`{handler}` never uses the body `{name}`",
    docs="""The body is read, decoded and validated on every request. Where only its being valid
matters this is right; otherwise leave the parameter out.""",
    bad="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Item:
    name: str

@app.post("/items")
def create(item: Item):
    return {"created": True}
""",
    good="""\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit()

@dataclass
class Item:
    name: str

@app.post("/items")
def create(item: Item):
    return {"created": item.name}
""",
)
