"""How each framework has things done: texts that can be copied, a part a topic of ``rules``."""

from __future__ import annotations

CONDUIT = '''\
[endpoint]
@app.get("/items/{id:int}")
def get_item(id: int) -> Item: ...

[group]
router = Router(prefix="/items", tags=["items"])

app.include(router, prefix="/v1")

[path]
@app.get("/items/{id:int}")
def get_item(id: int): ...

[query]
@app.get("/items")
def list_items(limit: int = 10, colour: str | None = None): ...

[body]
@dataclass
class Item:
    name: str


@app.post("/items", status=201)
def create(item: Item) -> Item: ...

[header]
@app.get("/me")
def me(user_agent: Annotated[str, Header()]): ...

[status]
@app.post("/items", status=201)
def create(item: Item) -> Item: ...

[error]
raise HTTPError(404, "no such item")

[catch]
@app.exception_handler(KeyError)
def missing(request, error):
    return {"missing": str(error)}, 404

[bounds]
price: Annotated[float, Meta(ge=0)]

[auth]
async def signed_in(request, call_next):
    if "authorization" not in request.headers:
        raise HTTPError(401, "sign in first")
    return await call_next(request)


@app.get("/me", middleware=[signed_in])
def me(): ...

[around]
@app.middleware
async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-stamp"] = "yes"
    return response

[asgi]
app.use(CORSMiddleware, allow_origins=["https://example.org"])

[test]
transport = httpx.ASGITransport(app)
async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
    answer = await client.get("/items/7")
assert answer.status_code == 200

[start]
@app.on_startup
async def connect(): ...


@app.on_shutdown
async def close(): ...

[socket]
@app.websocket("/rooms/{room}")
async def talk(ws: WebSocket, room: str):
    await ws.accept()

[tool]
@app.tool()
def find_items(words: str) -> list[Item]:
    """Finds items by what is written on them."""
    ...

[redirect]
return Redirect("/items")
'''

STARLETTE = """\
[endpoint]
async def get_item(request): ...


routes = [Route("/items/{id:int}", get_item)]

[group]
routes = [Mount("/items", routes=[Route("/{id:int}", get_item)])]

[path]
id = request.path_params["id"]

[query]
limit = int(request.query_params.get("limit", 10))

[body]
data = await request.json()

[header]
agent = request.headers["user-agent"]

[status]
return JSONResponse(item, status_code=201)

[error]
raise HTTPException(status_code=404, detail="no such item")

[catch]
app = Starlette(routes=routes, exception_handlers={KeyError: missing})

[auth]
@requires("authenticated")
async def me(request): ...

[around]
app = Starlette(routes=routes, middleware=[Middleware(Stamp)])

[asgi]
middleware = [Middleware(CORSMiddleware, allow_origins=["https://example.org"])]

[test]
client = TestClient(app)
assert client.get("/items/7").status_code == 200

[start]
@asynccontextmanager
async def lifespan(app):
    yield


app = Starlette(lifespan=lifespan)

[socket]
async def talk(websocket):
    await websocket.accept()


routes = [WebSocketRoute("/talk", talk)]

[redirect]
return RedirectResponse("/items")
"""

#: Where it is not as in Starlette, on which it stands.
FASTAPI = """\
[endpoint]
@app.get("/items/{id}")
def get_item(id: int) -> Item: ...

[group]
router = APIRouter(prefix="/items", tags=["items"])

app.include_router(router)

[path]
@app.get("/items/{id}")
def get_item(id: int): ...

[query]
@app.get("/items")
def list_items(limit: int = 10, colour: str | None = None): ...

[body]
class Item(BaseModel):
    name: str


@app.post("/items", status_code=201)
def create(item: Item) -> Item: ...

[header]
@app.get("/me")
def me(user_agent: Annotated[str, Header()]): ...

[status]
@app.post("/items", status_code=201)
def create(item: Item) -> Item: ...

[catch]
@app.exception_handler(KeyError)
async def missing(request, exc):
    return JSONResponse({"missing": str(exc)}, status_code=404)

[auth]
@app.get("/me")
def me(user: Annotated[User, Depends(get_current_user)]): ...

[around]
@app.middleware("http")
async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-stamp"] = "yes"
    return response

[asgi]
app.add_middleware(CORSMiddleware, allow_origins=["https://example.org"])

[start]
@asynccontextmanager
async def lifespan(app):
    yield


app = FastAPI(lifespan=lifespan)

[socket]
@app.websocket("/talk")
async def talk(websocket: WebSocket):
    await websocket.accept()

[bounds]
price: float = Field(ge=0)

[depend]
def get_session():
    with Session() as session:
        yield session


@app.get("/items")
def list_items(session: Annotated[Session, Depends(get_session)]): ...
"""

FLASK = """\
[endpoint]
@app.get("/items/<int:id>")
def get_item(id): ...

[group]
items = Blueprint("items", __name__, url_prefix="/items")

app.register_blueprint(items)

[path]
@app.get("/items/<int:id>")
def get_item(id): ...

[query]
limit = request.args.get("limit", 10, type=int)

[body]
data = request.get_json()

[header]
agent = request.headers["User-Agent"]

[status]
return item, 201

[error]
abort(404, "no such item")

[catch]
@app.errorhandler(KeyError)
def missing(error):
    return {"missing": str(error)}, 404

[auth]
def signed_in(view):
    @wraps(view)
    def inner(*args, **kwargs):
        if "user" not in session:
            abort(401)
        return view(*args, **kwargs)
    return inner


@app.get("/me")
@signed_in
def me(): ...

[around]
@app.before_request
def check(): ...


@app.after_request
def stamp(response):
    return response

[asgi]
app.wsgi_app = ProxyFix(app.wsgi_app)

[test]
client = app.test_client()
assert client.get("/items/7").status_code == 200

[redirect]
return redirect("/items")
"""

__all__ = ["CONDUIT", "FASTAPI", "FLASK", "STARLETTE"]
