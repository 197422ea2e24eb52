"""A program whose tools misbehave, each in its way, and what its caller is told.

``EXPECTED`` is, by tool: whether the call fails, and words of what is told. ``RAISING`` and ``GIVING`` become
tools in three ways to run: where the build finds them harmless, on a thread, and awaited.
"""

from collections.abc import Iterator

HEAD = '''import asyncio
import math
import os
import subprocess
import sys
import threading
import time

from conduit import Conduit, Context, HTTPError
from conduit.mcp import ToolError

app = Conduit(title="Misbehaving")
app.enable_mcp(TRANSPORT)


class Odd(BaseException):
    pass


class Mute(Exception):
    def __str__(self):
        raise ValueError("no words")


class MuteToolError(ToolError):
    def __str__(self):
        raise ValueError("no words")


def deeper(n):
    return deeper(n + 1) + 1


def nested(n):
    made = []
    for _ in range(n):
        made = [made]
    return made


def cyclic():
    made = {}
    made["self"] = made
    return made


@app.tool()
def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b


'''

#: What is raised, and the words that the caller sees.
RAISING = {
    "zero": ("1 / 0", "failed"),
    "exit": ("sys.exit(3)", "failed"),
    "system_exit": ('raise SystemExit("bye")', "failed"),
    "interrupt": ("raise KeyboardInterrupt", "failed"),
    "odd": ('raise Odd("odd")', "failed"),
    "cancelled": ("raise asyncio.CancelledError", "failed"),
    "stop": ("raise StopIteration(5)", "failed"),
    "stop_async": ("raise StopAsyncIteration", "failed"),
    "recursion": ("deeper(0)", "failed"),
    "memory": ("bytearray(1 << 60)", "failed"),
    "timeout": ('raise TimeoutError("its own")', "failed"),
    "group": ('raise ExceptionGroup("two", [ValueError(1), SystemExit])', "failed"),
    "mute": ("raise Mute", "failed"),
    "mute_error": ("raise MuteToolError", "MuteToolError"),
    "broken_words": ('raise ToolError("half \\ud800 a letter")', "half ? a letter"),
    "long_words": ('raise ToolError("so long " * 1_000_000)', "so long"),
    "busy": ('raise HTTPError(503, "come back later")', "come back later"),
}
#: What is given back, and the words that the caller sees; None where it cannot be sent.
GIVING = {
    "nan": ("math.nan", "null"),
    "infinite": ("[math.inf, -math.inf]", "[null,null]"),
    "surrogate": ('"half \\ud800 a letter"', None),
    "surrogates": ('{"\\udfff": 1}', None),
    "circle": ("cyclic()", None),
    "huge": ("10 ** 5000", None),
    "raw": ('b"\\xff\\x00"', "/wA="),
    "number_keys": ("{1: 2}", '{"1":2}'),
    "tuple_keys": ("{(1, 2): 3}", None),
    "thing": ("object()", None),
    "type": ("int", None),
    "function": ("cyclic", None),
    "generator": ("(n for n in range(3))", None),
    "deep": ("nested(50_000)", None),
    "much": ('"x" * (1 << 25)', None),
    "lines": ('"a\\r\\nb\\n\\ndata: x\\u2028"', "a\r\nb\n\ndata: x\u2028"),
}

