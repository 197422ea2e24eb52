"""What declaring calls write down, and what they refuse."""

import ast
import functools
import inspect
import textwrap
from pathlib import Path

import conduit
import pytest
from conduit import Conduit, Router
from conduit.http import places
from conduit.ml import ConduitML

HERE = str(Path(__file__))


def rows(owner):
    return [(row[1], row[2], row[3], row[4]) for row in owner._record[1:]]


def handler(request):
    return None


def test_every_declaration_with_its_slot():
    app = Conduit(title="T", _slot=0)
    router = Router(prefix="/v1", _slot=1)
    assert app.get("/a", _slot=2)(handler) is handler
    for number, verb in enumerate(("post", "put", "patch", "delete", "head", "options"), 3):
        getattr(app, verb)("/a", _slot=number)(handler)
    app.route("/a", methods=["GET", "POST"], _slot=9)(handler)
    app.route("/b", _slot=10)(handler)
    assert app.fallback(_slot=11)(handler) is handler
    app.include(router, prefix="/api", _slot=12)
    app.middleware(_slot=13)(handler)
    app.use(dict, _slot=14, a=1)
    app.on_startup(_slot=15)(handler)
    app.on_shutdown(_slot=16)(handler)
    assert app.exception_handler(KeyError, _slot=17)(handler) is handler
    app.tool(name="t", _slot=18)(handler)
    app.enable_mcp(transport="sse", _slot=19)
    model = object()
    assert app.register_model("m", model, _slot=20) is model
    app.ml_endpoint("/predict", "m", _slot=21)(handler)
    assert app._record[0][1:5] == (0, "app", "T", app)
    assert router._record[0][1:5] == (1, "router", "/v1", router)
    assert rows(app) == [
        (2, "route", "GET /a", handler),
        (3, "route", "POST /a", handler),
        (4, "route", "PUT /a", handler),
        (5, "route", "PATCH /a", handler),
        (6, "route", "DELETE /a", handler),
        (7, "route", "HEAD /a", handler),
        (8, "route", "OPTIONS /a", handler),
        (9, "route", "GET,POST /a", handler),
        (10, "route", "GET /b", handler),
        (11, "fallback", "handler", handler),
        (12, "include", "/api", router),
        (13, "middleware", "handler", handler),
        (14, "use", "dict", (dict, {"a": 1})),
        (15, "on_startup", "handler", handler),
        (16, "on_shutdown", "handler", handler),
        (17, "exception_handler", "KeyError", (KeyError, handler)),
        (18, "tool", "t", handler),
        (19, "enable_mcp", "sse", None),
        (20, "register_model", "m", model),
        (21, "ml_endpoint", "/predict", handler),
    ]
    orders = [row[0] for row in app._record]
    assert orders == sorted(set(orders))
    assert all(row[5] is None for row in app._record)


def line():
    return inspect.currentframe().f_back.f_lineno


def test_places_without_slots():
    app, here = Conduit(), line()
    assert app._record[0][5] == (HERE, here, HERE, here)
    start = handler.__code__.co_firstlineno
    app.get("/a")(handler)
    assert app._record[-1][5] == (HERE, start, HERE, line() - 1)
    app.middleware(handler)
    assert app._record[-1][5] == (HERE, start, HERE, line() - 1)
    app.use(Conduit)
    assert app._record[-1][5] == (HERE, line() - 1, HERE, line() - 1)
    app.get("/b")(functools.partial(handler, 1))
    assert app._record[-1][5] == (HERE, line() - 1, HERE, line() - 1)
    app.get("/c")(functools.cache(handler))
    assert app._record[-1][5][:2] == (HERE, start)
    app.include(Router())
    assert app._record[-1][5] == (HERE, line() - 1, HERE, line() - 1)
    app.exception_handler(KeyError)(handler)
    assert app._record[-1][5][:2] == (HERE, start)
    app.tool(handler)
    assert app._record[-1][5] == (HERE, start, HERE, line() - 1)
    app.enable_mcp()
    assert app._record[-1][5][:2] == (HERE, line() - 1)


def test_the_first_decorator_is_where_a_function_begins():
    app = Conduit()
    above = line()

    @app.get("/a")
    @app.tool
    @app.on_startup
    def decorated():
        pass

    kinds = [(row[2], row[5][1], row[5][3]) for row in app._record[1:]]
    assert kinds == [
        ("on_startup", above + 2, above + 4),
        ("tool", above + 2, above + 3),
        ("route", above + 2, above + 2),
    ]


def test_bare_and_called():
    app = Conduit()
    for declare in (app.fallback, app.middleware, app.on_startup, app.on_shutdown, app.tool):
        assert declare(handler) is handler
        assert declare()(handler) is handler
    assert [row[4] for row in app._record[1:]] == [handler] * 10


