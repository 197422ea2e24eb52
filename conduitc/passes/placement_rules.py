"""The rules of ``placement``: what blocks, and where."""

from conduitc.diagnostics import Rule

BLOCKS_LOOP = Rule(
    code="CDT320",
    slug="blocks-event-loop",
    severity="warning",
    message="{what} while the event loop waits: `{name}` stops every other request",
    docs="""An `async def` runs on the event loop, which serves all connections of a worker. Until a blocking
call in it returns, directly or in a function it calls, no other request makes progress. Await an asynchronous
counterpart, or make the handler a plain `def`: then it runs in a thread.""",
    bad="""\
import time

from conduit import Conduit

app = Conduit()

@app.get("/")
async def index():
    time.sleep(1)
    return {"ready": True}
""",
    good="""\
import asyncio

from conduit import Conduit

app = Conduit()

@app.get("/")
async def index():
    await asyncio.sleep(1)
    return {"ready": True}
""",
)

BLOCKS_THREAD = Rule(
    code="CDT321",
    slug="handler-blocks",
    severity="info",
    message="`{name}` runs in a thread, because {what}",
    docs="""A `def` handler that blocks runs in a pool of threads (40 unless `threads=` says otherwise), so at
most that many requests are in it at a time. That is right for work that has to block; `blocking=True` says
that you know. Where an asynchronous counterpart exists, `async def` scales further.""",
    bad="""\
import time

from conduit import Conduit

app = Conduit()

@app.get("/")
def index():
    time.sleep(1)
    return {"ready": True}
""",
    good="""\
import time

from conduit import Conduit

app = Conduit()

@app.get("/", blocking=True)
def index():
    time.sleep(1)
    return {"ready": True}
""",
)

AWAITABLE_IN_DEF = Rule(
    code="CDT322",
    slug="awaitable-in-def",
    severity="error",
    message="`{what}()` must be awaited, and a `def` handler cannot await",
    docs="""`body`, `json`, `form` and `stream` of a request wait for the client, so they are coroutines. In a
`def` handler nothing can await them. Take the body as a parameter: it is read, decoded and validated before
the handler is called. Or make the handler `async def`.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.post("/items")
def create(request):
    data = request.json()
    return {"received": data}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.post("/items")
def create(data: dict):
    return {"received": data}
""",
)

KEPT_FROM_INLINE = Rule(
    code="CDT323",
    slug="middleware-keeps-from-inline",
    severity="info",
    message="the middleware `{name}` keeps {handlers} from being answered inline",
    docs="""A handler that is proven not to wait is called straight from the protocol, and one that always
answers the same is answered from bytes made at build time. With middleware around it every request is a task
of its own that goes through the middleware first. Where only some routes need it, give it to these, or to
their router: `middleware=[...]`.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.middleware
async def stamp(request, call_next):
    return await call_next(request)

@app.get("/add")
def add(a: int, b: int):
    return {"sum": a + b}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/add")
def add(a: int, b: int):
    return {"sum": a + b}
""",
)
