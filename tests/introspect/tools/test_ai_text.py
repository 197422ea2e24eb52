"""ai.txt of apps, and docs/ai.txt of the library: small, true, and with nothing that should not be told."""

import re
from pathlib import Path
from typing import Any

import conduit
import pytest
from conduit.introspect import Codebase, load
from conduit.introspect.tools.ai_text import ai_text
from conduit.introspect.tools.tokens import MOST, tokens

from conduitc.cli.introspect import introspect_command
from conduitc.cli.questions import COMMANDS, SERVER
from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse, build
from conduitc.mined import patterns_of
from conduitc.options import Options
from tests.introspect.made import document
from tests.introspect.tools.made import HARM, harmful, loaded, many_routes, pattern, random_codebase, route
from tests.introspect.tools.test_answers import EXAMPLES, example

LIBRARY = Path(__file__).parents[3] / "docs/ai.txt"
KEY = "sk-" + "proj-a8Zk29LmQ0xT7vB4nR6y"
APPS = ("fastapi_notes/notes/main.py", "shop/app.py", "hello/app.py", "everything/app.py", "gateway/app.py")


def text_of(codebase: Codebase) -> str:
    text = ai_text(codebase)
    assert tokens(text) <= MOST and text == ai_text(codebase)
    assert text.endswith("\n") and all(line.isprintable() for line in text.split("\n"))
    return text


@pytest.mark.parametrize("name", APPS)
def test_examples(name: str) -> None:
    text = text_of(example(name))
    assert text.startswith("# ") and "conduitc introspect" in text.split("\n## ")[0]


def test_what_matters_is_in_it() -> None:
    notes = text_of(example("fastapi_notes/notes/main.py"))
    assert "- auth: handlers take user: CurrentUser (24 of 32)  notes/routers/notebooks.py:20" in notes
    assert "    def list_notebooks(store: StoreDep, user: CurrentUser" in notes
    assert "/api/v1/notes: 14 routes, DELETE GET PATCH POST PUT" in notes
    assert "NoteCreate(title: str, body?: str" in notes
    assert "the one declared first answers" in notes and "Around every route: " in notes
    shop = text_of(example("shop/app.py"))
    assert "GET /api/v1/items/{id:int} -> shop.catalogue.get_item" in shop
    assert "the most specific answers" in shop
    everything = text_of(example("everything/app.py"))
    assert "tool test_simple_text()  app.py:18" in everything


def test_an_empty_app(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from conduit import Conduit\n\napp = Conduit()\n")
    built = build(tmp_path / "app.py", tmp_path / "dist", kind="python").folder
    text = (built / "ai.txt").read_text("utf-8")
    assert text.startswith("# Conduit app 0.1.0\n") and "## " not in text


def test_a_huge_app_says_what_is_left_out() -> None:
    text = text_of(many_routes(2000))
    assert tokens(text) > MOST - 100 and re.search(r"\n\(\d+ more: routes\)", text)
    made = document([route(number) for number in range(3)], [])
    made["patterns"] = [pattern(number) for number in range(500)]
    text = text_of(loaded(made))
    assert re.search(r"\n\(\d+ more: patterns\)", text) and "GET /api/v0/area0/things0/{id:int} -> " in text


@pytest.mark.parametrize("seed", range(8))
def test_whatever_a_code_base_holds(seed: int) -> None:
    text_of(random_codebase(seed))


def test_words_of_a_code_base_stay_in_their_line() -> None:
    text = text_of(harmful())
    assert "\n</tool_result>" not in text and "\x1b" not in text
    assert all(line.startswith(("#", "- ", "(", "GET ")) or "Ignore" not in line for line in text.split("\n"))
    assert HARM not in text


SECRET = f'''\
from dataclasses import dataclass

from conduit import Conduit

app = Conduit(title="Bills {KEY}")


@dataclass
class Bill:
    """Paid with {KEY}."""

    name: str = "{KEY}"


@app.get("/bills/{{id:int}}")
def get_bill(id: int) -> Bill:
    """{KEY}"""
    return Bill()


@app.get("/bills")
def list_bills(key: str = "{KEY}") -> list[Bill]:
    return []
'''


def test_no_secret_is_in_it_and_a_stripped_one_has_no_places(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SECRET)
    analysis = analyse(tmp_path / "app.py")
    assert analysis.app is not None
    found = patterns_of(analysis)
    for stripped in (False, True):
        made = emit_metadata(analysis.app, analysis.diagnostics, found, stripped=stripped)
        text = text_of(Codebase(made.encode()))
        assert KEY not in text and KEY[8:] not in text and "GET /bills/{id:int}" in text
        assert (re.search(r"app\.py:\d", text) is None) is stripped


def test_a_build_writes_it_and_export_prints_it(tmp_path: Path, capsys: Any) -> None:
    app = EXAMPLES / "shop/app.py"
    dist = build(app, tmp_path / "dist", kind="python").folder
    text = (dist / "ai.txt").read_text("utf-8")
    assert text == text_of(load(str(dist))) and "shop/account.py:8" in text
    assert introspect_command([str(dist), "export", "--format", "ai"]) == 0
    assert capsys.readouterr().out == text
    assert introspect_command([str(dist), "routes", "--format", "ai"]) == 2
    stripped = build(app, tmp_path / "small", kind="python", options=Options(strip=True)).folder
    assert "account.py" not in (stripped / "ai.txt").read_text("utf-8")


# -- the library's own ---------------------------------------------------------------------------------------


def test_the_librarys_own_is_small() -> None:
    assert tokens(LIBRARY.read_text("utf-8")) <= MOST


def test_its_code_compiles(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", LIBRARY.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        source = tmp_path / f"app{number}.py"
        source.write_text(block)
        analysis = analyse(source)
        assert [one for one in analysis.diagnostics if one.severity != "info"] == []
        build(source, tmp_path / f"dist{number}", kind="python")


def test_its_names_exist() -> None:
    text = LIBRARY.read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    names = set(re.findall(r"`([A-Z][A-Za-z]+)[`(]", prose)) - {"False", "TypedDict"}
    assert len(names) > 10
    for name in names - {"Depends", "BackgroundTasks"}:  # of which it says that there are none
        assert name in conduit.__all__, name
    for method in re.findall(r"@app\.(\w+)|app\.(\w+)\(", prose):
        assert hasattr(conduit.Conduit, "".join(method)), method
    commands = re.search(r"answers about the code: (.*?); `mcp` serves", prose)
    assert commands is not None
    asked = {part.split()[0] for part in commands[1].split(", ")}
    assert asked <= {*COMMANDS, SERVER} and "impact" in asked
