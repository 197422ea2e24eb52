"""Hostile source files, by name: what stands in ``app.py`` and what is to become of it.

Each is made by a function, so that none of them need be stored. ``verdict`` is ``error`` (exit 1, with a
place in the file), ``valid`` (checked and built) or ``either`` (one of both: it depends on the limits of the
running Python).
"""

# ruff: noqa: E501 (a program in a line)

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.odd import ENCODED, ODD
from tests.hostile.shape import APP, Shape
from tests.hostile.shape import text as _text


def _in_function(name: str, verdict: str, make: Callable[[], str]) -> Shape:
    def body() -> bytes:
        return (APP + f'@app.get("/deep")\ndef deep(a: int = 1):\n    x = {make()}\n    return x\n').encode()

    return Shape(f"{name} in a function", body, verdict)


def _pair(name: str, verdict: str, make: Callable[[], str]) -> list[Shape]:
    """The expression at the top level, and in a handler."""
    return [_text(name, verdict, lambda: f"x = {make()}\n"), _in_function(name, verdict, make)]


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

SHAPES = {shape.name: shape for shape in (*DEEP, *ABUNDANT, *ENCODED, *ODD)}
