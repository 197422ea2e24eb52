"""Routes of the app's own where introspection is offered.

In: the whole App. Out: the same App.
"""

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import INTROSPECT, App, Route, Static


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    found = app.introspection
    if found is None:
        return app, ()
    label = Label(found.span, "introspection is enabled here")
    return app, tuple(
        PATH_TAKEN.at(route.span, labels=(label,), help="give the route another path", path=route.path.text)
        for route in app.routes
        if not route.fallback and _stands_there(route)
    )


def _stands_there(route: Route) -> bool:
    """Whether the route's path begins as that of introspection does, and it takes GET."""
    texts = [one.text if isinstance(one, Static) else None for one in route.path.segments]
    there = INTROSPECT[1:].split("/")
    return texts[: len(there)] == there and bool({"GET", "HEAD", "*"} & set(route.methods))


PATH_TAKEN = Rule(
    code="CDT466",
    slug="introspection-path-taken",
    severity="error",
    message="`{path}` is where the app offers introspection",
    docs="""With `introspection=` the app answers questions about itself at `/introspect/v1` and below, so no
route of its own can take GET there: it would hide an answer, or never be reached.""",
    bad="""\
from conduit import Conduit, Introspection

app = Conduit(introspection=Introspection(enabled=True))


@app.get("/introspect/v1/orders")
def orders():
    return []
""",
    good="""\
from conduit import Conduit, Introspection

app = Conduit(introspection=Introspection(enabled=True))


@app.get("/introspect/orders")
def orders():
    return []
""",
)
