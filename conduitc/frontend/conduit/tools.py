"""Records of tools, models, endpoints and MCP → their nodes."""

from __future__ import annotations

from pathlib import Path

from conduitc.diagnostics import Rule
from conduitc.frontend.conduit.assemble import Numbering
from conduitc.frontend.conduit.handlers import Handlers
from conduitc.frontend.conduit.offers import scopes_of
from conduitc.frontend.conduit.records import Record
from conduitc.frontend.conduit.static import NOT_STATIC, WRONG_VALUE, piece
from conduitc.frontend.constants import constant
from conduitc.frontend.docs import docstring
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, Const, External, Function, Instance, Unknown, Value
from conduitc.ir.nodes import Constant, Endpoint, MLModel, Tool
from conduitc.suggest import closest, did_you_mean

NO_DATA = Rule(
    code="CDT140",
    slug="missing-data-file",
    severity="warning",
    message="there is no file `{file}`",
    docs=(
        "Data files named by a literal are copied into a build, relative to the file that names them. This "
        "one is not there, so whoever opens it at run time fails."
    ),
    bad="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "missing.npz"))
""",
    good="""\
from conduit.ml import ConduitML, NumpyModel

app = ConduitML()
app.register_model("classifier", NumpyModel("classifier", "model.npz"))
# file: model.npz
""",
)

NO_MODEL = Rule(
    code="CDT401",
    slug="unknown-model",
    severity="error",
    message="no model named `{name}` is registered",
    docs="`ml_endpoint(path, model)` serves a model that `register_model(name, ...)` gave that name.",
    bad="""\
from conduit.ml import ConduitML

app = ConduitML()


@app.ml_endpoint("/predict", "classifier")
def prepare(data):
    return data["features"]
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

TRANSPORTS = ("http", "sse", "stdio")


class Tools:
    """Makes the nodes of one app's tools and models. ``data_files`` are what models are loaded from."""

    def __init__(self, numbering: Numbering, handlers: Handlers) -> None:
        self.numbering = numbering
        self.handlers = handlers
        self.data_files: list[str] = []

    def tool(self, record: Record) -> Tool | None:
        """``@app.tool(...)``; name and description follow the function unless given."""
        given = record.details if isinstance(record.details, dict) else {}
        function = self.handlers.id_of(record, record.value, "a tool")
        if function is None or not isinstance(record.value, Function):
            return None
        name = given.get("name")
        description = given.get("description")
        words = docstring(record.value.node)
        schema = given.get("schema")
        return Tool(
            f"tool:{function.partition(':')[2]}",
            name if isinstance(name, str) else record.value.name,
            description if isinstance(description, str) else words,
            self._schema(schema, record) if isinstance(schema, Value) else None,
            function,
            self.numbering.of(record),
            record.span,
            title=title if isinstance(title := given.get("title"), str) else None,
            timeout=float(seconds) if isinstance(seconds := given.get("timeout"), int | float) else None,
            blocking=blocking if isinstance(blocking := given.get("blocking"), bool) else None,
            scopes=scopes_of(given),
        )

    def _schema(self, value: Value, record: Record) -> Constant | None:
        if isinstance(value, Const) and value.value is None:
            return None
        text = record.scope.source.snippet(record.node)
        found = constant(value, text)
        if found is None:
            help_ = value.reason if isinstance(value, Unknown) else None
            fault = NOT_STATIC.at(record.span, what="a tool's schema", text=text, help=help_)
            record.scope.report(fault)
        elif not isinstance(found.value, dict):
            wanted = "a dict with a JSON Schema"
            record.scope.report(WRONG_VALUE.at(record.span, what="`schema=`", wanted=wanted, text=text))
            return None
        return found

    def mcp(self, record: Record) -> tuple[tuple[str, Constant], ...]:
        """``enable_mcp(...)``: its options, defaults filled in; ``auth=`` is no constant."""
        given = dict(record.details) if isinstance(record.details, dict) else {}
        given.pop("auth", None)
        options = {"path": "/mcp", "transport": "http", **given}
        if options["transport"] not in TRANSPORTS:
            fields = {"what": "`transport=`", "wanted": "http, sse or stdio", "text": options["transport"]}
            record.scope.report(WRONG_VALUE.at(record.span, **fields))
        path = options["path"]
        if not isinstance(path, str) or not path.startswith("/") or set(path) & set("{}:*<>?#"):
            fields = {"what": "`path=`", "wanted": "a path that begins with a slash", "text": path}
            record.scope.report(WRONG_VALUE.at(record.span, **fields))
        return tuple((key, Constant(value, repr(value))) for key, value in sorted(options.items()))

    def model(self, record: Record) -> MLModel | None:
        """``register_model(name, model)``."""
        call = record.details
        assert isinstance(call, Call)
        engine, file, arguments = "", None, tuple[tuple[str, Constant], ...]()
        match call.argument("model", 1):
            case Instance(cls=External(name=engine), call=Call() as made):
                arguments = arguments_of(made, ("name", "file"))
                file = self._file(made) if engine.startswith("conduit.ml.") else None
            case Instance(cls=Class() as cls):
                engine = cls.full_name
            case Unknown(reason=reason):
                what = "a registered model"
                text = record.scope.source.snippet(call.node_of("model", 1))
                record.scope.report(NOT_STATIC.at(record.span, what=what, text=text, help=reason))
                return None
        id_ = f"model:{record.scope.name}.{record.key}"
        return MLModel(id_, record.key, engine, file, arguments, self.numbering.of(record), record.span)

    def _file(self, call: Call) -> str | None:
        """The data file of a model, relative to the project's root."""
        value = call.argument("file", 1)
        if not isinstance(value, Const) or not isinstance(value.value, str):
            return None
        root = call.scope.project.root
        path = (root / call.scope.source.file).parent / value.value
        if not path.exists():
            node = call.node_of("file", 1)
            help_ = did_you_mean(path.name, _names_beside(path))
            call.scope.report(NO_DATA.at(call.scope.span(node), help=help_, file=value.value))
        try:
            relative = path.resolve().relative_to(root).as_posix()
        except ValueError:
            return None
        self.data_files.append(relative)
        return relative

    def endpoint(self, record: Record, models: list[MLModel]) -> Endpoint | None:
        """``@app.ml_endpoint(path, model)``."""
        call = record.details
        assert isinstance(call, Call)
        function = self.handlers.id_of(record, record.value, "an endpoint")
        node = call.node_of("model", 1)
        name = piece(call.argument("model", 1), record.scope, node, "a model's name")
        if function is None or name is None:
            return None
        known = [model.name for model in models]
        if name.text not in known:
            near = closest(name.text, known)
            help_ = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}" if known else None
            record.scope.report(NO_MODEL.at(record.scope.span(node), name=name.text, help=help_))
        id_ = f"endpoint:{function.partition(':')[2]}"
        return Endpoint(id_, record.key, name.text, function, self.numbering.of(record), record.span)


def _names_beside(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []


def arguments_of(call: Call, names: tuple[str, ...]) -> tuple[tuple[str, Constant], ...]:
    """The constant arguments of a call, positional ones under ``names``."""
    found = []
    for position, value in enumerate(call.positional[: len(names)]):
        node = call.node_of(names[position], position)
        made = constant(value, call.scope.source.snippet(node))
        if made is not None:
            found.append((names[position], made))
    for name, value in call.keywords.items():
        made = constant(value, call.scope.source.snippet(call.node_of(name)))
        if made is not None:
            found.append((name, made))
    return tuple(found)
