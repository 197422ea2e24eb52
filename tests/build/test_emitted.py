"""The emitted modules: one function a shape, constants only, and formatted."""

import ast
import json
from pathlib import Path

import pytest

from conduitc import driver
from conduitc.codegen.emit import Emitted, emit_service
from conduitc.diagnostics import CompileError
from tests.service.programs import MIXED
from tests.service.test_around_handlers import AROUND


def emitted(tmp_path: Path, source: str) -> Emitted:
    (tmp_path / "app.py").write_text(source)
    app = driver.analyse(tmp_path / "app.py").app
    assert app is not None
    return emit_service(app, "python")


@pytest.mark.parametrize("source", [MIXED, AROUND])
def test_every_shape_is_defined_once_and_used(tmp_path: Path, source: str) -> None:
    texts = emitted(tmp_path, source)
    defined = [node.name for node in ast.parse(texts.adapters).body if isinstance(node, ast.FunctionDef)]
    assert len(defined) == len(set(defined)) == texts.shapes
    used = {
        node.attr
        for node in ast.walk(ast.parse(texts.wiring))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "shapes"
    }
    assert used == set(defined)


def test_routes_of_one_shape_share_one_adapter(tmp_path: Path) -> None:
    routes = "".join(f"\n@app.get('/r{n}/:id')\ndef r{n}(id: int):\n    return id\n" for n in range(50))
    texts = emitted(tmp_path, "from conduit import Conduit\n\napp = Conduit()\n" + routes)
    assert texts.shapes == 1 and texts.adapters.count("def ") == 2


@pytest.mark.parametrize(
    ("handler", "entry"),
    [
        ("def make(item: dict):\n    return item\n", "max_body=1000, body_only=True"),
        (
            "def make(item: dict, request: Request, q: int = 1):\n    return q\n",
            "max_body=1000, body_only=True",
        ),
        ("async def make(item: dict):\n    return item\n", "max_body=1000, body_only=True"),
        ("async def make(item: dict, request: Request):\n    await request.body()\n    return item\n", None),
        ("def make(item: dict):\n    open('x').read()\n    return item\n", None),
        ("def make(q: int = 1):\n    return q\n", None),
    ],
)
def test_an_entry_says_whether_the_body_is_all_it_awaits(
    tmp_path: Path, handler: str, entry: str | None
) -> None:
    """Then it says how long that may be, whoever set it: as its adapter does."""
    start = "from conduit import Conduit, Request\n\n"
    texts = emitted(tmp_path, f"{start}app = Conduit(max_body=1000)\n\n\n@app.post('/')\n{handler}")
    assert ("body_only" in texts.wiring) == (entry is not None)
    if entry is not None:
        assert entry in texts.wiring
        own = emitted(tmp_path, f"{start}app = Conduit()\n\n\n@app.post('/', max_body=7)\n{handler}")
        calls = [one for one in ast.walk(ast.parse(own.wiring)) if isinstance(one, ast.Call)]
        limits = [ast.unparse(one) for one in calls if "7" in ast.unparse(one)]
        assert any("max_body=7, body_only=True" in one for one in limits)
        assert not any(one.startswith("shapes.") for one in limits)


def test_only_the_abi_is_imported(tmp_path: Path) -> None:
    texts = emitted(tmp_path, MIXED)
    imported = {
        (node.level, node.module)
        for text in (texts.adapters, texts.wiring)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
    }
    assert imported == {(0, "conduit._abi"), (0, "conduit"), (1, None), (1, "dispatch")}


def test_user_text_is_constants_and_comments(tmp_path: Path) -> None:
    hostile = '"""\\n import os; os.abort()\\u2028 # {{ x }} %}'
    source = (
        "from typing import Annotated\nfrom conduit import Conduit, Query\n\n"
        f"app = Conduit(title='''{hostile}''')\n\n\n"
        f"@app.get('/a\"\"\"\\n{{{{/x')\ndef plain(q: str = 'x'):\n    return q\n"
    )
    texts = emitted(tmp_path, source)
    for text in (texts.adapters, texts.wiring, texts.dispatch):
        assert text.isascii()
        assert "abort" not in {getattr(node, "attr", "") for node in ast.walk(ast.parse(text))}


def test_in_memory_refuses_what_has_errors(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text(
        "from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get('/')\ndef f(x):\n    return x\n"
    )
    with pytest.raises(CompileError, match="CDT340"):
        driver.in_memory(str(path), "app")
    path.write_text("x = 1\n")
    with pytest.raises(CompileError, match="CDT500"):
        driver.in_memory(str(path), None)


def test_the_source_map_leads_to_the_routes(tmp_path: Path) -> None:
    texts = emitted(tmp_path, MIXED)
    source = MIXED.splitlines()
    known = json.loads(texts.sourcemap)
    wiring = texts.wiring.splitlines()
    for line, file, at, column in known["lines"]["wiring.py"]:
        assert file == "app.py" and f"({file}:{at}:{column})" in wiring[line - 1]
        assert source[at - 1].lstrip("@").startswith(("app.", "v1."))
    adapters = texts.adapters.splitlines()
    assert all(adapters[row[0] - 1].startswith("# ") for row in known["lines"]["adapters.py"])
    assert {source[line - 1][:1] for _, line, _ in known["slots"].values()} <= set("@av")
