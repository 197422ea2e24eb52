"""Which program, which app, which modules; bad input ends in a diagnostic; the shipped programs load."""

import os
from pathlib import Path

import pytest

from conduitc import frontend
from conduitc.diagnostics import CompileError
from tests.frontend.programs import HEAD, app_of, codes, load, write

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
    assert faults(tmp_path / "sum.py")[0].startswith("CDT121 sum.py:1:1 ")


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