def test_objects_of_options_are_kept():
    app = Conduit(middleware=[handler], lifespan=handler)
    assert app._record[0][6]["lifespan"] is handler
    app.get("/a", middleware=[handler], response=list[int])(handler)
    assert app._record[-1][6] == {"middleware": [handler], "response": list[int]}
    app.get("/b", status=201, tags=["x"])(handler)
    assert app._record[-1][6] is None
    assert Router(middleware=[handler])._record[0][6] == {"middleware": [handler]}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda app: app.get(5), "a route's path must be a string, got int"),
        (lambda app: app.get(handler), "a route's path must be a string, got function"),
        (lambda app: app.get(), "path"),
        (lambda app: app.get("/", 5), "positional"),
        (lambda app: app.get("/", colour="red"), "colour"),
        (lambda app: app.get("/")(5), "route takes a function, got int"),
        (
            lambda app: app.route("/", methods="GET"),
            "methods must be a list of strings, got the string 'GET'",
        ),
        (lambda app: app.route("/", methods=[5]), "a method must be a string, got int"),
        (lambda app: app.route("/", methods=[]), "methods must name at least one method"),
        (lambda app: app.include(5), "include takes a Router, got int"),
        (lambda app: app.include(Conduit()), "include takes a Router, got Conduit"),
        (lambda app: app.include(Router(), prefix=5), "a prefix must be a string"),
        (lambda app: Router(prefix=5), "a prefix must be a string"),
        (lambda app: app.middleware(5), "middleware takes a function, got int"),
        (lambda app: app.middleware()(5), "middleware takes a function, got int"),
        (lambda app: app.fallback("/x"), "fallback takes a function, got str"),
        (lambda app: app.use(5), "use takes a function, got int"),
        (lambda app: app.exception_handler(5), "exception_handler takes an exception class, got 5"),
        (lambda app: app.exception_handler(handler), "exception_handler takes an exception class"),
        (lambda app: app.exception_handler(KeyError)(5), "exception_handler takes a function, got int"),
        (lambda app: app.tool("name"), "tool takes a function, got str"),
        (lambda app: app.tool(name=5), "a tool's name must be a string"),
        (lambda app: app.register_model(5, 5), "a model's name must be a string"),
        (lambda app: app.ml_endpoint("/x", 5), "a model's name must be a string"),
        (lambda app: app.enable_mcp(transport=5), "transport must be a string"),
        (lambda app: Conduit("title"), "positional"),
    ],
)
def test_wrong_use_says_what_is_wrong(wrong, says):
    with pytest.raises(TypeError, match=says):
        wrong(Conduit())


def test_routers_have_the_methods_of_routes():
    router = Router()
    router.get("/a")(handler)
    router.include(Router())
    assert [row[2] for row in router._record] == ["router", "route", "include"]
    assert not hasattr(router, "middleware")


def test_an_app_with_models_is_an_app():
    app = ConduitML()
    assert isinstance(app, Conduit)
    assert app._module is globals()
    assert app._record[0][5][0] == HERE


def test_the_typed_signature_of_verbs_is_the_real_one():
    source = Path(conduit.__file__).with_name("options.py").read_text()
    verb = next(n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ClassDef) and n.name == "Verb")
    typed = next(n for n in verb.body if isinstance(n, ast.FunctionDef))
    real = inspect.signature(Conduit.get)
    assert [one.arg for one in typed.args.args[1:]] == list(real.parameters)[1:2]
    assert [one.arg for one in typed.args.kwonlyargs] == list(real.parameters)[2:]
    defaults = [ast.literal_eval(one) for one in typed.args.kw_defaults if one is not None]
    assert defaults == [one.default for one in list(real.parameters.values())[2:]]
    route = [name for name in inspect.signature(Conduit.route).parameters if name != "methods"]
    assert route == list(real.parameters)


def test_lazy_names():
    assert set(conduit.__all__) <= set(dir(conduit))
    for name in conduit.__all__:
        assert getattr(conduit, name) is getattr(conduit, name)
    assert conduit.HTTPRequest is conduit.Request
    assert conduit.HTTPResponse is conduit.Response
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        conduit.Nothing  # noqa: B018


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(conduit.__file__).read_text())
    block = next(n for n in tree.body if isinstance(n, ast.If))
    seen = {alias.asname: node.module for node in block.body for alias in node.names}
    assert seen.keys() == set(conduit.__all__)
    homes = {name: home.partition(":")[0] for name, home in conduit._HOMES.items()}
    assert homes == seen


def test_markers():
    assert repr(places.Header("x-y")) == "Header('x-y')"
    assert repr(places.Query()) == "Query()"
    assert textwrap.dedent(places.Cookie.__doc__) == "A cookie."
