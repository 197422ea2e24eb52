"""A template and Python source → what stands in the template's holes, or None where nothing matches.

A template is Python with two additions: ``{name}`` is a hole, which takes any expression or name, and ``...``
among arguments, parameters or bases, or as a body, takes whatever else stands there. Braces are doubled.
Trees are compared, so layout and the order of keywords do not matter. Its first word says what it is about:

    @{router}.get({path}, response_model={model}, ...)      a decorator
    def {handler}(..., {name}=Depends(get_user), ...)       a function; plain or async
    class {schema}(BaseModel, ...)                          a class
    except {error} as {name}: ...                           what a try statement catches
    raise HTTPException(status_code=404, ...)               a statement; an expression is found anywhere
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import lru_cache
from textwrap import dedent
from typing import NamedTuple

from conduitc.mining.unify import HOLE, Holes, unify

#: Characters of a text that are looked at.
LONGEST = 1_000_000
_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*)\}")
_METHOD = re.compile(r"(\n *def \w+)\(\.\.\.\)")


def rematch(template: str, text: str) -> Holes | None:
    """The texts in the holes of ``template`` at the first place in ``text`` that it matches.

    Raises:
        ValueError: ``template`` is none.
    """
    pattern = parsed(template)
    tree = _read(text)
    if tree is None:
        return None
    for node in ast.walk(tree):
        for candidate in _candidates(pattern, node):
            holes: Holes = {}
            if unify(pattern.node, candidate, holes):
                return holes
    return None


def covers(general: str, special: str) -> bool:
    """Does whatever matches ``special`` match ``general``, too?"""
    pattern, other = parsed(general), parsed(special)
    if isinstance(pattern.node, ast.expr) and not pattern.decorates and not other.decorates:
        return any(unify(pattern.node, node, {}) for node in ast.walk(other.node))
    return pattern.decorates == other.decorates and unify(pattern.node, other.node, {})


class Parsed(NamedTuple):
    """The one node that a template stands for."""

    node: ast.AST
    decorates: bool = False


@lru_cache(maxsize=4096)
def parsed(template: str) -> Parsed:
    """A template as a tree.

    Raises:
        ValueError: it is no template.
    """
    try:
        return _parsed(_HOLE.sub(_identifier, template))
    except (SyntaxError, RecursionError, MemoryError, ValueError, IndexError) as error:
        raise ValueError(f"no template: {template}") from error


def _identifier(match: re.Match[str]) -> str:
    return HOLE + match[1] if match[1] else match[0][0]


def _parsed(text: str) -> Parsed:
    if text.startswith("@"):
        return Parsed(_one(_open(text[1:])), True)
    if text.startswith(("def ", "async def ")):
        return Parsed(_one(_function(text)))
    if text.startswith("except "):
        return Parsed(_one(f"try: ...\n{_open(text)}").handlers[0])  # type: ignore[attr-defined]
    if text.startswith("class ") and ":" not in text:
        text += ": ..."
    return Parsed(_one(_open(text)))


def _one(text: str) -> ast.AST:
    """The statement or expression that stands there alone."""
    (found,) = ast.parse(text).body
    return found.value if isinstance(found, ast.Expr) else found


def _open(text: str) -> str:
    """``...`` may not follow a keyword in Python, nor be a parameter of a method."""
    return _METHOD.sub(r"\1()", text).replace(", ...)", f", **{HOLE})")


def _function(text: str) -> str:
    """Parameters as keyword-only ones, which may have defaults or not in any order."""
    start = end = text.index("(")
    depth = 1
    while depth:
        end += 1
        depth += (text[end] == "(") - (text[end] == ")")
    inner, rest = text[start + 1 : end], text[end + 1 :]
    inner = inner.removeprefix("...").removeprefix(", ").removesuffix("...").removesuffix(", ")
    inner = f"*, {_open(inner)}" if inner else ""
    return f"{text[: start + 1]}{inner}){rest if ':' in rest else rest + ': ...'}"


def _read(text: str) -> ast.AST | None:
    """Source, or a piece of it: the lines of a method, a statement or a clause from the middle of a block."""
    if len(text) > LONGEST:
        return None
    alone = dedent(text)
    for attempt in (text, alone, f"if 1:\n{text}", f"try: ...\n{alone}", f"if 1: ...\n{alone}"):
        try:
            return ast.parse(attempt)
        except (SyntaxError, ValueError):
            continue
        except (RecursionError, MemoryError):
            return None
    return None


def _candidates(pattern: Parsed, node: ast.AST) -> Sequence[ast.AST]:
    if not pattern.decorates:
        return (node,)
    return getattr(node, "decorator_list", ())
