"""Literals in declarations that look like secrets.

In: the whole App. Out: the same App. Looked at are the constants that declarations carry: settings of the
app, paths and texts of routes and tools, what ``use`` hands to middleware, defaults of handlers' and tools'
parameters and of schemas' fields, arguments of blocks and models, tools' schemas; names are for
``secret_names``. The message never repeats the literal.
"""

from collections.abc import Iterator
from itertools import chain

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir.nodes import App, Constant, Static
from conduitc.ir.secrets import is_key, is_secret
from conduitc.span import Span


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    found = [
        SECRET.at(span, label="a literal of it is in the source", help=_HELP, what=what)
        for what, name, value, span in chain(_constants(app), _texts(app))
        if any(is_secret(one, name) for one in _strings(value))
    ]
    if app.mcp_auth is not None and app.mcp_auth.secret:
        label = "a literal of it is in the source"
        found.append(SECRET.at(app.mcp_auth.span, label=label, help=_HELP, what="the key of `auth=`"))
    if app.introspection is not None and app.introspection.secret:
        label = "a literal of it is in the source"
        found.append(
            SECRET.at(app.introspection.span, label=label, help=_HELP, what="the token of introspection")
        )
    return app, tuple(found)


_HELP = "read it from the environment when the app starts"
#: No key is shorter.
_LONG = 16


def _texts(app: App) -> Iterator[tuple[str, str, object, Span]]:
    """What people write about an app; most of it is far from being a key."""
    settings = app.settings
    yield "the title of the app", "", settings.title, app.span
    yield "the description of the app", "", settings.description, app.span
    for route in app.routes:
        for segment in route.path.segments:
            if isinstance(segment, Static) and len(segment.text) >= _LONG and not is_key(segment.text):
                yield "a part of the path", "", segment.text, route.path.span
        options = route.options
        yield "a text of the route", "", [options.summary, options.description], route.span
    for tool in app.tools:
        yield f"the description of `{tool.name}`", "", tool.description, tool.span
    for one in app.middleware:
        for name, constant in one.arguments:
            yield f"`{name}` of `{one.name.rpartition('.')[2]}`", name, constant.value, one.span


def _constants(app: App) -> Iterator[tuple[str, str, object, Span]]:
    functions = {function.id: function for function in app.functions}
    declared = {one.handler for one in app.routes}
    declared |= {one.function for one in app.tools} | {one.function for one in app.endpoints}
    for id_ in sorted(declared):
        for parameter in functions[id_].parameters:
            if isinstance(parameter.default, Constant):
                yield (
                    f"the default of `{parameter.name}`",
                    parameter.name,
                    parameter.default.value,
                    parameter.span,
                )
    for schema in app.schemas:
        for field in schema.fields:
            if isinstance(field.default, Constant):
                what = f"the default of `{schema.name}.{field.attribute}`"
                yield what, field.attribute, field.default.value, field.span
    for block in app.blocks:
        for name, constant in block.arguments:
            yield f"`{name}` of `{block.name}`", name, constant.value, block.span
    for model in app.models:
        for name, constant in model.arguments:
            yield f"`{name}` of `{model.name}`", name, constant.value, model.span
    for tool in app.tools:
        if tool.schema is not None:
            yield f"the schema of `{tool.name}`", "", tool.schema.value, tool.span


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


SECRET = Rule(
    code="CDT445",
    slug="secret-in-declaration",
    severity="warning",
    message="{what} looks like a secret",
    docs="""What stands in the source is in every copy of it, every build and every image. Read secrets
from the environment when the app starts. Generated files leave the literal out; the copied module keeps
it.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/report")
def report(api_key: str = "sk-3fT9xLq2ZpW8vB4nR7cJ1mK5"):
    return {"allowed": bool(api_key)}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/report")
def report(api_key: str):
    return {"allowed": bool(api_key)}
""",
)
