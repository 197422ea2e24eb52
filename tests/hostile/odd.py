"""Hostile source files: encodings, and odd declarations, values, statements and annotations."""

# ruff: noqa: E501 (a program in a line)

from __future__ import annotations

from tests.hostile.shape import APP
from tests.hostile.shape import data as _data
from tests.hostile.shape import text as _text

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
