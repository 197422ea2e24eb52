"""Apps built by hand, node by node: what the emitters are tried on without a frontend."""

from conduitc.ir.nodes import (
    App,
    Binding,
    Block,
    Constant,
    Declaration,
    Dynamic,
    Effects,
    Endpoint,
    Field,
    Function,
    Middleware,
    MLModel,
    Module,
    Obstacle,
    Parameter,
    PathTemplate,
    Pipeline,
    Route,
    RouteOptions,
    Schema,
    Segment,
    Settings,
    Static,
    Tool,
    Unresolved,
)
from conduitc.ir.types import (
    NONE,
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    Type,
    UnionOf,
    Unknown,
)
from conduitc.span import Span

STR, INT = Scalar("str"), Scalar("int")
ITEM, COLOUR, NODE = Ref("schema:app.Item"), Ref("schema:app.Colour"), Ref("schema:tree.Node")


def at(line: int, file: str = "app.py") -> Span:
    return Span(file, line, 1, line + 1, 20)


def declared(line: int, key: str, kind: str = "route") -> Declaration:
    return Declaration(line, 0, kind, key, line, at(line))


def constant(value: object) -> Constant:
    return Constant(value, repr(value))


def parameter(name: str, type_: Type | None, default: object = ..., line: int = 1) -> Parameter:
    given = None if default is ... else constant(default)
    return Parameter(name, "positional", type_, given, at(line))


def function(
    name: str, line: int, *parameters: Parameter, returns: Type | None = None, **rest: object
) -> Function:
    settings: dict[str, object] = {
        "is_async": False,
        "is_generator": False,
        "doc": None,
        "returns_span": None,
        **rest,
    }
    return Function(
        id=f"function:app.{name}",
        name=name,
        qualname=name,
        module="app",
        span=at(line),
        line=line,
        parameters=parameters,
        returns=returns,
        **settings,  # type: ignore[arg-type]
    )


def path(text: str) -> PathTemplate:
    """``/users/{id:int}``; a parameter without converter is a ``str``."""
    segments: list[Segment] = []
    for part in text.split("/")[1:]:
        name, _, converter = part[1:-1].partition(":")
        segments.append(Dynamic(name, converter or "str", at(1)) if part.startswith("{") else Static(part))
    return PathTemplate(text, tuple(segments), at(1))


def route(methods: str, text: str, handler: str, line: int, **rest: object) -> Route:
    return Route(
        id=f"route:app.{handler}#{methods} {text}",
        methods=tuple(methods.split(",")),
        path=path(text),
        handler=f"function:app.{handler}",
        declaration=declared(line, f"{methods} {text}"),
        span=at(line),
        **rest,  # type: ignore[arg-type]
    )


def binding(name: str, source: str, type_: Type, default: object = ..., **rest: object) -> Binding:
    given = None if default is ... else constant(default)
    return Binding(name, source, name, type_, given is None, given, False, at(1), **rest)  # type: ignore[arg-type]


def field(name: str, type_: Type, default: object = ..., doc: str | None = None) -> Field:
    given = None if default is ... else constant(default)
    return Field(name, name, type_, given is None, given, doc, at(3))


def app(**parts: object) -> App:
    """An app of one module with nothing in it but ``parts``."""
    rest: dict[str, object] = {"modules": (Module("app", "app.py", False, "0" * 64, None, at(1)),), **parts}
    return App("app", "app", "app.py", "conduit", "specific", at(1), declared(1, "", "app"), **rest)  # type: ignore[arg-type]


SCHEMAS = (
    Schema(
        "schema:app.Item",
        "Item",
        "app",
        "dataclass",
        (
            field("name", Constrained(STR, (("max_length", 40), ("min_length", 1)))),
            field("price", Constrained(Scalar("float"), (("ge", 0),)), doc="In euros."),
            field("colour", UnionOf((COLOUR, NONE)), None),
            field("tags", ArrayOf("list", STR), ("a",)),
            field("password", STR, "hunter2"),
        ),
        "A thing for sale.\n\nAsk ann@example.com.",
        at(4),
    ),
    Schema(
        "schema:app.Colour",
        "Colour",
        "app",
        "enum",
        (),
        None,
        at(12),
        members=(("RED", constant("red")), ("BLUE", constant("blue"))),
    ),
    Schema(
        "schema:tree.Node",
        "Node",
        "tree",
        "struct",
        (field("value", INT), field("children", ArrayOf("list", NODE), ())),
        None,
        at(20, "tree.py"),
    ),
    Schema("schema:tree.Item", "Item", "tree", "typeddict", (field("n", INT),), None, at(30, "tree.py")),
)

AUTH = Middleware("function", "auth", "function:app.auth", declared(50, "get"), 0, at(50))
GZIP = Middleware("asgi", "starlette.middleware.gzip.GZipMiddleware", None, declared(2, ""), 0, at(2))

