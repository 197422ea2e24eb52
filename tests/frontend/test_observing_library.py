"""The standard library as if it were handlers: every template is one, and matches where it was seen."""

import ast
import os
import random
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

from conduitc.diagnostics import CompileError
from conduitc.frontend.observing.bodies import body, error, raised, when
from conduitc.frontend.observing.functions import filled, signature, taken
from conduitc.frontend.observing.seen import Function, Seen, own
from conduitc.frontend.source import Source, read
from conduitc.ir.patterns import Trait
from conduitc.mining.rematch import rematch

#: Files that are read; under CONDUIT_SOAK, and otherwise.
FILES = 250 if os.environ.get("CONDUIT_SOAK") else 6


class Ours(dict[str, Any]):
    """Every name is the project's own."""

    def get(self, key: str, default: Any = None) -> Any:
        return object()


SCOPE: Any = SimpleNamespace(names=Ours())


def sources() -> Iterator[Source]:
    folder = Path(os.__file__).parent
    files = sorted(file for file in folder.rglob("*.py") if "site-packages" not in file.parts)
    random.Random(6).shuffle(files)
    for file in files[:FILES]:
        try:
            yield read(file, file.name)
        except CompileError:
            continue


def traits_of(source: Source, node: Function) -> list[Trait]:
    seen = Seen(source)
    signature(seen, node, "handler", {})
    body(seen, node, SCOPE, own(node.body))
    for argument, default in taken(node):
        for place in ("body", "query"):
            filled(seen, node, argument, default, place)
    found = list(seen.traits.values())
    for statement, around in raised(node):
        seen = Seen(source)
        error(seen, statement)
        when(seen, statement, around)
        found += seen.traits.values()
    return found


def test_templates_of_the_library() -> None:
    count = 0
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, Function):
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                text = dedent("\n".join(source.lines[first - 1 : node.end_lineno]))
                for trait in traits_of(source, node):
                    count += 1
                    assert rematch(trait.template, text) is not None, (trait.template, str(trait.span))
    assert count > 100 * FILES / 6
