"""The emitted texts: what users wrote is data in them, never code; they are the same for the same routes."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conduitc import toolchain
from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.dispatch_python import emit_python
from conduitc.codegen.plan import lower
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import Dynamic, Segment, Static
from conduitc.span import NOWHERE
from tests.dispatch.conftest import load_native

HOSTILE = (
    '"""\nimport os\n"""',
    "'''; raise SystemExit\n'''",
    "\\\n",
    "*/ #error \\",
    "??/",
    "# cython: language=c++",
    "{{ 7 * 7 }}{% raw %}",
    "\r\x0b\x0c\x1c\x85\u2028\u2029",
    "\u202e\u2066",
    "\ud800",
    "\x00",
    "ünï",
    "\xff",
    "%s {0} \\N{DIGIT ONE}",
)


def patterns() -> list[Pattern]:
    def one(index: int, *segments: Segment) -> Pattern:
        return Pattern(index, ("GET", "A'\n"), segments)

    static = [one(n, Static(text)) for n, text in enumerate(HOSTILE)]
    start = len(HOSTILE)
    return static + [
        one(start + n, Static(text), Dynamic(text, "str", NOWHERE), Static("x"))
        for n, text in enumerate(HOSTILE)
    ]


COMMENTS = [f"GET /{text}" for text in HOSTILE * 2]


def check_finds(finders: Any) -> None:
    entries = [f"entry {n}" for n in range(2 * len(HOSTILE))]
    made = finders(entries, [None] * len(entries))
    assert set(made) == {"GET", "HEAD", "A'\n"}
    for find, find_segments in made.values():
        for n, text in enumerate(HOSTILE):
            # A slash in a static segment is met by an escaped one only.
            expected = None if "/" in text else (entries[n],)
            assert find(f"/{text}") == expected
            assert find_segments([text]) == (entries[n],)
            assert find_segments([text, text, "x"]) == (entries[n + len(HOSTILE)], text)


def test_python_text_holds_only_constants() -> None:
    text = emit_python(lower(patterns()), COMMENTS)
    tree = ast.parse(text)
    assert [type(node).__name__ for node in tree.body] == ["Expr", "ImportFrom", "Assign", "FunctionDef"]
    tables = next(node for node in tree.body if isinstance(node, ast.Assign))
    allowed = (ast.Tuple, ast.Dict, ast.Constant, ast.Load)
    assert all(isinstance(node, allowed) for node in ast.walk(tables.value))
    module: dict[str, Any] = {}
    exec(compile(text, "dispatch.py", "exec"), module)
    check_finds(module["finders"])


@pytest.mark.usefixtures("compiler")
def test_cython_text_holds_only_numbers(tmp_path: Path) -> None:
    file = toolchain.compile_module("hostile", emit_cython(lower(patterns()), COMMENTS), tmp_path)
    check_finds(load_native("hostile", file).finders)


def test_comments_are_single_printable_lines() -> None:
    text = emit_cython(lower(patterns()), COMMENTS)
    lines = text.splitlines()
    listed = [line for line in lines if line.startswith("# ") and "GET /" in line]
    assert len(listed) == len(COMMENTS)
    assert all(line.isprintable() for line in listed)
    without = emit_cython(lower(patterns()), ["" for _ in COMMENTS])
    assert len(without.splitlines()) == len(lines)


@pytest.mark.parametrize("emit", [emit_python, emit_cython])
def test_same_routes_same_text(emit: Any) -> None:
    assert emit(lower(patterns()), COMMENTS) == emit(lower(patterns()), COMMENTS)


@pytest.mark.parametrize("emit", [emit_python, emit_cython])
def test_no_routes(emit: Any) -> None:
    assert "finders" in emit(lower([]), [])


def test_dispatch_imports_nothing_it_does_not_need() -> None:
    """uuid costs an import, so only routes that use it bring it."""

    script = (
        "import sys\n"
        "from conduit.http import finder\n"
        "tables = ((('GET',), {'/': 0}, {'/a': 0}, True, (({}, 1, None, (), ()), ({}, None, None, "
        "((0, (sys.argv[1],)),), ()))),)\n"
        "before = set(sys.modules)\n"
        "finder.finders(tables, ['entry'], [None])\n"
        "print(sorted(set(sys.modules) - before))\n"
        "assert not {'uuid', 'dataclasses', 'asyncio'} & before, before\n"
    )
    for converter, imported in (("int", False), ("str", False), ("uuid", True)):
        done = subprocess.run(
            [sys.executable, "-S", "-c", script, converter],
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "runtime")},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("uuid" in done.stdout) is imported
