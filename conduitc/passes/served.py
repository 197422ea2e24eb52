"""Says, once for each kind, what of the app this version does not serve yet.

In: the whole App. Out: the same App.
"""

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir.nodes import App


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    kinds = (
        ("blocks", [one.span for one in app.blocks]),
        ("models", [one.span for one in app.models]),
        ("model endpoints", [one.span for one in app.endpoints]),
    )
    found = []
    for what, spans in kinds:
        if spans:
            label = f"the first of {len(spans)}" if len(spans) > 1 else None
            found.append(NOT_SERVED.at(spans[0], label=label, what=what))
    return app, tuple(found)


NOT_SERVED = Rule(
    code="CDT490",
    slug="not-served-yet",
    severity="info",
    message="{what} are recognised, checked, and in metadata and manifest; this version does not serve them",
    docs="""Routes are served, and tools, resources and prompts by MCP. Blocks, models and model endpoints are
read, checked against their rules and written into the metadata and the manifest; what runs them comes in a
later version. See the roadmap.""",
    bad="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "model.npz"))


@app.ml_endpoint("/predict", "classifier")
def prepare(data):
    return data["features"]
# file: model.npz
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/search")
def search(words: str) -> str:
    \"\"\"Search the shop.\"\"\"
    return words
""",
)
