"""Hostile source files, by name: what stands in ``app.py`` and what is to become of it.

Each is made by a function, so that none of them need be stored. ``verdict`` is ``error`` (exit 1, with a
place in the file), ``valid`` (checked and built) or ``either`` (one of both: it depends on the limits of the
running Python).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

APP = """\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"ok": True}


"""


@dataclass(frozen=True)
class Shape:
    name: str
    make: Callable[[], bytes]
    verdict: str


def _text(name: str, verdict: str, make: Callable[[], str]) -> Shape:
    return Shape(name, lambda: (APP + make()).encode(), verdict)


def _in_function(name: str, verdict: str, make: Callable[[], str]) -> Shape:
    def body() -> bytes:
        return (APP + f'@app.get("/deep")\ndef deep(a: int = 1):\n    x = {make()}\n    return x\n').encode()

    return Shape(f"{name} in a function", body, verdict)


def _pair(name: str, verdict: str, make: Callable[[], str]) -> list[Shape]:
    """The expression at the top level, and in a handler."""
    return [_text(name, verdict, lambda: f"x = {make()}\n"), _in_function(name, verdict, make)]


def _data(name: str, verdict: str, make: Callable[[], bytes]) -> Shape:
    return Shape(name, make, verdict)


def _lambdas(count: int) -> str:
    return "lambda: " * count + "1"


def _elifs(count: int) -> str:
    return "if a == 0:\n    b = 0\n" + "".join(f"elif a == {n}:\n    b = {n}\n" for n in range(1, count))


def _elifs_in_function(count: int) -> str:
    chain = "".join(f"    elif a == {n}:\n        b = {n}\n" for n in range(1, count))
    return (
        f'@app.get("/e")\ndef e(a: int = 1):\n    b = 1\n    if a == 0:\n        b = 0\n{chain}    return b\n'
    )


DEEP = [
    *_pair("5,000 nested lists", "error", lambda: "[" * 5_000 + "]" * 5_000),
    *_pair("20,000 unary minus", "error", lambda: "-" * 20_000 + "1"),
    *_pair("3,000 nested calls", "error", lambda: "f(" * 3_000 + ")" * 3_000),
    *_pair("20,000-term sum", "error", lambda: "+".join(["1"] * 20_000)),
    *_pair("20,000 chained attributes", "error", lambda: "a" + ".b" * 20_000),
    *_pair("10,000 not", "error", lambda: "not " * 10_000 + "1"),
    *_pair("3,000 nested lambdas", "error", lambda: _lambdas(3_000)),
    *_pair("800-term sum", "either", lambda: "+".join(["1"] * 800)),
    *_pair("2,000-term sum", "either", lambda: "+".join(["1"] * 2_000)),
    *_pair("2,000-term sum of text", "either", lambda: "+".join(["'a'"] * 2_000)),
    *_pair("900 chained calls", "either", lambda: "app" + ".b()" * 900),
    *_pair("900 chained subscripts", "either", lambda: "app" + "[0]" * 900),
    *_pair("1,500 not", "either", lambda: "not " * 1_500 + "1"),
    *_pair("700 choices", "either", lambda: "1 if x else " * 700 + "2"),
    *_pair("190 nested lists", "either", lambda: "[" * 190 + "]" * 190),
    *_pair("190 nested dicts", "either", lambda: "{'a': " * 190 + "1" + "}" * 190),
    *_pair("190 nested calls", "either", lambda: "f(" * 190 + ")" * 190),
    *_pair("95 nested comprehensions", "either", lambda: "[" * 95 + "1" + " for _ in (1,)]" * 95),
    *_pair("900 awaits", "either", lambda: "await " * 900 + "a"),
    *_pair("900 powers", "either", lambda: "2**" * 900 + "1"),
    *_pair("900 comparisons", "valid", lambda: "1" + "<2" * 900),
    *_pair("20,000 or", "valid", lambda: "1" + " or 2" * 20_000),
    *_pair("900 lambdas", "either", lambda: _lambdas(900)),
    _text("sum over lines", "either", lambda: "x = (\n" + "1 +\n" * 2_000 + "1)\n"),
    _text("5,000 elif", "error", lambda: "a = 1\n" + _elifs(5_000)),
    _text("5,000 elif in a function", "error", lambda: _elifs_in_function(5_000)),
    _text("900 elif", "either", lambda: "a = index()\n" + _elifs(900)),
    _text("900 elif in a function", "either", lambda: _elifs_in_function(900)),
    _text("99 nested if", "either", lambda: "".join(" " * n + "if index:\n" for n in range(99)) + " " * 99 + "x = 1\n"),
    _text("99 nested unknown if", "either", lambda: "".join(" " * n + "if index():\n" for n in range(99)) + " " * 99 + "x = 1\n"),
    _text("99 nested try", "either", lambda: "".join(" " * n + "try:\n" for n in range(99)) + " " * 99 + "x = 1\n" + "".join(" " * n + "finally:\n" + " " * n + " pass\n" for n in range(98, -1, -1))),
    _text("99 nested classes", "either", lambda: "".join(" " * n + f"class C{n}:\n" for n in range(99)) + " " * 99 + "x = 1\n"),
    _text("99 nested functions", "either", lambda: "".join(" " * n + f"def f{n}():\n" for n in range(99)) + " " * 99 + "return 1\n"),
    _text("99 nested loops", "either", lambda: "".join(" " * n + f"for i{n} in (1, 2):\n" for n in range(99)) + " " * 99 + "x = 1\n"),
    _text("99 nested unknown loops", "either", lambda: "".join(" " * n + f"for i{n} in index():\n" for n in range(99)) + " " * 99 + "x = 1\n"),
    _text("19 nested with", "either", lambda: "".join(" " * n + f"with index() as i{n}:\n" for n in range(19)) + " " * 19 + "x = 1\n"),
    _text("19 nested loops in a function", "either", lambda: '@app.get("/n")\ndef nested(a: int):\n' + "".join(" " * n + f"for i{n} in range(a):\n" for n in range(1, 19)) + " " * 19 + "a = [a]\n return a\n"),
    _text("decorators", "either", lambda: "".join("@index\n" for _ in range(5_000)) + "def f(): pass\n"),
    _text("deep annotation", "either", lambda: f'@app.get("/d")\ndef d(a: {"list[" * 190}int{"]" * 190}): pass\n'),
    _text("deep union", "either", lambda: f'@app.get("/d")\ndef d(a: {" | ".join(["int"] * 900)}): pass\n'),
    _text("deep annotation in text", "either", lambda: f'@app.get("/d")\ndef d(a: "{"list[" * 190}int{"]" * 190}"): pass\n'),
    _text("very deep annotation in text", "either", lambda: f'@app.get("/d")\ndef d(a: "{"list[" * 5_000}"): pass\n'),
    _text("deep sum in an annotation in text", "either", lambda: f'@app.get("/d")\ndef d(a: "{"+".join("1" * 2000)}"): pass\n'),
    _text("deep default", "either", lambda: f'@app.get("/d")\ndef d(a: int = {"+".join("1" * 2000)}): pass\n'),
    _text("deep default list", "either", lambda: f'@app.get("/d")\ndef d(a: list[int] = {"[" * 190}{"]" * 190}): pass\n'),
    _text("deep path", "either", lambda: f'@app.get({"+".join(["chr(47)"] * 2000)})\ndef d(): pass\n'),
    _text("deep pattern", "either", lambda: f"match app:\n    case {'[' * 190}x{']' * 190}:\n        pass\n"),
    _text("long pattern", "either", lambda: f"match app:\n    case {'|'.join('123' * 900)}:\n        pass\n"),
    _text("deep target", "either", lambda: f"{'(' * 100}x{',)' * 100} = index()\n"),
]  # fmt: skip


def _doubling(count: int, first: str, step: str) -> str:
    return first + "".join(step.format(now=n + 1, old=n) for n in range(count))


ABUNDANT = [
    _text("200,000 statements", "either", lambda: "x = 1\n" * 200_000),
    _text("200,000 statements on one line", "either", lambda: "x=1;" * 200_000 + "\n"),
    _text("3.3 million elements on one line", "error", lambda: "x = [" + "1," * 3_300_000 + "]\n"),
    _text("200,000 elements", "either", lambda: "x = [" + "1," * 200_000 + "]\n"),
    _text("200,000 names", "either", lambda: "".join(f"x{n} = {n}\n" for n in range(100_000))),
    _text("10 MB on one line", "either", lambda: "x = '" + "a" * 10_000_000 + "'\n"),
    _text("10 MB of names on one line", "error", lambda: "a " * 5_000_000 + "\n"),
    _text("10 MB of comment", "either", lambda: "# " + "a" * 10_000_000 + "\n"),
    _text("10 MB of one name", "either", lambda: "a" * 10_000_000 + " = 1\n"),
    _text("10 MB of empty lines", "either", lambda: "\n" * 10_000_000),
    _text("10 MB of semicolons", "error", lambda: ";" * 10_000_000),
    _text("40 MB", "error", lambda: "x = '" + "a" * 40_000_000 + "'\n"),
    _text("5 MB of text", "valid", lambda: "x = '" + "a" * 5_000_000 + "'\n"),
    _text("5 MB of wide text", "valid", lambda: "x = '" + "é" * 2_500_000 + "'; y = 1; z = index(x, y)\n"),
    _text("5 MB of f-string", "either", lambda: "x = f'" + "{x}" * 100_000 + "'\n"),
    _text("5,000-digit integer", "error", lambda: "x = " + "9" * 5_000 + "\n"),
    _text("5,000-digit hexadecimal", "error", lambda: "x = 0x" + "f" * 5_000 + "\n"),
    _text("1,000,000-digit hexadecimal", "error", lambda: "x = 0x" + "f" * 1_000_000 + "\n"),
    _text("5,000-digit hexadecimal default", "error", lambda: '@app.get("/d")\ndef d(a: int = 0x' + "f" * 5_000 + "): return a\n"),
    _text("4,000-digit integer default", "either", lambda: '@app.get("/d")\ndef d(a: int = ' + "9" * 4_000 + "): return a\n"),
    _text("4,000-digit integers multiplied", "either", lambda: "x = " + "9" * 4_000 + " * " + "9" * 4_000 + "\ny = f'{x}'\nz = str(x)\n"),
    _text("constants that double", "either", lambda: "x = 'ab'\n" + "x = x + x\n" * 60),
    _text("bytes that double", "either", lambda: "x = b'ab'\n" + "x = x + x\n" * 60),
    _text("numbers that square", "either", lambda: "x = 3\n" + "x = x * x\n" * 60),
    _text("lists that double", "either", lambda: "x = [1]\n" + "x = x + x\n" * 60),
    _text("tuples that double", "either", lambda: "x = (1,)\n" + "x = x + x\n" * 60),
    _text("lists that double by unpacking", "either", lambda: "x = [1]\n" + "x = [*x, *x]\n" * 60),
    _text("lists that extend themselves", "either", lambda: "x = [1]\n" + "x.extend(x)\n" * 60),
    _text("lists that add to themselves", "either", lambda: "x = [1]\n" + "x += x\n" * 60),
    _text("lists that hold themselves", "either", lambda: 'x = []\nx.append(x)\n@app.get("/d")\ndef d(a: list = x): return x\n'),
    _text("dicts that hold themselves", "either", lambda: 'x = {}\nx["x"] = x\n@app.get("/d")\ndef d(a: dict = x): return x\n'),
    _text("lists of lists that double", "either", lambda: _doubling(60, "x0 = [1]\n", "x{now} = [x{old}, x{old}]\n") + '@app.get("/d")\ndef d(a: list = x60): return x60\n'),
    _text("dicts of dicts that double", "either", lambda: _doubling(60, "x0 = {}\n", "x{now} = {{'a': x{old}, 'b': x{old}}}\n") + '@app.get("/d")\ndef d(a: dict = x60): return x60\n'),
    _text("aliases that double", "either", lambda: _doubling(60, "A0 = int\n", "A{now} = dict[A{old}, A{old}]\n") + '@app.get("/d")\ndef d(a: A60): return a\n'),
    _text("tuple aliases that double", "either", lambda: _doubling(60, "A0 = int\n", "A{now} = tuple[A{old}, A{old}]\n") + '@app.get("/d")\ndef d(a: A60) -> A60: return a\n'),
    _text("unions that double", "either", lambda: _doubling(60, "A0 = int\n", "A{now} = list[A{old}] | set[A{old}]\n") + '@app.get("/d")\ndef d(a: A60): return a\n'),
    _text("aliases that double in text", "either", lambda: _doubling(60, "A0 = 'int'\n", "A{now} = 'tuple[A{old}, A{old}]'\n") + '@app.get("/d")\ndef d(a: "A60"): return a\n'),
    _text("fields that double", "either", lambda: "from dataclasses import dataclass\n@dataclass\nclass C0:\n    x: int\n" + _doubling(60, "", "@dataclass\nclass C{now}:\n    a: C{old}\n    b: C{old}\n") + '@app.post("/d")\ndef d(a: C60) -> C60: return a\n'),
    _text("a chain of aliases", "either", lambda: "A0 = int\n" + "".join(f"A{n + 1} = list[A{n}]\n" for n in range(2_000)) + '@app.get("/d")\ndef d(a: A2000): return a\n'),
    _text("a chain of plain aliases", "either", lambda: "A0 = int\n" + "".join(f"A{n + 1} = A{n}\n" for n in range(2_000)) + '@app.get("/d")\ndef d(a: A2000): return a\n'),
    _text("a chain of classes", "either", lambda: "class C0: pass\n" + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(2_000)) + '@app.get("/d")\ndef d(a: C2000): return a\n'),
    _text("a chain of dataclasses", "either", lambda: "from dataclasses import dataclass\n@dataclass\nclass C0:\n    x: int\n" + "".join(f"@dataclass\nclass C{n + 1}:\n    x: C{n}\n" for n in range(1_500)) + '@app.post("/d")\ndef d(a: C1500) -> C1500: return a\n'),
    _text("a chain of functions", "either", lambda: "def f0(): return 1\n" + "".join(f"def f{n + 1}(): return f{n}()\n" for n in range(2_000)) + '@app.get("/d")\ndef d(): return f2000()\n'),
    _text("functions that double", "either", lambda: "def f0(): return 1\n" + "".join(f"def f{n + 1}(): return (f{n}(), f{n}())\n" for n in range(60)) + '@app.get("/d")\ndef d(): return f60()\n'),
    _text("a chain of providers", "either", lambda: "from typing import Annotated\nfrom conduit import Depends\ndef f0(): return 1\n" + "".join(f"def f{n + 1}(a: Annotated[int, Depends(f{n})]): return a\n" for n in range(300)) + '@app.get("/d")\ndef d(a: Annotated[int, Depends(f300)]): return a\n'),
    _text("routers that double", "either", lambda: "from conduit import Router\nr0 = Router()\n@r0.get('/')\ndef r(): return 1\n" + "".join(f"r{n + 1} = Router()\nr{n + 1}.include(r{n}, prefix='/a')\nr{n + 1}.include(r{n}, prefix='/b')\n" for n in range(60)) + "app.include(r60)\n"),
    _text("a chain of routers", "either", lambda: "from conduit import Router\nr0 = Router()\n@r0.get('/')\ndef r(): return 1\n" + "".join(f"r{n + 1} = Router()\nr{n + 1}.include(r{n}, prefix='/a')\n" for n in range(2_000)) + "app.include(r2000)\n"),
    _text("a router in a circle", "error", lambda: "from conduit import Router\nr = Router()\ns = Router()\nr.include(s)\ns.include(r)\napp.include(r)\n"),
    _text("loops over loops", "either", lambda: "".join(" " * n + f"for i{n} in range(1000):\n" for n in range(9)) + " " * 9 + "x = 1\n"),
    _text("loops over products", "either", lambda: "x = [(a, b, c, d) for a in range(1000) for b in range(1000) for c in range(1000) for d in range(1000)]\n"),
    _text("empty loops over products", "either", lambda: "x = [1 for a in range(1000) for b in range(1000) for c in range(1000) if a > 2000]\n"),
    _text("loops over empty loops", "either", lambda: "for a in range(20000):\n    for b in range(20000):\n        pass\n"),
    _text("comprehensions in loops", "either", lambda: "for a in range(20000):\n    x = [b for b in range(20000)]\n"),
    _text("lists in loops", "either", lambda: "for a in range(20000):\n    x = list(range(20000))\n"),
    _text("sums in loops", "either", lambda: "x = 'a'\nfor a in range(20000):\n    x = x + 'aaaaaaaaaa' * 100\n"),
    _text("sorted in loops", "either", lambda: "for a in range(20000):\n    x = sorted(range(20000))\n"),
    _text("replacing in loops", "either", lambda: "x = 'a' * 100_000\nfor a in range(20000):\n    y = x.replace('a', 'aaaaaaaaaaaaaaa')\n"),
    _text("replacing that doubles", "either", lambda: "x = 'a'\n" + "x = x.replace('a', 'aa')\n" * 60),
    _text("joining that squares", "either", lambda: "x = 'ab'\n" + "x = x.join(x)\n" * 60),
    _text("joining a list that squares", "either", lambda: "x = 'ab'\n" + "x = x.join([x, x, x])\n" * 60),
    _text("f-strings that double", "either", lambda: "x = 'ab'\n" + "x = f'{x}{x}'\n" * 60),
    _text("f-strings of width", "either", lambda: "x = f'{1:999999999999}'\ny = f'{1:2000000000}'\nz = f'{1:.2000000000f}'\n"),
    _text("percents of width", "either", lambda: "x = '%2000000000d' % 1\ny = '%.2000000000f' % 1.0\nz = '%999999999999s' % 1\n"),
    _text("formats of width", "either", lambda: "x = '{:2000000000}'.format(1)\ny = '{0:{1}}'.format(1, 2000000000)\nz='{:.2000000000f}'.format(1.0)\n"),
    _text("percents that double", "either", lambda: "x = 'ab'\n" + "x = '%s%s' % (x, x)\n" * 60),
    _text("formats that double", "either", lambda: "x = 'ab'\n" + "x = '{0}{0}'.format(x)\n" * 60),
    _text("formats of attributes", "either", lambda: "x = '{0.__class__.__mro__[1].__subclasses__}'.format('')\n"),
    _text("text times text", "either", lambda: "x = 'a' * 10**20\ny = 'a' * -5\nz = 10**20 * 'a'\nw = 'a' * (1 << 127)\nv = [1] * 10**9\nu = 'ab'.zfill(10**9)\n"),
    _text("bytes times number", "either", lambda: "x = b'a' * 10000000000\ny = 10000000000 * b'a'\n"),
    _text("powers", "either", lambda: "x = 10 ** 10 ** 10\ny = 1 << 10 ** 10\nz = 2 ** -1\nw = 1 / 0\nv = 1 % 0\n"),
    _text("integers of text", "either", lambda: "x = int('9' * 5000)\ny = int('1' * 39)\nz = int(1e300)\nw = int('inf')\nu = int(float('nan'))\n"),
    _text("casefolds that grow", "either", lambda: "x = 'ΐ' * 100000\n" + "x = x.upper()\n" * 60),
    _text("getattr chains", "either", lambda: "x = app\n" + "x = getattr(x, 'a')\n" * 3000),
    _text("names that grow", "either", lambda: "import os as x\n" + "x = x.a\n" * 20_000),
    _text("attribute chains that grow", "either", lambda: "import os as x\n" + "x = x." + ".".join("a" * 400) + "\n" * 3_000),
    _text("mappings that double", "either", lambda: "x = {'a': 1}\n" + "x = {**x, **{k + 'b': 1 for k in x}}\n" * 30),
    _text("dict or that doubles", "either", lambda: "x = {'a': 1}\n" + "x = x | {k + 'b': 1 for k in x}\n" * 30),
    _text("splits that grow", "either", lambda: "x = ('a ' * 20000).split()\n" + "y = list(x)\n" * 300),
    _text("a route for every turn", "either", lambda: "for n in range(20000):\n    app.get(f'/r{n}')(index)\n"),
    _text("20,000 routes", "either", lambda: "".join(f"@app.get('/r{n}')\ndef r{n}(): return {n}\n" for n in range(20_000))),
    _text("one route with 20,000 segments", "either", lambda: f"@app.get('{'/a' * 20_000}')\ndef r(): return 1\n"),
    _text("one route with 2,000 parameters", "either", lambda: "@app.get('" + "".join(f"/{{a{n}}}" for n in range(2_000)) + "')\ndef r(request): return 1\n"),
    _text("a handler with 2,000 parameters", "either", lambda: "@app.get('/p')\ndef r(" + ", ".join(f"a{n}: int = {n}" for n in range(2_000)) + "): return 1\n"),
    _text("a class with 5,000 fields", "either", lambda: "from dataclasses import dataclass\n@dataclass\nclass C:\n" + "".join(f"    a{n}: int = {n}\n" for n in range(5_000)) + "@app.post('/p')\ndef r(c: C): return c\n"),
    _text("an enum with 5,000 members", "either", lambda: "from enum import Enum\nclass C(Enum):\n" + "".join(f"    a{n} = {n}\n" for n in range(5_000)) + "@app.get('/p/{c}')\ndef r(c: C): return c\n"),
    _text("a literal with 5,000 values", "either", lambda: "from typing import Literal\n@app.get('/p/{c}')\ndef r(c: Literal[" + ", ".join(f"'{n}'" for n in range(5_000)) + "]): return c\n"),
    _text("a union of 2,000", "either", lambda: "from typing import Union\n" + "".join(f"class C{n}: pass\n" for n in range(2_000)) + "@app.post('/p')\ndef r(c: Union[" + ", ".join(f"C{n}" for n in range(2_000)) + "]): return c\n"),
    _text("a docstring of 5 MB", "either", lambda: "@app.get('/p')\ndef r():\n    '''" + "word " * 1_000_000 + "'''\n    return 1\n"),
    _text("a path of 1 MB", "either", lambda: f"@app.get('/{'a' * 1_000_000}')\ndef r(): return 1\n"),
    _text("a name of 1 MB", "either", lambda: f"@app.get('/p')\ndef {'a' * 1_000_000}(): return 1\n"),
    _text("a default of 1 MB", "either", lambda: f"@app.get('/p')\ndef r(a: str = '{'a' * 1_000_000}'): return 1\n"),
]  # fmt: skip

ENCODED = [
    _data("empty", "either", lambda: b""),
    _data("one byte order mark", "valid", lambda: b"\xef\xbb\xbf" + APP.encode()),
    _data("two byte order marks", "error", lambda: b"\xef\xbb\xbf" * 2 + APP.encode()),
    _data("only a byte order mark", "either", lambda: b"\xef\xbb\xbf"),
    _data("UTF-16", "error", lambda: APP.encode("utf-16")),
    _data("UTF-32", "error", lambda: APP.encode("utf-32")),
    _data("NUL", "error", lambda: APP.encode() + b"x = 1\0\n"),
    _data("NUL in text", "error", lambda: APP.encode() + b"x = 'a\0b'\n"),
    _data("NUL first", "error", lambda: b"\0" + APP.encode()),
    _data("NUL in a comment", "error", lambda: b"# \0\n" + APP.encode()),
    _data("surrogates in bytes", "error", lambda: APP.encode() + b"x = '\xed\xa0\x80'\n"),
    _data("no UTF-8", "error", lambda: APP.encode() + b"x = '\xff'\n"),
    _data("no UTF-8 in a comment", "error", lambda: APP.encode() + b"# \xe9t\xe9\n"),
    _data("cut UTF-8", "error", lambda: APP.encode() + b"# \xc3"),
    _data("unknown coding", "error", lambda: b"# coding: klingon\n" + APP.encode()),
    _data("unknown coding on line 2", "error", lambda: b"#!/usr/bin/python\n# coding: klingon\n" + APP.encode()),
    _data("coding on line 3", "valid", lambda: b"#\n#\n# coding: klingon\n" + APP.encode()),
    _data("coding with a byte order mark", "error", lambda: b"\xef\xbb\xbf# coding: latin-1\n" + APP.encode()),
    _data("coding rot13", "error", lambda: b"# coding: rot13\n" + APP.encode()),
    _data("coding hex", "error", lambda: b"# coding: hex\n" + APP.encode()),
    _data("coding zlib", "error", lambda: b"# coding: zlib\n" + APP.encode()),
    _data("coding undefined", "error", lambda: b"# coding: undefined\n" + APP.encode()),
    _data("coding idna", "either", lambda: b"# coding: idna\n" + APP.encode()),
    _data("coding punycode", "either", lambda: b"# coding: punycode\n" + APP.encode()),
    _data("coding utf-16", "error", lambda: b"# coding: utf-16\n" + APP.encode()),
    _data("coding unicode-escape", "either", lambda: b"# coding: unicode-escape\n" + APP.encode()),
    _data("coding raw-unicode-escape", "either", lambda: b"# coding: raw-unicode-escape\n" + APP.encode() + b"x = '\\ud800'\n"),
    _data("coding mbcs", "error", lambda: b"# coding: mbcs\n" + APP.encode()),
    _data("coding that is no text", "error", lambda: b"# coding: \xff\xfe\n" + APP.encode()),
    _data("coding utf-8-sig", "valid", lambda: b"# coding: utf-8-sig\n" + APP.encode()),
    _data("UTF-7", "either", lambda: b"# coding: utf-7\n" + APP.encode("utf-7")),
    _data("UTF-7 with surrogates", "either", lambda: b"# coding: utf-7\n" + APP.encode("utf-7") + b"x = '+2AA-'\n"),
    _data("Latin-1", "valid", lambda: b"# coding: latin-1\n" + APP.encode() + b"x = '\xe9'\n"),
    _data("Latin-1 path", "valid", lambda: b"# coding: latin-1\n" + APP.encode() + b"@app.get('/\xe9')\ndef f(): return '\xe9'\n"),
    _data("Shift-JIS", "valid", lambda: b"# coding: shift-jis\n" + APP.encode() + "@app.get('/ソ')\ndef f(): return 'ソ'\n".encode("shift-jis")),
    _data("ISO-2022-JP", "valid", lambda: b"# coding: iso-2022-jp\n" + APP.encode() + "x = '日本'\n".encode("iso-2022-jp")),
    _data("CP1252", "valid", lambda: b"# coding: cp1252\n" + APP.encode() + b"x = '\x80'\n"),
    _data("EBCDIC", "error", lambda: APP.encode("cp500")),
    _data("CR only", "valid", lambda: APP.replace("\n", "\r").encode()),
    _data("CRLF", "valid", lambda: APP.replace("\n", "\r\n").encode()),
    _data("mixed line ends", "valid", lambda: APP.replace("\n", "\r\n", 3).replace("\n\n", "\r\n", 1).encode() + b"x = 1\rx = 2\r\n"),
    _data("CR in text", "valid", lambda: APP.encode() + b"x = '''a\rb\r\nc'''\n@app.get('/cr')\ndef f():\r    return x\n"),
    _data("form feed", "valid", lambda: APP.replace("\n\n\n", "\n\f\n").encode()),
    _data("form feed before a statement", "valid", lambda: APP.encode() + b"\fx = 1\n  \fy = 2\n"),
    _data("vertical tab", "error", lambda: APP.encode() + b"\vx = 1\n"),
    _data("line separators", "valid", lambda: APP.encode() + "x = 'a\u2028b\u2029c\x85d\x1ce'\n@app.get('/a\u2028b')\ndef f(): return x\n".encode()),
    _data("no-break space", "error", lambda: APP.encode() + "x =\u00a01\n".encode()),
    _data("tabs and spaces", "error", lambda: APP.encode() + b"if app:\n        x = 1\n\ty = 2\n"),
    _data("no last line end", "valid", lambda: APP.encode().rstrip()),
    _data("trailing backslash", "error", lambda: APP.encode() + b"x = 1 + \\"),
    _data("trailing backslash and line end", "error", lambda: APP.encode() + b"x = 1 + \\\n"),
    _data("only a backslash", "error", lambda: b"\\"),
    _data("only a backslash and line end", "either", lambda: b"\\\n"),
    _data("unterminated triple quote", "error", lambda: APP.encode() + b'x = """abc\n\n\n'),
    _data("unterminated quote", "error", lambda: APP.encode() + b"x = 'abc\n"),
    _data("unterminated bracket", "error", lambda: APP.encode() + b"x = (1,\n\n\n"),
    _data("unterminated f-string", "error", lambda: APP.encode() + b"x = f'{'\n"),
    _data("f-string of nothing", "error", lambda: APP.encode() + b"x = f'{}'\n"),
    _data("broken f-string", "error", lambda: APP.encode() + b"x = (\n\n  f'{a b}')\n"),
    _data("broken f-string after wide text", "error", lambda: APP.encode() + "x = 'ééééé', f'{a b}', '''\n\n''' f'''\n{a b}'''\n".encode()),
    _data("bad escape", "error", lambda: APP.encode() + b"x = '\\N{no such thing}', '\\x', '\\u12'\n"),
    _data("bad indentation", "error", lambda: APP.encode() + b"def f():\nx = 1\n"),
    _data("indented first line", "error", lambda: b"  " + APP.encode()),
    _data("dedent to nowhere", "error", lambda: APP.encode() + b"if app:\n    x = 1\n  y = 2\n"),
    _data("101 levels of indentation", "error", lambda: APP.encode() + b"".join(b" " * n + b"if app:\n" for n in range(101)) + b" " * 101 + b"x = 1\n"),
    _data("no Python", "error", lambda: b"<?xml version='1.0'?>\n<a/>\n"),
    _data("Python 2", "error", lambda: APP.encode() + b"print 'hello'\n"),
    _data("random bytes", "error", lambda: bytes((n * 7919 + n // 3) % 256 for n in range(5_000))),
    _data("an ELF file", "error", lambda: b"\x7fELF\x02\x01\x01" + b"\0" * 100),
]  # fmt: skip

ODD = [
    _text("lone surrogate", "either", lambda: "x = '\\ud800'\n"),
    _text("lone surrogate in a path", "error", lambda: "@app.get('/\\ud800')\ndef f(): return 1\n"),
    _text("lone surrogate in an answer", "either", lambda: "@app.get('/s')\ndef f(): return '\\ud800'\n"),
    _text("lone surrogate in a default", "either", lambda: "@app.get('/s')\ndef f(a: str = '\\ud800'): return a\n"),
    _text("lone surrogate in a docstring", "either", lambda: "@app.get('/s')\ndef f(a: str):\n    '\\ud800'\n    return a\n"),
    _text("lone surrogate in a title", "either", lambda: "app.title = '\\ud800'\n"),
    _data("lone surrogate in the options", "either", lambda: APP.replace("Conduit()", "Conduit(title='\\ud800', version='\\udfff')").encode()),
    _data("NUL in the options", "either", lambda: APP.replace("Conduit()", "Conduit(title='a\\0b', version='\\x1b')").encode()),
    _text("lone surrogate in tags", "either", lambda: "@app.get('/s', tags=['\\ud800'], summary='\\ud800', description='\\ud800', name='\\ud800')\ndef f(a: str): return a\n"),
    _text("lone surrogate in an enum", "either", lambda: "from enum import Enum\nclass E(Enum):\n    A = '\\ud800'\n@app.get('/s')\ndef f(a: E): return a\n"),
    _text("lone surrogate in a literal", "either", lambda: "from typing import Literal\n@app.get('/s')\ndef f(a: Literal['\\ud800']): return a\n"),
    _text("lone surrogate in a method", "either", lambda: "@app.route('/s', methods=['\\ud800'])\ndef f(): return 1\n"),
    _text("lone surrogate in a tool", "either", lambda: "@app.tool(name='\\ud800', description='\\ud800')\ndef f(a: str = '\\ud800') -> str:\n    'x'\n    return a\n"),
    _text("lone surrogate in Meta", "either", lambda: "from typing import Annotated\nfrom msgspec import Meta\n@app.get('/s')\ndef f(a: Annotated[str, Meta(pattern='\\ud800', description='\\ud800', title='\\ud800')]): return a\n"),
    _text("lone surrogate in a header", "either", lambda: "from typing import Annotated\nfrom conduit import Header, Response\n@app.get('/s')\ndef f(a: Annotated[str, Header('\\ud800')]): return Response(b'', headers={'x': '\\ud800'}, media_type='\\ud800')\n"),
    _text("lone surrogate in a field", "either", lambda: "from dataclasses import dataclass\n@dataclass\nclass C:\n    'doc \\ud800'\n    a: str = '\\ud800'\n@app.post('/s')\ndef f(a: C): return a\n"),
    _text("lone surrogate in a tag", "either", lambda: "from msgspec import Struct, field\nclass C(Struct, tag='\\ud800', tag_field='\\udc00', rename={'b': '\\ud801'}):\n    a: str = field(default='', name='\\ud800')\n    b: int = 1\n@app.post('/s')\ndef f(a: C): return a\n"),
    _text("lone surrogate in a comment", "either", lambda: "@app.get('/s')\ndef f():\n    return '\\udcff'\n"),
    _text("lone surrogate in a data file", "either", lambda: "x = open('\\ud800')\ny = open('/etc/passwd')\nz = open('a\\0b')\nw = open('a' * 5000)\n"),
    _text("lone surrogate in imports", "either", lambda: "import importlib\nx = importlib.import_module('\\ud800')\n"),
    _text("all kinds of text in a path", "either", lambda: r"""
for number, one in enumerate(['"', "'", '\"\"\"', "'''", '\\', '{{', '{%', '%}', '\n', '\r', '\0', '\t', '*/', '/*', '??/', '\u2028', '\x85', '\x7f', '\x1b[31m', '#', '?', '%', '%00', '%2F', ' ', '\ufeff', '\u202e', 'é', '\U0001f600', '<script>', ';', '&', '$(x)', '`x`', '..', '.', '//', ':', '}', '*']):
    app.get("/h" + str(number) + "/" + one)(index)
"""),
    _text("odd defaults", "either", lambda: "import math\n" + "".join(f"@app.get('/d{n}')\ndef d{n}(a: {t} = {d}): return {d}\n" for n, (t, d) in enumerate([
        ("float", "1e999"), ("float", "-1e999"), ("float", "1e999 - 1e999"), ("float", "0.1 + 0.2"), ("complex", "1j"), ("int", "..."), ("bytes", "b'\\xff'"),
        ("str", "b''"), ("list[int]", "[...]"), ("dict", "{1: 2, None: 3, (1, 2): 4}"), ("dict", "{b'a': 1, 1j: 2}"), ("set", "{1, 2}"), ("tuple", "(1, (2, 3j))"),
        ("int", "-0"), ("float", "-0.0"), ("int", "~True"), ("int", "not 1"), ("str", "f'{1!r:>10}'"), ("str", "'%d' % 1.5"), ("int", "1 if math else 2"), ("float", "math.inf"),
        ("int", "(lambda: 1)()"), ("int", "[x for x in range(3)]"), ("int", "2 ** 64"), ("int", "-2 ** 64"), ("int", "99999999999999999999999999"), ("str", "__name__"), ("str", "__doc__"),
        ("str", "__file__"), ("str", "'a' 'b'"), ("int", "True"), ("bool", "2"), ("int", "'1'"), ("object", "object()"), ("'undefined'", "1"), ("'1 +'", "1"), ("''", "1"), ("1", "1"), ("None", "None"), ("[int]", "1"), ("{}", "1"), ("...", "1"), ("lambda: 1", "1"), ("int()", "1"), ("int or str", "1"), ("-1", "1"), ("f'{1}'", "1"), ("b'int'", "1"), ("(yield_ := int)", "1"), ("list[int][str]", "1"), ("dict[int]", "1"), ("dict[int, str, float]", "1"), ("tuple[()]", "()"), ("tuple[...]", "()"), ("list[...]", "1"), ("list[[int]]", "1"), ("list[()]", "1"), ("dict[()]", "1"), ("int[()]", "1"), ("list[*tuple[int]]", "1"), ("list[1:2]", "1"), ("dict[1:2, 3]", "1"),
    ]))),
    _text("annotations of typing", "either", lambda: "from typing import *\n" + "".join(f"@app.get('/t{n}')\ndef t{n}(a: {t}) -> {t}: return a\n" for n, t in enumerate([
        "Optional", "Optional[int, str]", "Optional[()]", "Union", "Union[()]", "Union[int]", "Literal", "Literal[()]", "Literal[1j]", "Literal[b'a']", "Literal[...]", "Literal[-1]", "Literal[-'a']", "Literal[~1]", "Literal[not 1]", "Literal[None]", "Literal[Literal[1]]", "Literal[1.5]", "Literal[0x" + "f" * 40 + "]",
        "Annotated", "Annotated[int]", "Annotated[()]", "Annotated[int, 1]", "Annotated[int, *x]", "Annotated[Annotated[int, 2], 3]", "Callable", "Callable[[int], str]", "Callable[..., int]", "Type", "Type[int]", "type[int]", "ClassVar", "ClassVar[int]", "Final", "Final[int]", "Required[int]", "Never", "NoReturn", "Self", "LiteralString", "TypeVar('T')", "Generic[T]", "Protocol", "NamedTuple", "NewType('A', int)", "NewType('A')", "Generator[int, int, int]", "AsyncIterator[int]", "Iterator[int]", "Awaitable[int]", "Any", "Text", "Tuple", "Tuple[()]", "Tuple[int, ...]", "Tuple[..., int]", "Tuple[...,]", "List", "List[int, str]", "List[()]", "Dict", "Dict[int]", "Unpack[int]", "Concatenate[int, ...]", "ParamSpec('P')", "TypedDict('T', {'a': int})", "Hashable", "Sized", "SupportsInt", "IO[str]", "Pattern", "Counter[int]", "Deque[int]", "DefaultDict[int, int]", "ForwardRef('x')", "cast(int, 1)", "typing.Any", "typing", "index", "app", "True", "1 + 1", "int + str", "int | 1", "1 | int", "None | None", "'int' | None", "'int' | 'str'", "int | int | int", "list['int']", "'list[\"int\"]'", "\"'int'\"", "' int '", "'int\\n'", "'# c'", "'int # c'", "'a.b.c'", "'\\ud800'", "'\\0'", "'(int'", "'int;str'", "'x: int'", "'yield'", "'await x'", "'lambda: 1'", "'*int'", "'x := int'",
    ]))),
    _text("classes of all kinds", "either", lambda: """
from dataclasses import dataclass, field, KW_ONLY, InitVar
from enum import *
from typing import *
import msgspec
@dataclass
class A(A): pass
@dataclass
class B("x", *app, metaclass=1, **app): a: int = field()
@dataclass(**app)
class C: a: int = field(default=1, default_factory=list); _: KW_ONLY; b: InitVar[int]; a: str; c: "C"; d: "list[C]" = field(*app, **app)
class D(Enum): A = 1; B = A; C = D; D = auto(); E = (); F = 1j; G = ...; H = (1, 2); I = "\\ud800"; J = 1e999; __x = 1; K = None; L = lambda: 1; M = 10 ** 50
class E(Enum, str): A = 1
class F(str, Enum): A = "a"; B = "a"; C = 1
class G(Flag): A = auto(); B = A | 4; C = ~A
class H(TypedDict, total=1): a: Required[NotRequired[int]]; b: ReadOnly[Required["H"]]
class I(msgspec.Struct, tag=lambda: 1, tag_field=1, rename=1, array_like=True, forbid_unknown_fields=1, frozen="x"): a: int = msgspec.field(name=1); b: "I" = msgspec.UNSET
class J(NamedTuple): a: int = 1; b: "J" = None
class K(Generic[T]): a: T
class L(msgspec.Struct, tag=True, tag_field="type"): type: int = 1
class M(msgspec.Struct, rename="nothing"): a: int = {}; b: list = []
class N(D): pass
class O(H, I, A): pass
class P(P.x): pass
class Q(index, app.get, 1, None, lambda: 1, [1], {}, index(), int | str, list[int]): pass
""" + "".join(f"@app.post('/c{n}')\ndef c{n}(a: {c}, b: list[{c}] = None) -> {c} | None: return a\n" for n, c in enumerate("ABCDEFGHIJKLMNOPQ"))),
    _text("decorators of all kinds", "either", lambda: "".join(f"{d}\ndef e{n}(request): return 1\n" for n, d in enumerate([
        "@app.get", "@app.get()", "@app.get(1)", "@app.get(None)", "@app.get('/', '/')", "@app.get(*['/a'])", "@app.get(*index)", "@app.get(**{'path': '/b'})", "@app.get(**index)", "@app.get(path='/c')", "@app.get(app)", "@app.get(lambda: 1)", "@app.get('')", "@app.get('/x')('y')", "@app.get('/x')()", "@app.get('/z').foo", "@app.nothing('/x')", "@app['get']('/x')", "@(app.get)('/q')", "@(lambda f: f)", "@(y := app.get('/w'))", "@app.route('/r')", "@app.route('/r', methods=[])", "@app.route('/r', methods='GET')", "@app.route('/r', methods=[1, None, 'GET', 'get', 'G T', '*', ''])", "@app.route('/r', methods={'GET'})", "@app.route('/r', methods=index)", "@app.fallback", "@app.fallback()", "@app.fallback('/x')", "@app.middleware", "@app.middleware()", "@app.middleware('http')", "@app.on_startup", "@app.on_startup()", "@app.on_shutdown(1)", "@app.exception_handler", "@app.exception_handler()", "@app.exception_handler(1)", "@app.exception_handler(ValueError)", "@app.exception_handler('ValueError')", "@app.exception_handler(404)", "@app.websocket('/ws')", "@app.tool", "@app.tool()", "@app.tool(1)", "@app.tool(name=1, description=2, input_schema=3)", "@app.include", "@app.include(1)", "@app.use", "@app.use(1)", "@app.add", "@app.run", "@app.run()", "@app.static('/a', 'b')", "@app.mount('/a', app)", "@app.get('/o', status='x', tags=1, summary=1, description=[], name=None, deprecated='x', response=1, include_in_schema=1, middleware=1, auth=1, scopes=1, rate_limit=1, blocking=2, timeout='x', max_body=-1)", "@app.get('/o2', status=99999999999999999999, timeout=1e999, max_body=1 << 70, middleware=[1, index, lambda r, c: 1, app], tags=[1, []])", "@app.get('/o3', nothing=1, _slot=5)", "@app.get('/{a:int}/{a:int}')", "@app.get('/{a:nothing}')", "@app.get('/{}')", "@app.get('/{1}')", "@app.get('/{a:}')", "@app.get('/{:int}')", "@app.get('/:')", "@app.get('/*')", "@app.get('/*a/b')", "@app.get('/:a<int')", "@app.get('/:a<>')", "@app.get('/{a:path}/b')", "@app.get('/{class}')", "@app.get('/{__x__}')", "@app.get('/{é}')", "@app.get('/{ﬁ}')", "@app.get('/' + index())", "@app.get(f'/{index}')", "@app.get(f'/{1:{2}}')", "@app.get(f'/{app!r}')", "@app.get('/%s' % app)", "@app.get('/' * 3)", "@app.get('/' if app else '/x')", "@app.get(b'/')", "@staticmethod", "@classmethod", "@property", "@index", "@index()", "@undefined", "@undefined.x.y()", "@1", "@None", "@app", "@app()",
    ]))),
    _text("declarations as values", "either", lambda: """
x = app.get("/v1")(index)
app.get("/v2")(lambda: 1)
app.get("/v3")(print)
app.get("/v4")(int)
app.get("/v5")(1)
app.get("/v6")()
app.get("/v7")(index, index)
app.get("/v8")(*[index])
app.get("/v9")(app)
app.get("/v10")(x)
app.get("/v11")(app.get("/v12")(index))
app.get("/v13")(undefined)
g = app.get
g("/v14")(index)
for m in (app.get, app.post, app.nothing, print): m("/v15")(index)
[app.get(p)(index) for p in ("/v16", "/v17")]
getattr(app, "get")("/v18")(index)
app.__class__.get(app, "/v19")(index)
type(app).get
app.get = 5
app.get("/v20")(index)
del app.get
app.routes.append(1)
app[0] = 1
app += 1
app = app
app2 = Conduit()
app2.include(app)
app.include(app)
app.include(app2, prefix=1)
app.run(1, 2, 3, *index, **index)
""", ),
    _text("statements of all kinds", "either", lambda: """
global app
x: int
x: "undefined" = 1
(x): int = 2
app.x: int = 3
a = b = c, *d = 1, 2, 3
a, (b, *c), d = 1, (2, 3, 4), 5
a, b = 1
a, b = 1, 2, 3
*a, = ()
[] = ()
() = []
a += 1; b -= a; c **= 2; d @= 1; undefined += 1; app.y += 1; app[0] += 1; a.b.c //= 1
del a, (b, [c]), app.x, app[0], app[1:2]
del undefined
assert app, "x"
assert (1, 2)
raise SystemExit
""" ),
    _text("more statements", "either", lambda: """
import os, sys as s, os.path as p, a.b.c, xml.dom.minidom
from . import x
from .. import y
from .app import z
from ... import w
from .. .a import v
from app import app as again
from app import *
from os import *
from nothing import *
from . import *
from __future__ import annotations
import app as me, conduit as con, conduit.nothing, _conduit, msgspec
try: import nothing.at.all
except* ImportError: pass
while True: pass
while 0: x
else: y = 1
for app.x in (1, 2): pass
for i in app: break
else: z = 1
for i in range(3): continue
for i in (): pass
async_x = 1
with app as q, index() as (r, *s), app: pass
match index():
    case 1 | 2 | "a" | None: pass
    case {"a": 1, **rest}: pass
    case [1, *_, 2]: pass
    case Conduit(a=1, b=[x, y]): pass
    case app.x: pass
    case -1 | 1+2j: pass
    case (1 as o): pass
    case _ if app: pass
lambda *a, b=1, **k: (yield)
[x async for x in y] if 0 else 1
(yield_ := 1)
f"{app!r:>{10}} {{}} {1=}"
x = *a, *b
x = {**a, 'b': 1, **c}
x = {*a, *b}
x[1:2, ::3, ...] = 1
print(*a, b, *c, d=1, **e, f=2, **g)
x = a if b else c
x = not a is not b not in c
x = 1 < 2 < 3 == a
x = a @ b // c ** -d % ~e << f >> g & h | i ^ j
1; "x"; ...; None; b"x"; 1j
pass
return_ = 1
nonlocal_ = 2
""" ),
    _text("match, walrus, async", "valid", lambda: "ﬁ = 1\nif (n := 5) > 3:\n    m = fi\n\n\n@app.get('/m/{a:int}')\nasync def m2(a: int):\n    match a:\n        case 1:\n            return {'x': [b async for b in c()]}\n        case _:\n            return (d := a)\n\n\nasync def c():\n    yield 1\n"),
    _text("bidi controls", "valid", lambda: "@app.get('/b')\ndef b():\n    return 'a\u202eb\u2066c'  # \u202e x\n"),
    _text("NFKC handler", "valid", lambda: "@app.get('/f/{fi}')\ndef ﬁ(ﬁ: str):\n    return fi\n"),
    _text("directives", "valid", lambda: "# distutils: extra_compile_args=-fplugin=/tmp/x.so\n# distutils: sources=evil.c\n# cython: language_level=2, boundscheck=False\ninclude = 'include \"evil.pxi\"'\nx = '''\ncdef extern from *:\n    \"\"\"\n    evil\n    \"\"\"\n'''\n"),
    _text("code that acts", "valid", lambda: "import os, socket, subprocess\nopen('ran', 'w').write('x')\nsocket.create_connection(('127.0.0.1', 9))\nos.system('touch ran')\nsubprocess.run(['touch', 'ran'])\nwhile True:\n    pass\nos._exit(3)\n"),
    _text("code that exits", "valid", lambda: "import sys\nsys.exit(3)\n"),
    _text("code that never ends", "valid", lambda: "while True:\n    pass\nfor x in iter(int, 1):\n    pass\n"),
    _text("type statement", "error", lambda: "type X = int\ntype Y[T] = list[T]\n"),
    _text("class with parameters", "error", lambda: "class A[T]:\n    x: T\n\ndef f[T](x: T) -> T:\n    return x\n"),
    _text("nested quotes", "error", lambda: "x = f'{'a'}'\ny = f\"{f\"{1}\"}\"\n"),
    _text("except without brackets", "error", lambda: "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n"),
    _text("template text", "error", lambda: "x = t'{app}'\n"),
    _text("itself", "valid", lambda: "import app as me\nfrom app import index as again\n"),
    _text("a stray return", "either", lambda: "return 1\n"),
    _text("a stray await", "either", lambda: "await index()\n"),
    _text("a stray break", "either", lambda: "break\n"),
    _text("assigning to a call", "error", lambda: "index() = 1\n"),
    _text("two stars", "either", lambda: "*a, *b = 1\n"),
    _text("a parameter twice", "either", lambda: "def f(a, a): pass\n"),
    _text("nonlocal at the top", "either", lambda: "nonlocal app\n"),
]  # fmt: skip

SHAPES = {shape.name: shape for shape in (*DEEP, *ABUNDANT, *ENCODED, *ODD)}