OTHERS = """
@app.tool(timeout=0.1)
async def hangs() -> str:
    await asyncio.sleep(3600)
    return "never"


@app.tool(timeout=0.1)
def hangs_on_a_thread() -> str:
    time.sleep(2)
    return "too late"


@app.tool(timeout=0.1)
def never_returns() -> str:
    while True:
        time.sleep(3600)


@app.tool(timeout=0.1)
async def waits_for_a_thread() -> str:
    await asyncio.to_thread(time.sleep, 3600)
    return "never"


@app.tool()
async def holds_everything_up() -> str:
    time.sleep(3600)
    return "never"


@app.tool(timeout=0.1)
async def heeds_nothing() -> str:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            pass
    return "too late"


@app.tool(timeout=0.1)
async def cancels_late() -> str:
    try:
        await asyncio.sleep(3600)
    finally:
        raise SystemExit("while it was given up")


@app.tool()
async def cancels_itself() -> str:
    asyncio.current_task().cancel()
    await asyncio.sleep(0)
    return "never"


@app.tool()
def prints() -> str:
    print("no message", flush=True)
    sys.stdout.write("no message\\n")
    sys.__stdout__.write("no message\\n")
    sys.__stdout__.flush()
    os.write(1, b"no message\\n")
    subprocess.run(["echo", "no message"], check=True)
    return "printed"


@app.tool()
def reads() -> str:
    taken = sys.stdin.read()
    taken += os.read(0, 1000).decode()
    taken += subprocess.run(["cat"], capture_output=True, text=True, check=True).stdout
    return repr(taken)


@app.tool()
def asks() -> str:
    return input("what? ")


@app.tool()
def moves() -> str:
    os.chdir("/")
    return os.getcwd()


@app.tool()
def closes() -> str:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()
    return "closed"


@app.tool()
async def leaves_tasks() -> str:
    async def fails():
        await asyncio.sleep(0)
        raise ValueError("nobody waits for this")

    for _ in range(10):
        asyncio.create_task(fails())
    return "left"


@app.tool()
async def speaks_late(ctx: Context) -> str:
    async def later():
        for _ in range(20):
            await asyncio.sleep(0.01)
            ctx.progress(1)
            ctx.error("late")

    app.later = asyncio.create_task(later())
    threading.Timer(0.05, ctx.progress, (2,)).start()
    return "spoken"


@app.tool()
def speaks_from_threads(ctx: Context) -> str:
    def much():
        for n in range(2000):
            ctx.progress(n)
            ctx.error("x" * 100)

    threads = [threading.Thread(target=much) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return "spoken"


@app.tool()
async def says_what_cannot_be_said(ctx: Context) -> str:
    ctx.error(object())
    return "never"


@app.tool()
async def speaks_much(ctx: Context) -> str:
    for n in range(50_000):
        ctx.progress(n, message="m" * 100)
    return "spoken"
"""

EXPECTED: dict[str, tuple[bool, str]] = {
    "hangs": (True, "in time"),
    "hangs_on_a_thread": (True, "in time"),
    "heeds_nothing": (True, "in time"),
    "cancels_late": (True, "in time"),
    "cancels_itself": (True, "failed"),
    "moves": (False, "/"),
    "leaves_tasks": (False, "left"),
    "speaks_late": (False, "spoken"),
    "speaks_from_threads": (False, "spoken"),
    "says_what_cannot_be_said": (True, "failed"),
    "speaks_much": (False, "spoken"),
    "prints": (False, "printed"),
}
#: Only over pipes is stdin the protocol's.
OF_PIPES: dict[str, tuple[bool, str]] = {"reads": (False, "''"), "asks": (True, "failed")}
#: The last: its log is lost.
CLOSES: dict[str, tuple[bool, str]] = {"closes": (False, "closed")}


def _tools() -> Iterator[str]:
    for name, (code, words) in RAISING.items():
        for way, text in _ways(name, code):
            EXPECTED[f"{way}_{name}"] = (True, words)
            yield text
    for name, (code, given) in GIVING.items():
        for way, text in _ways(name, f"return {code}"):
            EXPECTED[f"{way}_{name}"] = (given is None, given or ("bytes" if name == "much" else "failed"))
            yield text


def _ways(name: str, code: str) -> Iterator[tuple[str, str]]:
    yield "plain", f"@app.tool(blocking=False)\ndef plain_{name}():\n    {code}\n\n\n"
    yield "thread", f"@app.tool(blocking=True)\ndef thread_{name}():\n    {code}\n\n\n"
    yield "task", f"@app.tool()\nasync def task_{name}():\n    await asyncio.sleep(0)\n    {code}\n\n\n"


PROGRAM = HEAD + "".join(_tools()) + OTHERS


def program(transport: str) -> str:
    """The program for a transport."""
    return PROGRAM.replace("TRANSPORT", f'transport="{transport}"')
