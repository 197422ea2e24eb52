"""What is told of such apps besides their routes: schemas, parameters, providers, middleware, hooks."""

import json
from pathlib import Path

from conduitc import frontend
from conduitc.codegen.metadata import emit_metadata
from conduitc.ir.nodes import App, Binding, Edge, Field
from conduitc.ir.types import text
from tests.frontend.programs import write

SHOP = '''\
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel, Field

from models import Base, Item

class Order(BaseModel):
    """An order."""

    id: int = Field(ge=1, description="its number")
    note: str | None = Field(default=None, max_length=20, alias="remark")
    tags: list[str] = Field(default_factory=list)
    secret: str = "hunter2hunter2"


async def session():
    yield 1


def user(token: Annotated[str, Header()], db=Depends(session)):
    return token


class Page:
    def __init__(self, limit: int = 10):
        self.limit = limit


UserDep = Annotated[str, Depends(user)]


async def lifespan(app):
    yield


app = FastAPI(title="Shop", version="2", lifespan=lifespan, dependencies=[Depends(session)])
app.add_middleware(CORSMiddleware, allow_origins=["*"])
router = APIRouter(tags=["orders"], dependencies=[Depends(user)])


@app.middleware("http")
async def timing(request: Request, call_next):
    return await call_next(request)


@app.exception_handler(ValueError)
async def wrong(request, error):
    return None


@router.put("/orders/{id}", status_code=201, summary="Put", response_model=Order)
async def put(
    id: int,
    order: Order,
    request: Request,
    who: UserDep,
    page: Annotated[Page, Depends()],
    q: Annotated[str, Query(max_length=5)] = "x",
    flags: list[str] = Query([]),
) -> Order:
    """Puts an order."""
    return order


app.include_router(router, prefix="/v1", tags=["v1"])
# file: models.py
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id = Column(Integer, primary_key=True)
    name = Column(String(20), nullable=False)
    price: Mapped[float] = mapped_column()
    note: Mapped[str | None] = mapped_column(default=None)
'''


def shop(folder: Path) -> App:
    loaded = frontend.load(write(folder, SHOP))
    assert loaded.app is not None and not loaded.diagnostics
    return loaded.app


def field(one: Field) -> tuple[str, str, bool]:
    return one.name, text(one.type), one.required


def binding(one: Binding) -> tuple[str, str, str, bool]:
    return one.parameter, one.source, text(one.type), one.required


def test_the_app(tmp_path: Path) -> None:
    app = shop(tmp_path)
    assert (app.dialect, app.precedence, app.settings.title, app.settings.version) == (
        "fastapi",
        "declaration",
        "Shop",
        "2",
    )
    assert [(one.kind, one.name) for one in app.middleware] == [
        ("function", "app.timing"),
        ("asgi", "fastapi.middleware.cors.CORSMiddleware"),
    ]
    assert [(one.kind, one.function, one.exception) for one in app.hooks] == [
        ("lifespan", "function:app.lifespan", None),
        ("exception_handler", "function:app.wrong", "ValueError"),
    ]


def test_schemas(tmp_path: Path) -> None:
    schemas = {one.name: one for one in shop(tmp_path).schemas}
    order, item = schemas["Order"], schemas["Item"]
    assert (order.kind, order.doc) == ("model", "An order.")
    assert [field(one) for one in order.fields] == [
        ("id", "Annotated[int, Meta(ge=1)]", True),
        ("remark", "Annotated[str | None, Meta(max_length=20)]", False),
        ("tags", "list[str]", False),
        ("secret", "str", False),
    ]
    assert order.fields[0].doc == "its number"
    assert item.kind == "table"
    assert [field(one) for one in item.fields] == [
        ("id", "int", False),
        ("name", "str", True),
        ("price", "float", True),
        ("note", "str | None", False),
    ]


BASES = """\
from fastapi import FastAPI

from shapes import Circle

app = FastAPI()


@app.post("/circles")
def draw(circle: Circle) -> None: ...
# file: shapes.py
from pydantic import BaseModel


class Plain: ...


class Strict(BaseModel):
    name: str


class Shape(Strict, Plain):
    area: float


class Circle(Shape):
    radius: float
"""


def test_what_schemas_derive_from(tmp_path: Path) -> None:
    app = frontend.load(write(tmp_path, BASES)).app
    assert app is not None
    assert [one.name for one in app.schemas] == ["Circle", "Shape", "Strict"]
    document = json.loads(emit_metadata(app))
    derived = [(edge["from"], edge["to"]) for edge in document["edges"] if edge["kind"] == "extends"]
    assert sorted(derived) == [
        ("schema:shapes.Circle", "schema:shapes.Shape"),
        ("schema:shapes.Circle", "schema:shapes.Strict"),
        ("schema:shapes.Shape", "schema:shapes.Strict"),
    ]


