"""Where handlers run, why, and what is said of handlers that block."""

from pathlib import Path

from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App
from conduitc.passes import placement
from tests.frontend.programs import HEAD, app_of


def placed(folder: Path, text: str) -> tuple[App, tuple[Diagnostic, ...]]:
    return placement.run(app_of(folder, f"{HEAD}import time\n\napp = Conduit()\n{text}"))


def where(app: App) -> dict[str, tuple[str | None, str | None]]:
    """Route path → placement, and the reason against inline."""
    return {
        route.path.text: (route.placement, route.placement_why.reason if route.placement_why else None)
        for route in app.routes
    }


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    return [one.rule.code for one in found]


def test_proven_handlers_run_inline_def_and_async_alike(tmp_path: Path) -> None:
    app, found = placed(tmp_path, """
@app.get("/def")
def one():
    return helper(1)

@app.get("/async")
async def two(name: str):
    return name.upper()

def helper(number: int) -> int:
    return number + 1
""")  # fmt: skip
    assert where(app) == {"/def": ("inline", None), "/async": ("inline", None)}
    assert found == ()


def test_unproven_handlers_go_to_threads_or_tasks(tmp_path: Path) -> None:
    app, found = placed(tmp_path, """
@app.get("/unknown")
def one(request):
    return request.state["user"].name

@app.get("/awaits")
async def two(request):
    return await request.json()

@app.get("/async-unknown")
async def three(request):
    return missing(request)
""")  # fmt: skip
    assert where(app) == {
        "/unknown": ("thread", ".name of a value whose type is not known"),
        "/awaits": ("task", "it awaits"),
        "/async-unknown": ("task", "missing is not defined at module level"),
    }
    assert found == ()


def test_obstacles_are_followed_through_calls(tmp_path: Path) -> None:
    app, _ = placed(tmp_path, """
@app.get("/deep")
def deep():
    return one()

def one():
    return two()

def two():
    print("x")

@app.get("/recursive")
def recursive(n: int):
    return even(n)

def even(n: int) -> bool:
    return n == 0 or odd(n - 1)

def odd(n: int) -> bool:
    return n != 0 and even(n - 1)

@app.get("/forgotten")
def forgotten():
    return later()

async def later():
    return 1
""")  # fmt: skip
    assert where(app) == {
        "/deep": ("thread", "print writes to the standard output"),
        "/recursive": ("thread", "it calls itself, or what it calls does"),
        "/forgotten": ("thread", "later is async and not awaited here"),
    }


def test_blocking_has_the_last_word_on_def(tmp_path: Path) -> None:
    app, found = placed(tmp_path, """
@app.get("/thread", blocking=True)
def one():
    return {"a": 1}

@app.get("/inline", blocking=False)
def two():
    time.sleep(0)

@app.get("/async", blocking=False)
async def three(request):
    return await request.json()
""")  # fmt: skip
    assert where(app) == {
        "/thread": ("thread", "declared with blocking=True"),
        "/inline": ("inline", None),
        "/async": ("task", "it awaits"),
    }
    assert found == ()


def test_what_is_wrapped_or_yields_is_never_inline(tmp_path: Path) -> None:
    app, _ = placed(tmp_path, """
import functools
from tools import wrap

@app.get("/wrapped")
@wrap
def one():
    return 1

@app.get("/wrapped-async")
@wrap
async def two():
    return 1

@app.get("/generator")
def three():
    yield "a"

@app.get("/async-generator")
async def four():
    yield "a"

# file: tools.py
def wrap(function):
    return function
""")  # fmt: skip
    assert {path: place for path, (place, _) in where(app).items()} == {
        "/wrapped": "thread",
        "/wrapped-async": "task",
        "/generator": "thread",
        "/async-generator": "task",
    }
    assert where(app)["/wrapped"][1] == "wrapped by tools.wrap, which is not known"


def test_blocking_in_async_code_is_shown_at_both_places(tmp_path: Path) -> None:
    _, found = placed(tmp_path, """
@app.get("/")
async def index():
    return helper()

def helper():
    time.sleep(1)

@app.middleware
async def slow(request, call_next):
    open("log")
    return await call_next(request)
""")  # fmt: skip
    first, second = found
    assert codes(found) == ["CDT320", "CDT320"]
    assert (first.span.line, first.label) == (11, "blocks, called by index")
    assert [(one.span.line, one.text) for one in first.labels] == [(7, "index runs on the event loop")]
    assert first.help == "write `await asyncio.sleep(...)`"
    assert first.message.startswith("time.sleep() blocks")
    assert (second.span.line, second.labels[0].text) == (15, "slow runs on the event loop")


def test_blocking_in_def_is_a_hint_unless_declared(tmp_path: Path) -> None:
    _, found = placed(tmp_path, """
@app.get("/hint")
def one():
    time.sleep(1)

@app.get("/declared", blocking=True)
def two():
    time.sleep(1)

@app.get("/async", blocking=True)
async def three():
    time.sleep(1)
""")  # fmt: skip
    assert codes(found) == ["CDT321", "CDT320"]
    assert (found[0].severity, found[0].labels[0].span.line) == ("info", 8)


def test_awaitable_parts_of_the_request_in_def_are_errors(tmp_path: Path) -> None:
    _, found = placed(tmp_path, """
@app.post("/json")
def one(request):
    return request.json()

@app.post("/body")
async def two(request):
    return await request.body()
""")  # fmt: skip
    (one,) = found
    assert (one.rule.code, one.severity, one.span.line) == ("CDT322", "error", 8)
    assert one.help is not None and "`data: dict`" in one.help and "await request.json()" in one.help


def test_each_blocking_place_is_told_once_for_a_handler_of_several_routes(tmp_path: Path) -> None:
    _, found = placed(tmp_path, """
@app.get("/a")
@app.get("/b")
async def index():
    time.sleep(1)
""")  # fmt: skip
    assert len({(one.rule.code, one.span) for one in found}) == 1


def test_a_tool_that_may_take_only_so_long_can_be_interrupted(tmp_path: Path) -> None:
    app, found = placed(tmp_path, """
app.enable_mcp()

@app.tool(timeout=2)
def counts(n: int) -> int:
    total = 0
    for i in range(n):
        total += i
    return total

@app.tool()
def adds(n: int) -> int:
    return n + 1

@app.tool(timeout=2, blocking=False)
def quick(n: int) -> int:
    return n + 1

@app.tool(timeout=2)
async def waits_for_nothing(n: int) -> int:
    return n + 1
""")  # fmt: skip
    placements = {tool.name: tool.placement for tool in app.tools}
    assert placements == {
        "counts": "thread",
        "adds": "inline",
        "quick": "inline",
        "waits_for_nothing": "task",
    }
    assert found == ()


def test_an_async_tool_that_blocks_is_told(tmp_path: Path) -> None:
    _, found = placed(tmp_path, """
app.enable_mcp()

@app.get("/sleeps")
@app.tool()
async def sleeps() -> int:
    return helper()

@app.resource("thing://x")
async def thing() -> str:
    time.sleep(1)
    return "x"

@app.tool()
def sleeps_on_a_thread() -> int:
    return helper()

def helper() -> int:
    time.sleep(1)
    return 1
""")  # fmt: skip
    assert codes(found) == ["CDT320", "CDT320"]
    assert {label.span.line for one in found for label in one.labels} == {10, 14}