FUNCTIONS = (
    function("index", 60, parameter("request", None), effects=Effects(returned=DictOf(STR, STR))),
    function(
        "get_item",
        64,
        parameter("id", INT),
        parameter("colour", COLOUR, "red"),
        parameter("q", UnionOf((STR, NONE)), None),
        parameter("key", STR, "sk-" + "abcdefghijklmnop1234"),
        returns=UnionOf((ITEM, NONE)),
        doc="One item.\n\nWith password=hunter2 and +49 30 1234567.",
        comments=("see /home/ann/notes.txt",),
        decorators=("app.get", "cache(secret='x')"),
        effects=Effects(calls=("function:app.load",)),
    ),
    function(
        "create_item", 70, parameter("item", ITEM), parameter("notify", Scalar("bool"), False), returns=ITEM
    ),
    function("load", 76, returns=Unknown("Row", "Row is not defined here"), opaque="magic(1)"),
    function("auth", 80, parameter("request", External("conduit.Request")), is_async=True),
    function("page", 84, returns=External("conduit.HTML")),
    function("remove", 86, returns=NONE),
    function("tree", 88, parameter("node", NODE), returns=ArrayOf("list", NODE)),
    function(
        "search", 90, parameter("query", STR), parameter("limit", INT, 10), returns=STR, doc="Searches."
    ),
    function("forecast", 94, parameter("city", STR), returns=ITEM, doc="The weather."),
    function("preprocess", 98, parameter("input_data", None)),
)

ROUTES = (
    route("GET", "/", "index", 60, placement="inline", options=RouteOptions(tags=("home",))),
    route(
        "GET",
        "/items/{id:int}",
        "get_item",
        64,
        middleware=(AUTH,),
        options=RouteOptions(tags=("items", "shop"), name="item"),
        bindings=(
            binding("id", "path", Constrained(INT, (("ge", 1),)), refined=True),
            binding("colour", "query", COLOUR, "red"),
            binding("q", "query", UnionOf((STR, NONE)), None),
            binding("key", "header", STR, "sk-" + "abcdefghijklmnop1234"),
        ),
        placement="thread",
        placement_why=Obstacle("calls open, which blocks", at(66)),
    ),
    route("GET", "/items/{slug}", "page", 84),
    route("GET", "/items/new", "page", 85),
    route(
        "POST",
        "/items",
        "create_item",
        70,
        options=RouteOptions(status=201),
        bindings=(binding("item", "body", ITEM), binding("notify", "query", Scalar("bool"), False)),
    ),
    route("DELETE", "/items/{id:int}", "remove", 86, options=RouteOptions(deprecated=True)),
    route("GET", "/row", "load", 76, options=RouteOptions(include_in_schema=False)),
    route("POST,PUT", "/tree", "tree", 88, bindings=(binding("node", "body", NODE),)),
    route("PURGE", "/cache", "remove", 87),
    route("GET", "/files/{rest:path}", "page", 89, options=RouteOptions(include_in_schema=False)),
    route("GET", "/kind/{kind}", "page", 90, bindings=(binding("kind", "path", LiteralOf(("b", "a"))),)),
)

SHOP = app(
    settings=Settings(title="Shop", version="1.2.0", description="Sells things."),
    modules=(
        Module("app", "app.py", False, "0" * 64, "The shop.", at(1), (("tree", at(2)), ("json", at(3)))),
        Module("tree", "tree.py", False, "1" * 64, None, at(1, "tree.py")),
    ),
    functions=FUNCTIONS,
    schemas=SCHEMAS,
    routes=ROUTES,
    middleware=(GZIP,),
    tools=(
        Tool(
            "tool:app.search",
            "search",
            "Search.",
            constant({"type": "object", "properties": {"query": {}}}),
            "function:app.search",
            declared(90, "search", "tool"),
            at(90),
        ),
        Tool(
            "tool:app.forecast",
            "forecast",
            None,
            None,
            "function:app.forecast",
            declared(94, "forecast", "tool"),
            at(94),
        ),
    ),
    blocks=(
        Block(
            "block:app.lm",
            "lm",
            "conduit.runtime.LMLiteBlock",
            None,
            STR,
            (
                ("compute_provider", constant("RUNPOD")),
                ("constraints", constant(["ENTERPRISE"])),
                ("replicas", constant(2)),
            ),
            at(100),
        ),
    ),
    pipelines=(Pipeline("pipeline:app.flow", "flow", ">>", ("block:app.lm", "block:app.gone"), at(101)),),
    models=(
        MLModel("model:app.classifier", "classifier", "NumpyModel", "model.npz", (), None, at(102)),
        MLModel(
            "model:app.lm.0",
            "Qwen/Qwen3-4B",
            "LM_LITE",
            None,
            (("max_model_len", constant(5000)),),
            None,
            at(100),
        ),
    ),
    endpoints=(
        Endpoint(
            "endpoint:app.preprocess",
            "/predict",
            "classifier",
            "function:app.preprocess",
            declared(98, "/predict", "endpoint"),
            at(98),
        ),
    ),
    unresolved=(Unresolved("path of get", "settings.prefix is only known at run time", at(5), True),),
)
