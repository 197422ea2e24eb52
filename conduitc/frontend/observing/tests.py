"""Tests beside the project → subjects: what they are given, how they ask, and what they look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from conduitc import places
from conduitc.diagnostics import CompileError
from conduitc.frontend.observing.functions import decorated, taken
from conduitc.frontend.observing.seen import Function, Seen, statements
from conduitc.frontend.observing.texts import Text, hole, kept, plain
from conduitc.frontend.project import Project
from conduitc.frontend.source import Source, read
from conduitc.ir.patterns import Subject

#: Characters of all tests that are read.
LONGEST = 4_000_000


def sources(project: Project) -> Iterator[Source]:
    """The tests of a program, as far as they can be read; none of one that is installed among others."""
    room = LONGEST
    for path in places.test_files(project.root) if project.only is None else ():
        try:
            source = read(project.root / path, path, project.kept)
        except CompileError:
            continue  # it says nothing
        room -= len(source.text)
        if room < 0:
            return
        yield source


def tests_of(project: Project) -> Iterator[Subject]:
    """The test functions of a program; those of files that are as they were are known."""
    for source in sources(project):
        if project.kept is None:
            yield from tests(source)
        else:
            make = partial(_observed, source)
            yield from project.kept.get("tests", (source.file, source.sha256), make)


def _observed(source: Source) -> tuple[Subject, ...]:
    return tuple(tests(source))


def tests(source: Source) -> Iterator[Subject]:
    """Each test function of a file, those of its classes, too."""
    bodies = [source.tree.body, *(one.body for one in source.tree.body if isinstance(one, ast.ClassDef))]
    for body in bodies:
        for node in body:
            if isinstance(node, Function) and node.name.startswith("test"):
                seen = Seen(source)
                _test(seen, node)
                yield seen.subject("test", "", node, (f"in {source.file}",))


def _test(seen: Seen, node: Function) -> None:
    head = Text("def ") + hole("test", node.name)
    for decorator in node.decorator_list:
        decorated(seen, decorator, "test")
    if isinstance(node, ast.AsyncFunctionDef):
        seen.add("test", Text("async ") + head + "(...)", node)
    for argument, default in taken(node):
        if argument.arg not in ("self", "cls") and default is None:
            seen.add("test", head + plain(f"(..., {argument.arg}, ...)"), argument)
    for one in statements(node.body):
        match one:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                _asked(seen, one, target, value)
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                _compared(seen, one, left, right)
            case ast.With(items=[ast.withitem(context_expr=ast.Call(args=[first, *_]) as call)]):
                if (name := kept(call.func)) is not None:
                    made = plain(f"with {name}(") + seen.writer.hole("value", first) + "): ..."
                    seen.add("test", made if len(call.args) + len(call.keywords) == 1 else None, one)


def _asked(seen: Seen, statement: ast.stmt, target: ast.Name, value: ast.expr) -> None:
    """``{response} = client.{method}(...)``."""
    awaited, call = ("await ", value.value) if isinstance(value, ast.Await) else ("", value)
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=client), attr=method)):
            start = hole("response", target.id) + plain(f" = {awaited}{client}.")
            seen.add("test", start + hole("method", method) + "(...)", statement)
        case ast.Call(func=ast.Name(id=maker)):
            seen.add("test", hole("value", target.id) + plain(f" = {awaited}{maker}(...)"), statement)


def _compared(seen: Seen, statement: ast.stmt, left: ast.expr, right: ast.expr) -> None:
    """``assert {response}.status_code == {status}``: what is looked at of an answer."""
    call = isinstance(left, ast.Call) and not left.args and not left.keywords
    looked = left.func if isinstance(left, ast.Call) and call else left
    if isinstance(looked, ast.Attribute) and isinstance(looked.value, ast.Name):
        start = Text("assert ") + hole("response", looked.value.id) + plain(f".{looked.attr}")
        seen.add(
            "test", start + ("()" if call else "") + " == " + seen.writer.hole("value", right), statement
        )
