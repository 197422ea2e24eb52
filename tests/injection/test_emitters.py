"""Emitters have no way of their own to put a user's text into code, and the ways there are stand anything."""

import ast
import math
from pathlib import Path

import pytest

import conduitc.codegen
from conduitc.codegen.code import Code, constant
from tests.injection.hostile import HOSTILE, LONG

FOLDER = Path(conduitc.codegen.__file__).parent
EMITTERS = [
    path
    for path in sorted(FOLDER.glob("*.py"))
    if path.name != "code.py" and ("Code" in path.read_text("utf-8") or path.name.startswith("dispatch_"))
]


@pytest.mark.parametrize("path", EMITTERS, ids=lambda path: path.name)
def test_an_emitter_quotes_nothing_by_itself(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FormattedValue):
            assert node.conversion == -1, ast.unparse(node)
        if isinstance(node, ast.Name):
            assert node.id not in {"repr", "ascii"}, node.lineno
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"format", "format_map", "safe_substitute"}, node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            assert not isinstance(node.left, ast.Constant | ast.JoinedStr), node.lineno


@pytest.mark.parametrize("value", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_a_constant_is_one_constant(value: str) -> None:
    assert ast.literal_eval(constant(value)) == value
    whole = (value, [value, {value: (value,)}], value.encode("utf-8", "surrogatepass"), None, ())
    text = constant(whole)
    assert ast.literal_eval(text) == whole
    code = Code()
    code.line(f"x = {text}")
    (statement,) = ast.parse(code.text()).body
    assert isinstance(statement, ast.Assign)


@pytest.mark.parametrize("value", [*HOSTILE.values(), LONG], ids=[*HOSTILE, "long"])
def test_comments_and_docstrings_end_where_we_say(value: str) -> None:
    code = Code()
    code.header(value, "1", value)
    code.comment(value)
    code.line("x = 1  # end")
    text = code.text()
    assert text.isascii() and text.count("\n") == 6
    assert [type(node).__name__ for node in ast.parse(text).body] == ["Expr", "Assign"]
    assert "coding" not in text.split("\n")[1]


NUMBERS = [math.inf, -math.inf, math.nan, 10**5000, -(10**5000), 1.5, True, -3]


@pytest.mark.parametrize("value", NUMBERS, ids=map(str, range(len(NUMBERS))))
def test_numbers_are_no_names(value: float) -> None:
    made = eval(constant(value), {"__builtins__": {}})
    assert made == value or (math.isnan(value) and math.isnan(made))


@pytest.mark.parametrize("value", [object(), {1, 2}, 1j, ..., type("Mine", (str,), {})("x"), [b"", int]])
def test_what_is_no_constant_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no constant"):
        constant(value)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "\xe9", "a\x0cb", "\u2028", "\x00"])
def test_a_line_that_could_end_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="generated code would hold"):
        Code().line(text)
