"""Secrets where a name should be.

In: the whole App. Out: the same App. Paths, names on the wire, tags, names of routes and models stand in the
generated code and in every document: they cannot be left out, so a secret there is an error. A path may hold
random text (proofs of who owns a site do), so of paths only keys of known shape count. The message never
repeats the name.
"""

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir import told
from conduitc.ir.nodes import App


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    return app, tuple(SECRET_NAME.at(one.span, what=one.what) for one in told.secret(app))


SECRET_NAME = Rule(
    code="CDT447",
    slug="secret-as-name",
    severity="error",
    message="{what} looks like a secret, and a name is told to everybody",
    docs="""Paths, methods, scopes, tags, and names in requests, of routes, models and tools are part of what
an app publishes: they stand in the generated code, the OpenAPI document and the metadata, and clients send
them. A secret cannot be kept out of there. Give it a name, and compare the secret itself, read from the
environment, in the handler.""",
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
