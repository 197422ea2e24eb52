"""Secrets where a name should be.

In: the whole App. Out: the same App. Paths, names on the wire, tags, names of routes and models stand in the
generated code and in every document: they cannot be left out, so a secret there is an error. A path may hold
random text (proofs of who owns a site do), so of paths only keys of known shape count. The message never
repeats the name.
"""

from collections.abc import Iterator

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir.nodes import App, Static
from conduitc.ir.secrets import is_key, is_secret
from conduitc.span import Span

#: No key is shorter.
_LONG = 16


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    found = [
        SECRET_NAME.at(span, what=what)
        for what, name, span in _names(app)
        if name is not None and len(name) >= _LONG and is_secret(name)
    ]
    found += [SECRET_NAME.at(span, what=what) for what, path, span in _paths(app) if is_key(path)]
    return app, tuple(found)


def _names(app: App) -> Iterator[tuple[str, str | None, Span]]:
    for route in app.routes:
        yield "the name of the route", route.options.name, route.span
        yield from (("a tag of the route", tag, route.span) for tag in route.options.tags)
        for binding in route.bindings or ():
            if binding.key != binding.parameter:
                yield f"the name of `{binding.parameter}` in requests", binding.key, binding.span
    for model in app.models:
        yield "the name of a model", model.name, model.span
    for schema in app.schemas:
        if schema.tag is not None:
            yield f"the tag of `{schema.name}`", schema.tag[1], schema.span
        for field in schema.fields:
            if field.name != field.attribute:
                yield f"the name of `{schema.name}.{field.attribute}` in requests", field.name, field.span


def _paths(app: App) -> Iterator[tuple[str, str, Span]]:
    for route in app.routes:
        for segment in route.path.segments:
            if isinstance(segment, Static) and len(segment.text) >= _LONG:
                yield "a part of the path", route.path.text, route.path.span
                break
    for one in app.endpoints:
        yield "the path of an endpoint", one.path, one.span


SECRET_NAME = Rule(
    code="CDT447",
    slug="secret-as-name",
    severity="error",
    message="{what} looks like a secret, and a name is told to everybody",
    docs="""Paths, names in requests, tags and names of routes and models are part of what an app publishes:
they stand in the generated code, the OpenAPI document and the metadata, and clients send them. A secret
cannot be kept out of there. Give it a name, and compare the secret itself, read from the environment, in the
handler.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.post("/hooks/ghp_x7Kq2mZ9wT4vB8nR3cJ6pL1sD5fG0yEa1B2")
def hook():
    return None
""",
    good="""\
import hmac
import os

from conduit import Conduit, HTTPError

app = Conduit()

@app.post("/hooks/:key")
def hook(key: str):
    if not hmac.compare_digest(key.encode(), os.environ["HOOK_KEY"].encode()):
        raise HTTPError(404)
""",
)
