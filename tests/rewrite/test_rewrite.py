"""Slots go into declaring calls, and nothing else of a source changes, whatever it looks like."""

import ast
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduitc.diagnostics import CompileError
from conduitc.frontend import rewrite
from conduitc.frontend.rewrite import insert_slots
from conduitc.ir.nodes import SlotSite
from conduitc.span import Span

LINE_END = re.compile(r"\r\n?|\n")


def sites_of(text: str) -> list[SlotSite]:
    """Every call and every bare decorator, as the frontend would give them."""
    lines = LINE_END.split(text)

    def span(node: ast.expr) -> Span:
        def column(line: int, offset: int) -> int:
            return len(lines[line - 1].encode()[:offset].decode()) + 1

        end_line, end = node.end_lineno or 0, node.end_col_offset or 0
        first = column(node.lineno, node.col_offset)
        return Span("app.py", node.lineno, first, end_line, column(end_line, end))

    found: list[tuple[Span, bool]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            found.append((span(node), False))
        for decorator in getattr(node, "decorator_list", ()):
            if not isinstance(decorator, ast.Call):
                found.append((span(decorator), True))
    return [SlotSite(slot, place, bare) for slot, (place, bare) in enumerate(sorted(found))]


def rewritten(text: str) -> str:
    sites = sites_of(text)
    new = insert_slots({"app.py": (text, sites)})["app.py"]
    check(text, new, sites)
    return new


def check(text: str, new: str, sites: list[SlotSite]) -> None:
    """What was added is the keyword, in each site once, and the rest is as it was, byte for byte."""
    assert LINE_END.findall(new) == LINE_END.findall(text)
    tree = ast.parse(new)
    slots = []
    for node in ast.walk(tree):
        for call in _calls(node):
            slots.append(call.keywords.pop().value.value)  # type: ignore[attr-defined]
            if any(site.slot == slots[-1] and site.bare for site in sites):
                _replace(tree, call)
    assert sorted(slots) == [site.slot for site in sites]
    assert ast.dump(tree) == ast.dump(ast.parse(text))
    rest = re.sub(r",? ?_slot=\d+,?|\(_slot=\d+\)", "", new)
    assert re.sub(r"[(),]", "", rest) == re.sub(r"[(),]", "", text)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.Call) and node.keywords and node.keywords[-1].arg == "_slot":
        yield node


def _replace(tree: ast.AST, call: ast.Call) -> None:
    for node in ast.walk(tree):
        decorators = getattr(node, "decorator_list", [])
        if call in decorators:
            decorators[decorators.index(call)] = call.func


@pytest.mark.parametrize(("before", "after"), [
    ("app = Conduit()", "app = Conduit(_slot=0)"),
    ("app.get('/x')", "app.get('/x', _slot=0)"),
    ("app.get('/x',)", "app.get('/x', _slot=0,)"),
    ("app.get('/x' , )", "app.get('/x' , _slot=0, )"),
    ("app.get( '/x' )", "app.get( '/x', _slot=0 )"),
    ("app.get(*a, **k)", "app.get(*a, **k, _slot=0)"),
    ("app.get(\n    '/x',\n)", "app.get(\n    '/x', _slot=0,\n)"),
    ("app.get(\n    '/x'\n)", "app.get(\n    '/x', _slot=0\n)"),
    ("app.get(  # why\n    '/x'  # this\n    # and that\n)",
     "app.get(  # why\n    '/x', _slot=0  # this\n    # and that\n)"),
    ("app.get(  # empty\n)", "app.get(_slot=0  # empty\n)"),
    ("app.get('''a\nb''')", "app.get('''a\nb''', _slot=0)"),
    ("app.get('a' \\\n  'b')", "app.get('a' \\\n  'b', _slot=0)"),
    ("(app\n .get('/x'))", "(app\n .get('/x', _slot=0))"),
    ("@app.middleware\nasync def f(): ...", "@app.middleware(_slot=0)\nasync def f(): ..."),
    ("@(app.middleware)\ndef f(): ...", "@(app.middleware(_slot=0))\ndef f(): ..."),
    ("app.get('é'); app.get('ß')", "app.get('é', _slot=0); app.get('ß', _slot=1)"),
    ("app.include(Router())", "app.include(Router(_slot=1), _slot=0)"),
    ("f(g(h(1), 2))", "f(g(h(1, _slot=2), 2, _slot=1), _slot=0)"),
    ("app.get('/x')(f)", "app.get('/x', _slot=0)(f, _slot=1)"),
    ("app.get(f'{a()}')", "app.get(f'{a()}', _slot=0)"),
    ("app.get('/x', lambda x: x)", "app.get('/x', lambda x: x, _slot=0)"),
])  # fmt: skip
def test_where_the_keyword_goes(before: str, after: str) -> None:
    sites = sites_of(before)
    if "f'{" in before:  # a call inside of a format string is nobody's declaration
        sites = sites[:1]
    assert insert_slots({"app.py": (before, sites)})["app.py"] == after


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(end: str) -> None:
    text = end.join(
        ["app = Conduit(", "    # nothing", ")", "@app.get(", "    '/x',", ")", "def f(): ...", ""]
    )
    assert rewritten(text).count(end) == text.count(end)


