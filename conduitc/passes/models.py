"""Models have names of their own, and endpoints one parameter.

In: models and endpoints. Out: the same App.
"""

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import App, MLModel


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    found = []
    first: dict[str, MLModel] = {}
    for model in app.models:
        if model.declaration is None:  # of a language model's block: not registered by name
            continue
        other = first.setdefault(model.name, model)
        if other is not model:
            labels = (Label(other.span, "first here"),)
            help_ = "register one of them under another name"
            found.append(
                DUPLICATE.at(model.span, label="again here", labels=labels, help=help_, name=model.name)
            )
    functions = {function.id: function for function in app.functions}
    for endpoint in app.endpoints:
        function = functions[endpoint.function]
        if len(function.parameters) != 1:
            extra = function.parameters[1:2]
            span = extra[0].span if extra else function.span
            found.append(
                ONE_PARAMETER.at(
                    span,
                    label="one too many" if extra else "takes nothing",
                    help="take the JSON body of the request as one value",
                    name=function.name,
                    count=len(function.parameters) or "no",
                )
            )
    return app, tuple(found)


DUPLICATE = Rule(
    code="CDT480",
    slug="duplicate-model-name",
    severity="error",
    message="there are two models named `{name}`",
    docs="""Endpoints name their model, so a name can stand for one model only.""",
    bad="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "a.npz"))
app.register_model("classifier", NumpyModel("classifier", "b.npz"))
# file: a.npz
# file: b.npz
""",
    good="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "a.npz"))
app.register_model("ranker", NumpyModel("ranker", "b.npz"))
# file: a.npz
# file: b.npz
""",
)

ONE_PARAMETER = Rule(
    code="CDT481",
    slug="endpoint-parameters",
    severity="error",
    message="`{name}` prepares the input of a model and takes {count} parameters; it must take one",
    docs="""The function under `@app.ml_endpoint` is given the JSON body of the request as its one
parameter, and returns what the model is to see.""",
    bad="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "model.npz"))

@app.ml_endpoint("/predict", "classifier")
def prepare(data, scale):
    return data["features"] * scale
# file: model.npz
""",
    good="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "model.npz"))

@app.ml_endpoint("/predict", "classifier")
def prepare(data):
    return data["features"]
# file: model.npz
""",
)
