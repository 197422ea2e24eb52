"""What the frontend says is declared is what the runtime records when the program is executed."""

from pathlib import Path
from textwrap import dedent

import pytest
from conduit.table import table

from conduitc.frontend.rewrite import insert_slots
from conduitc.ir.nodes import App
from tests.frontend.programs import HEAD, app_of, executed

CASES = {
    "verbs": """
        app = Conduit()

        @app.get("/a")
        def a(request): ...

        @app.post(
            "/b",
            status=201,
        )
        def b(request): ...

        @app.route("/c", methods=["get", "PUT"])
        def c(request): ...

        @app.fallback
        def d(request): ...
    """,
    "stacked": """
        app = Conduit()

        @app.get("/a")
        @app.get("/b")
        @app.tool(name="see", description="See.")
        def a(request): ...
    """,
    "direct": """
        app = Conduit(
            title="x",
        )

        def a(request): ...

        app.get("/a")(a)
        (app
            .post("/b"))(a)
        app.fallback(a)
        handler = app.get("/c")(a)
        app.get("/d")(handler)
    """,
    "aliases": """
        app = Conduit()
        application = app
        get = app.get
        on = application.route

        @get("/a")
        def a(request): ...

        @on("/b", methods=("GET", "HEAD"))
        def b(request): ...
    """,
    "loops": """
        app = Conduit()
        NAMES = ["x", "y"]

        def show(request): ...

        for name in NAMES:
            app.get(f"/{name}")(show)
            for number in range(2):
                app.post(f"/{name}/{number}")(show)
        for path, method in {"/p": "PUT", "/q": "PATCH"}.items():
            @app.route(path, methods=[method])
            def change(request): ...
        [app.delete("/" + name)(show) for name in NAMES if name != "x"]
        for _ in range(3):
            @app.on_startup
            def start(): ...
    """,
    "routers in a loop": """
        app = Conduit()

        def show(request): ...

        for version in ("v1", "v2", "v3"):
            router = Router(prefix=f"/{version}")
            router.get("/x")(show)
            if version != "v2":
                app.include(router)
    """,
    "hooks": """
        from contextlib import asynccontextmanager

        @asynccontextmanager
        async def life(app):
            yield

        async def outer(request, call_next): ...

        app = Conduit(lifespan=life, middleware=[outer])

        @app.on_startup
        async def start(): ...

        @app.on_shutdown()
        def stop(): ...

        @app.exception_handler(ValueError)
        def wrong(request, error): ...

        @app.middleware
        async def timing(request, call_next): ...

        class Layer:
            def __init__(self, app, **options): ...

        app.use(
            Layer,
            size=3,
        )
    """,
    "decorators": """
        import functools

        app = Conduit()

        def plain(function):
            def inner(*args):
                return function(*args)
            return inner

        @app.get("/a")
        @functools.lru_cache
        def a(request): ...

        @app.get("/b")
        @functools.lru_cache(
            maxsize=3
        )
        def b(request): ...

        @app.get("/c")
        @app.get(
            "/d",
        )
        @plain
        @app.get("/e")
        def inner(request): ...

        @plain
        def also(request): ...

        (app.get("/f")
            (also))
        app.get(
            "/g"
        )(also); app.on_startup(
            also)
    """,
    "handed on": """
        # file: app.py
        from core import app, later, show
        from conduit import Router

        @later
        def here(request): ...

        later(show)
        app.post("/post")(show)
        # file: core.py
        import os
        from conduit import Conduit

        app = Conduit()
        later = app.get("/later")

        def show(request): ...
    """,
    "modules": """
        # file: app.py
        from core import app
        import users
        from shop import items

        app.include(users.router, prefix="/api")
        app.include(items.router)
        app.include(items.router, prefix="/again")

        app.get("/of")(items.elsewhere)
        # file: core.py
        from conduit import Conduit

        app = Conduit(title="Core")
        # file: users.py
        from conduit import Router
        from core import app

        router = Router(prefix="/users", tags=["users"])

        @router.get("/:id")
        def show(request): ...

        @app.get("/direct")
        def direct(request): ...
        # file: shop/__init__.py
        # file: shop/items.py
        from conduit import Router

        router = Router(prefix="/items")
        inner = Router()
        router.include(inner, prefix="/inner")

        @inner.get("/late")
        def late(request): ...

        @router.get("")
        def elsewhere(request): ...
    """,
    "conditional": """
        import os

        app = Conduit()

        if os.environ.get("NEVER_SET_BY_ANYBODY"):
            @app.get("/debug")
            def debug(request): ...
        try:
            import orjson_or_whatever
        except ImportError:
            @app.get("/plain")
            def plain(request): ...
    """,
    "same name twice": """
        app = Conduit()

        @app.get("/a")
        def index(request): ...

        @app.get("/b")
        def index(request): ...
    """,
    "wide columns": """
        app = Conduit(title="Übergrößenträger ☃"); get = app.get

        @get("/ä")
        def a(request): ...
    """,
    "tools and models": """
        app = Conduit()
        app.enable_mcp(transport="sse")

        @app.tool
        def one(a: int) -> int: ...

        @app.tool()
        def two(a: int) -> int: ...

        class Model:
            def load(self): ...
            def predict(self, batch): ...

        app.register_model(
            "m",
            Model(),
        )

        @app.ml_endpoint("/predict", "m")
        def prepare(data): ...
    """,
}


Expected = list[tuple[int, int, str, str, str, int, bool]]


def expected_of(app: App) -> Expected:
    return [
        (one.slot, one.turn, one.kind, one.key, one.span.file, one.line, one.conditional)
        for one in app.declarations
    ]


def program(name: str) -> str:
    text = dedent(CASES[name])
    return text if "# file:" in text else HEAD + text


@pytest.mark.parametrize("name", CASES)
def test_declared_is_recorded(name: str, tmp_path: Path) -> None:
    app = app_of(tmp_path, program(name))
    with executed(tmp_path, app.module) as module:
        bound = table(getattr(module, app.variable), expected_of(app))
        for index, declaration in enumerate(app.declarations):
            if declaration.kind == "route" and not declaration.conditional:
                route = next(one for one in app.routes if one.declaration == declaration)
                handler = app.function(route.handler)
                assert handler.opaque or bound[index].__name__ == handler.name


def test_slots_find_the_same(tmp_path: Path) -> None:
    apps = {name: app_of(tmp_path / name.replace(" ", "_"), program(name)) for name in CASES}
    texts = {}
    for name, app in apps.items():
        for module in app.modules:
            path = f"{name.replace(' ', '_')}/{module.file}"
            texts[path] = ((tmp_path / path).read_text("utf-8"), module.slots)
    for path, text in insert_slots(texts).items():
        (tmp_path / path).write_text(text, "utf-8")
    for name, app in apps.items():
        with executed(tmp_path / name.replace(" ", "_"), app.module) as module:
            table(getattr(module, app.variable), expected_of(app))
