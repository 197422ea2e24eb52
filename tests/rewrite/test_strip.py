"""``--strip``: comments and docstrings go, lines and meaning stay."""

import ast
import sysconfig
from pathlib import Path

import pytest

from conduitc.frontend.strip import strip

SOURCE = '''\
#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""What the module is.

On several lines."""
from __future__ import annotations  # must come first

from dataclasses import dataclass


@dataclass
class Item:
    """A thing
    for sale."""  # not for rent

    name: str = "# no comment"  # a comment
    price: float = 0.0


def f(x):
    r"""Doubles."""
    # a line of its own
    text = """not a
docstring # nor a comment"""
    return x * 2, text


def only():
    """Nothing else."""


async def bare(): "one line"; return 1
'''

STRIPPED = '''\
#!/usr/bin/env python
# -*- coding: utf-8 -*-
""


from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Item:
    " "


    name: str = "# no comment"
    price: float = 0.0


def f(x):
    ""

    text = """not a
docstring # nor a comment"""
    return x * 2, text


def only():
    ""


async def bare(): ""; return 1
'''


def test_comments_and_docstrings_go() -> None:
    assert strip(SOURCE.encode()).decode() == STRIPPED


def test_again_changes_nothing() -> None:
    once = strip(SOURCE.encode())
    assert strip(once) == once


@pytest.mark.parametrize(("ends", "encoding"), [("\r\n", "latin-1"), ("\r\n", "utf-8"), ("\r", "utf-8")])
def test_line_ends_and_encoding_stay(ends: str, encoding: str) -> None:
    source = SOURCE.replace("utf-8", encoding).replace("A thing", "Ünding").replace("\n", ends)
    wanted = STRIPPED.replace("utf-8", encoding).replace("\n", ends)
    assert strip(source.encode(encoding)).decode(encoding) == wanted


def test_a_mark_at_the_beginning_stays() -> None:
    assert strip(b"\xef\xbb\xbf'doc'\nx = 1  # one\n") == b'\xef\xbb\xbf""\nx = 1\n'


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    'doc'\nprint(f.__doc__)\n",  # the program reads it
        "def f(:\n",  # not Python
        "'a\nb' # c",
    ],
)
def test_what_stays_as_it_is(source: str) -> None:
    assert strip(source.encode()).decode() == source


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_statement_behind_a_long_docstring_keeps_its_line(end: str) -> None:
    """A build puts one behind a module's docstring, where it has typed loops."""
    source = '"""two\n\nlines"""; x = 1  # one\ndef f():\n    "a\\\nb"; return x\n'.replace("\n", end)
    wanted = '""\\\n\\\n; x = 1\ndef f():\n    ""\\\n; return x\n'.replace("\n", end)
    assert strip(source.encode()).decode() == wanted
    first, second = (ast.parse(text).body[1].lineno for text in (source, wanted))
    assert first == second


def test_comments_go_where_docstrings_are_read() -> None:
    assert strip(b"'doc'  # c\nprint(__doc__)\n") == b"'doc'\nprint(__doc__)\n"


def test_real_modules_keep_their_lines_and_code() -> None:
    """The standard library's, compared as ``python -OO`` sees them."""
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("[a-d]*.py")):
        data = path.read_bytes()
        made = strip(data)
        assert made.count(b"\n") == data.count(b"\n"), path
        if b"__doc__" not in data:
            left = [node for node in ast.walk(ast.parse(made)) if _said(node)]
            assert not left, path


def _said(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, kinds) and bool((ast.get_docstring(node) or "").strip())
