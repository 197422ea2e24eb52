"""Which program, which app, which modules; bad input ends in a diagnostic; the shipped programs load."""

import os
from pathlib import Path

import pytest

from conduitc import frontend
from conduitc.diagnostics import CompileError
from tests.frontend.programs import HEAD, app_of, codes, executed, load, routes, write

CORPORA = Path(os.environ.get("CONDUIT_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
PROGRAMS = sorted((CORPORA / "programs").glob("*.py"))


@pytest.mark.skipif(not PROGRAMS, reason="the corpora are not here: set CONDUIT_CORPORA")
def test_corpus_programs_load() -> None:
    found = {}
    for path in PROGRAMS:
        loaded = frontend.load(path)
        assert loaded.app is not None
        assert not any(one.severity == "error" for one in loaded.diagnostics)
        app = loaded.app
        parts = (app.routes, app.tools, app.endpoints, app.blocks, app.models, app.schemas)
        found[path.stem] = (bool(app.variable), *map(len, parts))
    assert found == {
        "hello": (True, 2, 0, 0, 0, 0, 0),
        "http_to_summary": (False, 0, 0, 0, 2, 1, 2),
        "mcp_search": (True, 0, 1, 0, 0, 0, 0),
        "ml_predict": (True, 0, 0, 1, 0, 1, 0),
        "quick_chat": (False, 0, 0, 0, 1, 1, 0),
        "shell_to_files": (False, 0, 0, 0, 2, 1, 4),
    }


def faults(target: str | Path) -> list[str]:
    with pytest.raises(CompileError) as caught:
        frontend.load(target)
    return [f"{one.rule.code} {one.span} {one.message}" for one in caught.value.diagnostics]


def test_bad_targets(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.py")[0].startswith("CDT100")
    assert faults("no_such_module_anywhere:app")[0].startswith("CDT100")
    assert faults(tmp_path)[0].startswith("CDT103")
    for name in ("app.txt", "app", "a.b.py", "a.b/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
        assert faults(tmp_path / name)[0].startswith("CDT103"), name
    (tmp_path / "bad.py").write_text("app = (\n")
    assert faults(tmp_path / "bad.py") == ["CDT102 bad.py:1:7 '(' was never closed"]
    (tmp_path / "tabs.py").write_text("if 1:\n\tx\n        y\n")
    assert faults(tmp_path / "tabs.py")[0].startswith("CDT102 tabs.py:3:")
    (tmp_path / "nul.py").write_bytes(b"x = 1\n\0")
    assert faults(tmp_path / "nul.py")[0].startswith("CDT101 nul.py:2:1 nul.py is not utf-8 text")
    (tmp_path / "latin.py").write_bytes(b"x = 1\ny = '\xe9'\n")
    assert faults(tmp_path / "latin.py")[0].startswith(
        "CDT101 latin.py:2:6 latin.py is not utf-8 text: byte 0xe9"
    )
    (tmp_path / "wide.py").write_bytes("x = 1".encode("utf-16-le"))
    assert faults(tmp_path / "wide.py")[0].startswith(
        "CDT101 wide.py:1:2 wide.py is not utf-8 text: byte 0x00"
    )
    (tmp_path / "odd.py").write_bytes(b"# coding: no-such-thing\n")
    assert faults(tmp_path / "odd.py")[0].startswith("CDT102 odd.py")
    (tmp_path / "deep.py").write_text("x = " + "(" * 5000 + ")" * 5000)
    assert faults(tmp_path / "deep.py")[0].startswith("CDT102 deep.py")
    (tmp_path / "sum.py").write_text("x = " + "+".join("1" * 20000))
    assert faults(tmp_path / "sum.py")[0].startswith("CDT102 sum.py")


def test_nesting_that_only_python_can_follow(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{HEAD}x = {'+'.join('1' * 900)}\napp = Conduit()\n")
    loaded = frontend.load(tmp_path / "app.py")
    assert loaded.app is not None
    assert loaded.app.variable == "app"
    assert [one.what for one in loaded.app.unresolved] == ["line 2"]


def test_declared_encoding_and_line_ends(tmp_path: Path) -> None:
    text = "# coding: latin-1\r\nfrom conduit import Conduit\r\napp = Conduit(title='\xe9')\r\n"
    (tmp_path / "app.py").write_bytes(text.encode("latin-1"))
    loaded = frontend.load(tmp_path / "app.py")
    assert loaded.app is not None
    assert loaded.app.settings.title == "\xe9"
    assert str(loaded.app.span) == "app.py:3:7"
    assert loaded.app.span.end_column == 25


def test_empty_file_has_no_app(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("")
    loaded = frontend.load(tmp_path / "app.py")
    assert loaded.app is not None
    assert loaded.app.variable == ""
    assert loaded.diagnostics == ()


def test_fault_in_an_imported_module(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, f"# file: app.py\n{HEAD}import broken\napp = Conduit()\n# file: broken.py\nx = (\n"
    )
    assert codes(loaded) == ["CDT102 broken.py:1"]
    assert loaded.app is not None


WHICH = {
    "the only one": ("shop = Conduit(title='a')\n", "shop a"),
    "the one named app": ("one = Conduit(title='a')\napp = Conduit(title='b')\n", "app b"),
    "two names of one": ("main = app = Conduit(title='a')\n", "app a"),
    "imported": ("# file: app.py\nfrom core import api\n# file: core.py\nfrom conduit import Conduit\n"
                 "api = Conduit(title='a')\n", "api a"),
    "only reached": ("# file: app.py\nimport core\n# file: core.py\nfrom conduit import Conduit\n"
                     "api = Conduit(title='a')\n", "core:api a"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHICH)
def test_which_app(tmp_path: Path, name: str) -> None:
    text, wanted = WHICH[name]
    app = app_of(tmp_path, text if text.startswith("#") else HEAD + text)
    found = f"{app.variable} {app.settings.title}"
    assert (found if ":" not in wanted else f"{app.module}:{found}") == wanted


def test_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        "# file: pkg/__init__.py\n# file: pkg/main.py\nfrom conduit import Conduit\n"
        "one = Conduit(title='1')\ntwo = Conduit(title='2')\n",
    )
    monkeypatch.chdir(tmp_path)
    for target in ("pkg.main:two", "pkg/main.py:two", str(tmp_path / "pkg" / "main.py") + ":two"):
        app = frontend.load(target).app
        assert app is not None
        assert (app.settings.title, app.module, app.entry) == ("2", "pkg.main", "pkg/main.py")
    assert codes(frontend.load("pkg.main:none")) == ["CDT106 pkg/main.py:1"]
    undecided = frontend.load("pkg.main")
    assert (codes(undecided), undecided.app) == (["CDT107 pkg/main.py:2"], None)
    by_line = frontend.load("pkg/main.py", line=3).app
    assert by_line is not None
    assert by_line.settings.title == "2"


def test_packages_and_src(tmp_path: Path) -> None:
    write(
        tmp_path,
        f"""
# file: app.py
from shop.api import app
# file: src/shop/__init__.py
'''The shop.'''
# file: src/shop/api/__init__.py
{HEAD}
from .. import settings
from ..parts.users import router as users
from . import items
app = Conduit(title=settings.TITLE)
app.include(users, prefix=settings.PREFIX)
app.include(items.router)
# file: src/shop/settings.py
TITLE = "Shop"
PREFIX = "/users"
# file: src/shop/parts/users.py
from conduit import Router
router = Router()
@router.get("/:id")
def one(request): ...
# file: src/shop/api/items.py
from conduit import Router
from shop.parts import users
router = Router(prefix="/items")
@router.get("")
def every(request):
    from shop import late
    return late.X
# file: src/shop/late.py
X = 1
""",
    )
    loaded = frontend.load(tmp_path / "app.py")
    app = loaded.app
    assert loaded.diagnostics == ()
    assert app is not None
    assert routes(app) == ["GET /users/{id} -> shop.parts.users.one", "GET /items -> shop.api.items.every"]
    assert [(one.name, one.file, one.package) for one in app.modules] == [
        ("app", "app.py", False),
        ("shop", "src/shop/__init__.py", True),
        ("shop.api", "src/shop/api/__init__.py", True),
        ("shop.settings", "src/shop/settings.py", False),
        ("shop.parts.users", "src/shop/parts/users.py", False),
        ("shop.api.items", "src/shop/api/items.py", False),
        ("shop.late", "src/shop/late.py", False),
    ]
    package = frontend.load(tmp_path / "src" / "shop" / "api").app
    assert package is not None
    assert (package.module, package.entry) == ("shop.api", "shop/api/__init__.py")
    assert [one.id for one in package.routes] == [one.id for one in app.routes]


def test_conditional_modules(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        """
# file: app.py
import os
from core import app
if os.environ.get("X"):
    import debug
    import both
try:
    import fast
except ImportError:
    pass
import both
# file: core.py
from conduit import Conduit
app = Conduit()
def f(request): ...
# file: debug.py
from core import app, f
import inner
app.get("/debug")(f)
# file: inner.py
from core import app, f
app.get("/inner")(f)
# file: fast.py
from core import app, f
app.get("/fast")(f)
# file: both.py
from core import app, f
import helper
app.get("/both")(f)
# file: helper.py
from core import app, f
app.get("/helper")(f)
""",
    )
    assert {one.path.text: one.declaration.conditional for one in app.routes} == {
        "/inner": True,
        "/debug": True,
        "/helper": False,
        "/both": False,
        "/fast": True,
    }


def test_conditional_includes(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        HEAD
        + """
import os
app = Conduit()
a = Router()
b = Router()
a.get("/x")(lambda_free := None) if False else None
def f(request): ...
a.get("/a")(f)
b.get("/b")(f)
if os.environ.get("A"):
    app.include(a)
    app.include(b, prefix="/again")
app.include(b)
""",
    )
    flags = {one.key: one.conditional for one in app.declarations if one.kind == "route"}
    assert flags == {"GET /a": True, "GET /b": False}


def test_circular_imports_as_in_python(tmp_path: Path) -> None:
    text = """
# file: app.py
import a
from conduit import Conduit
app = Conduit()
# file: a.py
import b
ONE = 1
# file: b.py
import a
from a import TWO
"""
    assert codes(load(tmp_path, text)) == ["CDT112 b.py:2"]
    with pytest.raises(ImportError), executed(tmp_path, "app"):
        pass


def test_standard_modules_are_not_taken_for_folders(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD}import json\nimport numpy.linalg\nfrom yaml import safe_load\napp = Conduit()\n")
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "notes.py").write_text("")
    app = frontend.load(tmp_path / "app.py").app
    assert app is not None
    assert app.third_parties == ("numpy", "yaml")
    assert [name for name, _ in app.modules[0].imports] == ["conduit", "json", "numpy.linalg", "yaml"]


def test_comments_and_docs(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        '''
# not this one

# Above.
# Twice.
def f():
    """Doc.

        Indented.
    # no comment
    """
    # Inside.
    x = 1  # trailing
    return """
    # text
    """
# Next.
async def g(): ...
''',
    )
    found = {one.name: (one.doc, one.comments) for one in app.functions}
    assert found["f"] == ("Doc.\n\n    Indented.\n# no comment", ("Above.", "Twice.", "Inside."))
    assert found["g"] == (None, ("Next.",))


def test_edges(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        """
# file: app.py
from dataclasses import dataclass
from conduit import Conduit
import other
@dataclass
class Item:
    kind: "Kind"
@dataclass
class Kind: ...
async def mw(request, call_next): ...
app = Conduit()
app.include(other.r)
def helper(): return 1
@app.post("/x", middleware=[mw])
def make(item: list[Item]) -> Item:
    helper()
    return item[0]
# file: other.py
from conduit import Router
r = Router()
""",
    )
    found = {(one.kind, one.source, one.target) for one in app.edges}
    route = "route:app.make#POST /x"
    assert found == {
        ("handles", route, "function:app.make"),
        ("middleware", route, "function:app.mw"),
        ("calls", "function:app.make", "function:app.helper"),
        ("uses", "function:app.make", "schema:app.Item"),
        ("uses", "schema:app.Item", "schema:app.Kind"),
        ("includes", "module:app", "module:other"),
        ("imports", "module:app", "module:other"),
    }


def test_modules_that_declare_on_an_app_they_import(tmp_path: Path) -> None:
    write(
        tmp_path,
        f"# file: main.py\nfrom core import app\n@app.get('/')\ndef index(request): ...\n"
        f"# file: core.py\n{HEAD}app = Conduit()\n",
    )
    alone = frontend.load(tmp_path / "core.py").app
    both = frontend.load(tmp_path / "core.py", also=[tmp_path / "main.py", Path(frontend.__file__)]).app
    assert alone is not None
    assert both is not None
    assert (routes(alone), routes(both)) == ([], ["GET / -> main.index"])
    assert [one.name for one in both.modules] == ["core", "main"]


def test_parents_are_imported_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        f"""
# file: pkg/__init__.py
from .main import app as application
# file: pkg/main.py
{HEAD}
app = Conduit()
from . import routes
# file: pkg/routes.py
from .main import app
@app.get("/")
def index(request): ...
""",
    )
    app = frontend.load(tmp_path / "pkg" / "main.py").app
    assert app is not None
    assert [one.name for one in app.modules] == ["pkg", "pkg.main", "pkg.routes"]
    assert (app.module, routes(app)) == ("pkg.main", ["GET / -> pkg.routes.index"])


def test_names_that_other_means_may_set(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        """
# file: app.py
from dynamic import ANY
from starred import other
from called import LATER
from native import fast
from native.inner import faster
import native.inner
from lazy import computed
from nothing import at_all
# file: dynamic.py
globals().update({"ANY": 1})
# file: starred.py
from somewhere import *
# file: called.py
def set_up():
    global LATER
    LATER = 1
set_up()
# file: native.cpython-311-x86_64-linux-gnu.so
# file: lazy.py
def __getattr__(name): ...
# file: nothing.py
""",
        target="app.py",
    )
    assert codes(loaded) == ["CDT110 app.py:8"]