def test_parameters_and_options(tmp_path: Path) -> None:
    route = next(one for one in shop(tmp_path).routes if one.handler)
    assert (route.methods, route.path.text) == (("PUT",), "/v1/orders/{id}")
    assert [binding(one) for one in route.bindings or ()] == [
        ("id", "path", "int", True),
        ("order", "body", "Order", True),
        ("request", "request", "Request", True),
        ("q", "query", "Annotated[str, Meta(max_length=5)]", False),
        ("flags", "query", "list[str]", False),
    ]
    options = route.options
    assert (options.status, options.summary, options.tags) == (201, "Put", ("orders", "v1"))
    assert options.response is not None and text(options.response) == "Order"


def test_providers(tmp_path: Path) -> None:
    app = shop(tmp_path)
    route = next(one for one in app.routes if one.handler)
    assert {one.id: (one.function, one.needs) for one in app.providers} == {
        "provider:app.session": ("function:app.session", ()),
        "provider:app.user": ("function:app.user", ("provider:app.session",)),
        "provider:app.Page": ("function:app.Page.__init__", ()),
    }
    depends = {(one.source, one.target) for one in app.edges if one.kind == "depends"}
    assert {target for source, target in depends if source == route.id} == {
        "provider:app.session",
        "provider:app.user",
        "provider:app.Page",
    }
    assert ("provider:app.user", "provider:app.session") in depends
    assert any(
        one == Edge("provider:app.user", "function:app.user", "handles", one.span) for one in app.edges
    )


def test_middleware_of_groups(tmp_path: Path) -> None:
    program = """\
        from flask import Blueprint, Flask

        app = Flask(__name__, static_folder=None)
        admin = Blueprint("admin", __name__, url_prefix="/admin")


        @app.before_request
        def first():
            return None


        @admin.before_request
        def signed_in():
            return None


        @admin.after_app_request
        def always(response):
            return response


        @admin.get("/")
        def console():
            return "x"


        @app.get("/")
        def index():
            return "x"


        app.register_blueprint(admin)
        """
    app = frontend.load(write(tmp_path, program)).app
    assert app is not None
    assert [one.name for one in app.middleware] == ["app.first", "app.always"]
    assert {one.path.text: [each.name for each in one.middleware] for one in app.routes} == {
        "/": [],
        "/admin/": ["app.signed_in"],
    }


def test_calls(tmp_path: Path) -> None:
    program = """\
        # file: app.py
        from fastapi import FastAPI

        import service
        from service import find, other

        app = FastAPI(openapi_url=None)


        def helper():
            return service.deep()


        @app.get("/")
        def index(other):
            other()
            return helper(), find(1)
        # file: service.py
        def find(x):
            return deep()


        def deep():
            return 1


        def other():
            return 2
        """
    app = frontend.load(write(tmp_path, program)).app
    assert app is not None
    assert {(one.source, one.target) for one in app.edges if one.kind == "calls"} == {
        ("function:app.index", "function:app.helper"),
        ("function:app.index", "function:service.find"),
        ("function:app.helper", "function:service.deep"),
        ("function:service.find", "function:service.deep"),
    }


def test_what_is_not_followed_is_listed(tmp_path: Path) -> None:
    program = """\
        import json

        from elsewhere import make_router, other
        from fastapi import APIRouter, FastAPI

        app = FastAPI(openapi_url=None)
        app.include_router(make_router(), prefix="/x")
        router = APIRouter(prefix=json.load(open("prefix.json")))


        @router.get("/lost")
        def lost():
            return 1


        app.include_router(router)
        other.install(app)
        for name in json.load(open("names.json")):
            app.add_api_route(f"/{name}", lost)
            app.add_api_route("/fixed", lost)
        getattr(app, json.load(open("method.json")))("/y")(lost)
        verbs = json.load(open("verbs.json"))
        app.add_api_route("/z", lost, methods=verbs)
        """
    app = frontend.load(write(tmp_path, program)).app
    assert app is not None
    assert [one.path.text for one in app.routes] == []
    assert {one.span.line: one.reason for one in app.unresolved} == {
        7: "it is made by elsewhere.make_router, which is outside of the project",
        11: "it is no constant",
        17: "it is handed to elsewhere.other.install, which is outside of the project: "
        "what that declares on it is not known",
        19: "it changes in a loop that is not unrolled",
        20: "it is declared in a loop that is not unrolled",
        21: "which of its methods this is, is not known",
        23: "they are not constant",
    }