def test_line_ends_may_be_mixed() -> None:
    rewritten(
        "app = Conduit(\r\n    # one\r    # two\n)\r\n"
        "@app.get('/x',\r    name='''a\r\nb\nc''')\ndef f(): ...\r"
    )


def test_form_feeds_tabs_and_wide_characters_are_kept() -> None:
    rewritten(
        "\x0capp = Conduit()\n\x0c\nif True:\n"
        "\tapp.get(\t'\u2028é𝄞'\t,\t)  # ü\n\x0c@app.get('/ü')\ndef f(): ...\n"
    )


def test_stacked_decorators_loops_and_nesting() -> None:
    new = rewritten(
        "for name in NAMES:\n    @app.get(f'/{name}')\n    @cache\n"
        "    @app.post('/x', middleware=[m(1), m(2)])\n"
        "    def f(): ...\n\napp.include(Router(prefix='/a'), prefix='/b')\n"
    )
    assert new.count("_slot=") == 7


def test_files_without_sites_come_back_as_they_are() -> None:
    assert insert_slots({"a.py": ("x = (", []), "b.py": ("f()", sites_of("f()"))}) == {
        "a.py": "x = (",
        "b.py": "f(_slot=0)",
    }


def test_a_site_that_is_no_call_is_a_fault_of_ours_with_the_file_named() -> None:
    site = SlotSite(0, Span("app.py", 1, 1, 1, 6))
    with pytest.raises(CompileError) as raised:
        insert_slots({"app.py": ("1 + 2", [site])})
    (found,) = raised.value.diagnostics
    assert (found.rule.code, found.span) == ("CDT910", site.span)
    assert found.message == (
        "the copy of app.py could not be given its slots: "
        "ValueError: libcst sees BinaryOperation where ast saw Call"
    )


@pytest.mark.parametrize(
    "span", [Span("app.py", 1, 1, 1, 4), Span("app.py", 9, 1, 9, 4), Span("app.py", 0, 0, 0, 0)]
)
def test_a_site_that_is_not_there_is_a_diagnostic(span: Span) -> None:
    with pytest.raises(CompileError) as raised:
        insert_slots({"app.py": ("app.get('/')", [SlotSite(0, span)])})
    assert raised.value.diagnostics[0].rule.code == "CDT910"


def test_a_call_that_has_a_slot_already_is_a_diagnostic() -> None:
    text = "app.get('/', _slot=3)"
    with pytest.raises(CompileError) as raised:
        insert_slots({"app.py": (text, sites_of(text))})
    assert "it has a _slot already" in raised.value.diagnostics[0].message


def test_the_death_of_the_child_is_a_diagnostic_that_names_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    deep = "f(" + "[" * 90 + "]" * 90 + ")"
    killer = _script(
        tmp_path, "import os, sys\nsys.stdin.readline()\nprint('[\"f(_slot=0)\"]', flush=True)\nos.abort()\n"
    )
    monkeypatch.setattr(rewrite, "_CHILD", killer)
    with pytest.raises(CompileError) as raised:
        insert_slots({"a.py": ("f()", sites_of("f()")), "b.py": (deep, sites_of(deep))})
    (found,) = raised.value.diagnostics
    assert "the copy of b.py" in found.message and "libcst ended with status -6" in found.message


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(rewrite, "_CHILD", _script(tmp_path, "import time\ntime.sleep(600)\n"))
    monkeypatch.setattr(rewrite, "_SECONDS", 0.2)
    with pytest.raises(CompileError) as raised:
        insert_slots({"a.py": ("f()", sites_of("f()"))})
    assert "did not answer within 0.2 s" in raised.value.diagnostics[0].message


def _script(folder: object, text: str) -> object:
    path = folder / "child.py"  # type: ignore[operator]
    path.write_text(text, "utf-8")
    return path


def test_deep_nesting_never_ends_in_a_traceback() -> None:
    text = "f(" + "-" * 3000 + "1)"
    try:
        sites = [SlotSite(0, Span("app.py", 1, 1, 1, len(text) + 1))]
        insert_slots({"app.py": (text, sites)})
    except CompileError as error:
        assert error.diagnostics[0].rule.code == "CDT910"


_SPACE = st.sampled_from(["", " ", "\t", "\n  ", "  # why\n", "\r\n\t", "\x0c", " \\\n "])
_ARGUMENT = st.sampled_from(
    ["'/x'", "name='y'", "[1,\n2]", "*a", "**k", "f(1)", "g", "'''\n'''", "x if y else z", "-1"]
)


@st.composite
def _call(draw: st.DrawFn) -> str:
    arguments = draw(st.lists(_ARGUMENT, max_size=3))
    arguments.sort(key=lambda one: ("**" in one, "=" in one and "'''" not in one, "*" in one))
    text = "app.get("
    for index, argument in enumerate(arguments):
        comma = "," if index < len(arguments) - 1 or draw(st.booleans()) else ""
        text += draw(_SPACE) + argument + draw(_SPACE) + comma
    return text + draw(_SPACE) + ")"


@settings(max_examples=25, deadline=None)
@given(st.lists(_call(), min_size=1, max_size=4))
def test_whatever_stands_between_the_arguments(calls: list[str]) -> None:
    text = "\n".join(calls)
    try:
        ast.parse(text)
    except SyntaxError:
        return
    rewritten(text)
