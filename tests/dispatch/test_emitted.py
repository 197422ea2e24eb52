"""The emitted texts: what users wrote is data in them, never code; they are the same for the same routes."""

import ast
import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.dispatch_python import emit_python
from conduitc.codegen.plan import lower
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import Dynamic, Segment, Static
from conduitc.span import NOWHERE
from tests.dispatch.conftest import native

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
    check_finds(native("hostile", emit_cython(lower(patterns()), COMMENTS), tmp_path).finders)


@pytest.mark.usefixtures("compiler")
def test_a_walker_is_found_and_asked_from_c(tmp_path: Path) -> None:
    """By the function in its capsule, with bytes."""
    made = native("asked", emit_cython(lower(patterns()), COMMENTS), tmp_path)
    entries = [f"entry {n}" for n in range(2 * len(HOSTILE))]

    def refused(hit: tuple[str, str]) -> bool:
        raise LookupError(hit[1])

    find, _ = made.finders(entries, [None] * (len(entries) - 1) + [refused])["GET"]
    walker = find.__self__
    assert type(walker) is made.Walker
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    kind = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.py_object, ctypes.c_char_p, ctypes.c_ssize_t)
    asked = kind(pointer(walker.pointer(), b"conduit.find.1"))
    for path in ("/", "/abc", "/ünï", "/ünï/é/x", "/\x00"):
        text = path.encode()
        assert asked(walker, text, len(text)) == find(path)
    text = f"/{HOSTILE[-1]}/value/x".encode()
    with pytest.raises(LookupError, match="value"):
        asked(walker, text, len(text))
    with pytest.raises(ValueError, match="PyCapsule_GetPointer"):
        pointer(walker.pointer(), b"conduit.find.2")


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


READ = '''"""Dispatch tables, generated by conduitc: which route a path belongs to.

How to read them is told in ``conduit.http.finder``, which walks them.
"""

from conduit.http import finder

#    0  GET,PUT  /a
#    1  GET  /b/{x}
#    2  GET  /f/*x

TABLES = (
    (
        ('GET', 'HEAD'),
        {  # exact
            '/a': 0,
        },
        {  # trailing
            '/b': 1,
        },
        True,
        (  # static, typed, str, leaf, tail
            ({'b': 1, 'f': 3}, None, None, (), ()),  # 0
            ({}, 2, None, (), ()),  # 1
            ({}, None, None, ((1, ('int',)),), ()),  # 2
            ({}, None, None, (), ((2, ('path',)),)),  # 3
        ),
    ),
    (
        ('PUT',),
        {  # exact
            '/a': 0,
        },
        {  # trailing
        },
        False,
        (  # static, typed, str, leaf, tail
            ({}, None, None, (), ()),  # 0
        ),
    ),
)


def finders(entries, refine):
    return finder.finders(TABLES, entries, refine)
'''


def test_the_text_is_made_to_be_read() -> None:
    routes = [
        Pattern(0, ("GET", "PUT"), (Static("a"),)),
        Pattern(1, ("GET",), (Static("b"), Dynamic("x", "int", NOWHERE))),
        Pattern(2, ("GET",), (Static("f"), Dynamic("x", "path", NOWHERE))),
    ]
    assert emit_python(lower(routes), ["/a", "/b/{x}", "/f/*x"]) == READ
