"""Programs with one conflict or dead route planted in each, of many kinds; the lines at fault are marked.

A program is text (``# file: NAME`` starts another file). ``#1`` marks the line that was there first, ``#2``
the one to blame; a dead route has ``#2`` where it stands and ``#1`` at whatever takes its paths.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

CONFLICT, TWICE, DEAD, FALLBACKS = "CDT240", "CDT241", "CDT242", "CDT243"

HEAD = """\
import datetime
import enum
import os
import uuid
from typing import Annotated, Literal

from conduit import Conduit, Router
from msgspec import Meta

app = Conduit()
"""

PLACES = (
    "/users",
    "/api/v1/orders",
    "/a-b",
    "/ünits",
    "/x.y/z",
    "/s p",
    "/2024",
    "",
    "/~me",
    "/a/b/c/d",
    "/@x",
)
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


@dataclass(frozen=True)
class Planted:
    """One program, what is to be found in it, and how it was made."""

    kind: str
    code: str
    text: str


def route(
    path: str, mark: str = "", parameters: str = "request", method: str = "get", on: str = "app"
) -> str:
    name = f"h{crc32(f'{path} {mark} {parameters} {method} {on}'.encode())}"
    return (
        f'@{on}.{method}("{path}"){f"  #{mark}" if mark else ""}\ndef {name}({parameters}):\n    return 1\n'
    )


def pair(one: str, other: str, first: str = "request", second: str = "request", method: str = "get") -> str:
    """Two routes that meet."""
    return HEAD + route(one, "1", first, method) + route(other, "2", second, method)


def exact() -> Iterator[str]:
    for number, place in enumerate(PLACES):
        method = METHODS[number % len(METHODS)]
        yield pair(f"{place}/all", f"{place}/all", method=method)


def other_names() -> Iterator[str]:
    for number, place in enumerate(PLACES):
        kind = ("int", "str", "uuid", "float")[number % 4]
        yield pair(f"{place}/:id<{kind}>", f"{place}/{{number:{kind}}}")
    yield pair("/t/{a}/u/{b}", "/t/{c}/u/{d}")
    yield pair("/t/{a:int}", "/t/{b}", "a", "b: int")


def prefixes() -> Iterator[str]:
    for place in PLACES[:6]:
        router = f'r = Router(prefix="{place}")\n' + route("/me", "1", on="r")
        yield HEAD + router + "app.include(r)\n" + route(f"{place}/me", "2")
        inner = f'o = Router(prefix="/v2")\nr = Router()\n{route("/{id}", "1", on="r")}'
        yield (
            HEAD
            + inner
            + f'o.include(r, prefix="{place}")\napp.include(o)\n'
            + route(f"/v2{place}/{{x}}", "2")
        )


def modules() -> Iterator[str]:
    for place in PLACES[:6]:
        group = f'# file: group.py\nfrom conduit import Router\n\nr = Router(prefix="{place}")\n'
        entry = HEAD + f"from group import r\napp.include(r)\n{route(f'{place}/x', '2')}"
        yield entry + group + route("/x", "1", on="r")
    for place in PLACES[:5]:
        shared = "# file: core.py\nfrom conduit import Conduit\n\napp = Conduit()\n"
        one = f"# file: one.py\nfrom core import app\n\n{route(f'{place}/:n<int>', '1')}"
        other = f"# file: other.py\nfrom core import app\n\n{route(f'{place}/:m<float>', '2')}"
        yield f"from core import app\nimport one\nimport other\n{shared}{one}{other}"


def int_and_float() -> Iterator[str]:
    for place in PLACES:
        yield pair(f"{place}/{{n:int}}", f"{place}/{{x:float}}/".rstrip("/"))
    yield pair("/p/{n}/{m}", "/p/{n}/{m}", "n: int, m: float", "n: float, m: int")


NARROW = 'class Color(enum.Enum):\n    RED = "red"\n    BLUE = "blue"\n\n\n'


def enums_and_literals() -> Iterator[str]:
    kinds = (
        'Literal["red"]',
        'Literal["blue", "x"]',
        "Color",
        "str",
        "Color | None",
        'Literal["red", "blue"]',
    )
    for one in kinds:
        for other in kinds[:4]:
            if {one, other} != {'Literal["red"]', 'Literal["blue", "x"]'}:
                head = HEAD + NARROW
                yield head + route("/c/{c}", "1", f"c: {one}") + route("/c/{d}", "2", f"d: {other}")


def bounds() -> Iterator[str]:
    pairs = (
        ("ge=10", "le=10"),
        ("gt=4", "lt=6"),
        ("ge=1000000, le=2000000", "ge=2000000"),
        ("multiple_of=6", "ge=5, le=6"),
        ("multiple_of=6", "multiple_of=4"),
        ("ge=-5, le=-5", "lt=0"),
        ("multiple_of=7, gt=100", "multiple_of=5, lt=200"),
        ("ge=0", "multiple_of=59"),
        ("ge=999999999999999990", "multiple_of=9"),
    )
    for one, other in pairs:
        yield pair("/n/{a}", "/n/{b}", f"a: Annotated[int, Meta({one})]", f"b: Annotated[int, Meta({other})]")
    for one, other in (("ge=1.5", "le=1.5"), ("gt=0.1, lt=0.3", "ge=0.2, le=0.25"), ("gt=1e300", "ge=1e301")):
        text = f"a: Annotated[float, Meta({one})]", f"b: Annotated[float, Meta({other})]"
        yield pair("/x/{a}", "/x/{b}", *text)
    for one, other in (("min_length=5", "max_length=5"), ("min_length=40", "min_length=2, max_length=41")):
        yield pair("/w/{a}", "/w/{b}", f"a: Annotated[str, Meta({one})]", f"b: Annotated[str, Meta({other})]")


def dates_and_others() -> Iterator[str]:
    kinds = (
        ("datetime.date", "datetime.date"),
        ("datetime.date", 'Literal["2024-02-29", "x"]'),
        ("datetime.date", "str"),
        ("bool", 'Literal["TRUE"]'),
        ("bool", "Literal[0, 5]"),
        ("int | bool", "bool"),
        ("uuid.UUID", "uuid.UUID"),
        ("datetime.datetime", "datetime.datetime"),
        ("datetime.time", "str"),
        ("datetime.timedelta", "datetime.timedelta"),
        ("datetime.date", "Annotated[str, Meta(min_length=10, max_length=10)]"),
        ('Annotated[str, Meta(pattern="^[a-f]{4}$")]', "str"),
    )
    for one, other in kinds:
        yield pair("/d/{a}", "/d/{b}", f"a: {one}", f"b: {other}")


def several_methods() -> Iterator[str]:
    lists = (
        ('"GET", "POST"', '"POST", "PUT"'),
        ('"*"', '"*"'),
        ('"GET", "HEAD"', '"HEAD"'),
        ('"PURGE"', '"PURGE"'),
        ('"GET"', '"get"'),
        ('"OPTIONS", "PATCH"', '"PATCH"'),
        ('"*"', '"GET", "*"'),
        ('"DELETE"', '"PUT", "DELETE"'),
    )
    for one, other in lists:
        for place in ("/m", "/m/{x}"):
            first = written(f'app.route("{place}", methods=[{one}])', "1")
            yield HEAD + first + written(f'app.route("{place}", methods=[{other}])', "2").replace("h(", "g(")


def tails() -> Iterator[str]:
    for place in PLACES:
        yield pair(f"{place}/*rest", f"{place}/{{more:path}}")
    yield pair("/t/{x}/*rest", "/t/{y}/*rest")


def included_twice() -> Iterator[str]:
    for place in PLACES[:5]:
        router = (
            f'r = Router(prefix="{place}")\n' + route("/me", on="r") + route("/{id}", on="r", method="post")
        )
        yield HEAD + router + "app.include(r)  #1\napp.include(r)  #2\n"
        yield HEAD + router + 'app.include(r, prefix="/v")  #1\napp.include(r, prefix="/v")  #2\n'
        yield HEAD + router + "o = Router()\no.include(r)\napp.include(o)  #1\napp.include(r)  #2\n"


def written(decorator: str, mark: str, indent: str = "") -> str:
    """A route whose decorator is spelled out."""
    lines = (f"@{decorator}  #{mark}", "def h(request):", "    return 1")
    return "".join(f"{indent}{line}\n" for line in lines)


def loops() -> Iterator[str]:
    for place in PLACES[:5]:
        same = written(f'app.get("{place}/same")', "2", "    ")
        yield HEAD + f'for x in ("a", "b"):\n{same}'
        inserted = written(f'app.get(f"{place}/{{x}}")', "2", "    ")
        yield HEAD + f'for x in ["a", "b", "a"]:\n{inserted}'
        joined = written(f'app.get("{place}/" + x + y[1:])', "2", "        ")
        yield HEAD + f'for x in ("a", "ab"):\n    for y in ("xb", "x"):\n{joined}'


def constants() -> Iterator[str]:
    for place in PLACES[:4]:
        head = HEAD + f'BASE = "{place}"\nVERSION = 2\n'
        yield head + written('app.get(f"{BASE}/v{VERSION}")', "1") + route(f"{place}/v2", "2")
        yield head + written('app.get(BASE + "/" + "x")', "1") + route(f"{place}/x", "2")
        router = "r = Router(prefix=BASE)\n" + written('r.get("/{a}")', "1") + "app.include(r)\n"
        yield head + router + route(f"{place}/{{b}}", "2")


def trailing_slashes() -> Iterator[str]:
    for place in PLACES[:5]:
        for setting in ("redirect_slashes=True", ""):
            head = HEAD.replace("Conduit()", f"Conduit({setting})")
            router = f'r = Router(prefix="{place}/x")\n' + route("/", "1", on="r") + "app.include(r)\n"
            yield head + router + route(f"{place}/x/", "2")


def same_branch() -> Iterator[str]:
    def within(head: str, *bodies: str) -> str:
        return head + "".join("    " + line + "\n" for body in bodies for line in body.splitlines())

    for place in PLACES[:3]:
        one, other = route(f"{place}/d", "1"), route(f"{place}/d", "2")
        yield HEAD + within('if os.environ.get("X"):\n', one, other)
        yield HEAD + within('if os.environ.get("X"):\n', one, within("if os.getpid():\n", other))
        yield HEAD + within('if os.environ.get("X"):\n    pass\nelse:\n', one, other)
        yield HEAD + within("try:\n", "import orjson\n", one, other) + "except ImportError:\n    pass\n"
        yield HEAD + one + within('if os.environ.get("X"):\n', other)


def other_ways() -> Iterator[str]:
    for place in PLACES[:4]:
        yield HEAD + "get = app.get\n" + written(f'get("{place}/q")', "1") + route(f"{place}/q", "2")
        direct = "".join(f'app.get("{place}/q")(a)  #{mark}\n' for mark in "12")
        yield HEAD + f"def a(request):\n    return 1\n\n{direct}"
        yield HEAD + f'@app.get("{place}/q")  #2\n' + written(f'app.get("{place}/q")', "1")


def fallbacks() -> Iterator[str]:
    for one in ("def", "async def"):
        for other in ("def", "async def"):
            first = written("app.fallback", "1").replace("def", one)
            yield HEAD + first + written("app.fallback", "2").replace("def h", f"{other} g")


def dead_of_few_values() -> Iterator[str]:
    for number, place in enumerate(PLACES):
        kind = ('Literal["red", "blue"]', "Color", "Color | None")[number % 3]
        texts = [route(f"{place}/{text}", "1") for text in ("red", "blue")]
        texts.insert(number % 3, route(f"{place}/{{c}}", "2", f"c: {kind}"))
        yield HEAD + NARROW + "".join(texts)


def dead_numbers() -> Iterator[str]:
    for place in PLACES[:4]:
        few = "".join(route(f"{place}/{number}", "1") for number in (1, 2, 3))
        yield HEAD + few + route(f"{place}/{{n}}", "2", "n: Annotated[int, Meta(ge=1, le=3)]")
        yield (
            HEAD
            + few
            + route(f"{place}/{{n}}", "2", "n: Annotated[int, Meta(gt=0, lt=10, multiple_of=3)]")
            + (route(f"{place}/6", "1") + route(f"{place}/9", "1"))
        )
        halves = route(f"{place}/{{n}}/a", "1", "n: Annotated[int, Meta(ge=0)]") + route(
            f"{place}/{{n}}/a", "1", "n: Annotated[int, Meta(lt=0)]"
        )
        yield HEAD + halves + route(f"{place}/{{n}}/{{k}}", "2", 'n: int, k: Literal["a"]')


def dead_tails() -> Iterator[str]:
    for place in PLACES[:5]:
        parts = (f"{place}/f/", f"{place}/f/{{x}}", f"{place}/f//*p", f"{place}/f/{{x}}/*p")
        yield HEAD + "".join(route(part, "1") for part in parts) + route(f"{place}/f/*p", "2")
        few = route(f"{place}/f/a", "1") + route(f"{place}/f/", "1")
        yield HEAD + few + route(f"{place}/f/*p", "2", 'p: Literal["a", ""]')


def dead_for_lack_of_values() -> Iterator[str]:
    for constraint in ("ge=2, le=1", "gt=3, lt=4", "gt=1000, lt=-1000", "ge=7, le=13, multiple_of=20"):
        yield HEAD + route("/n/{n}", "2", f"n: Annotated[int, Meta({constraint})]")
    yield HEAD + route("/n/{n}", "2", "n: Annotated[float, Meta(gt=1.5, le=1.5)]")
    yield HEAD + route("/n/{n}", "2", "n: Annotated[str, Meta(min_length=3, max_length=2)]")
    yield HEAD + route("/n/{n}", "2", 'n: Literal[""]')


def dead_whatever_happens() -> Iterator[str]:
    for place in PLACES[:4]:
        arms = [route(f"{place}/a", "1", parameters) for parameters in ("request", "request, q: str")]
        one, other = ("".join(f"    {line}\n" for line in arm.splitlines()) for arm in arms)
        general = route(f"{place}/{{k}}", "2", 'k: Literal["a"]')
        inner = "".join(f"    {line}\n" for line in general.splitlines())
        test = 'if os.environ.get("X"):\n'
        yield HEAD + general + test + one + "else:\n" + other
        yield HEAD + test + inner + one
        yield HEAD + test + inner + arms[0]


KINDS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "exact duplicates": (CONFLICT, exact),
    "same shape, other names": (CONFLICT, other_names),
    "across prefixes": (CONFLICT, prefixes),
    "across modules": (CONFLICT, modules),
    "int and float": (CONFLICT, int_and_float),
    "enums, literals, str": (CONFLICT, enums_and_literals),
    "bounds": (CONFLICT, bounds),
    "dates, bools, patterns": (CONFLICT, dates_and_others),
    "lists of methods": (CONFLICT, several_methods),
    "path tails": (CONFLICT, tails),
    "groups included twice": (TWICE, included_twice),
    "loops that register twice": (CONFLICT, loops),
    "constants and composition": (CONFLICT, constants),
    "trailing slashes": (CONFLICT, trailing_slashes),
    "in one branch": (CONFLICT, same_branch),
    "aliases and stacks": (CONFLICT, other_ways),
    "fallbacks": (FALLBACKS, fallbacks),
    "dead: few values": (DEAD, dead_of_few_values),
    "dead: numbers": (DEAD, dead_numbers),
    "dead: tails": (DEAD, dead_tails),
    "dead: no value at all": (DEAD, dead_for_lack_of_values),
    "dead: whatever happens": (DEAD, dead_whatever_happens),
}


def planted() -> list[Planted]:
    return [Planted(kind, code, text) for kind, (code, programs) in KINDS.items() for text in programs()]
