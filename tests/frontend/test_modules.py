"""Modules of a program: packages, conditional and circular imports, names that other means may set."""

from pathlib import Path

import pytest

from conduitc import frontend
from tests.frontend.programs import HEAD, app_of, codes, executed, load, routes, write


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


@pytest.mark.parametrize("name", ["conduit", "_conduit", "msgspec"])
def test_modules_that_hide_what_a_build_imports(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"# file: app.py\nfrom conduit import Conduit\napp = Conduit()\n# file: {name}.py\n")
    assert codes(frontend.load(tmp_path / "app.py")) == [f"CDT104 {name}.py:1"]
