"""Expressions → the text of templates: names and constants kept, or holes named by what stood there.

What is written here is read by ``conduitc.mining.rematch``, which says what a template is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from itertools import chain, count

from msgspec import Struct

from conduitc.ir.patterns import Hole

#: Characters of a template's part, and levels of an expression; longer and deeper ones are holes.
LONGEST, DEEPEST = 120, 6
#: Characters of what stood in a hole; those of a line in which it is looked for by bytes.
SHOWN, LINE = 60, 10_000
_WORD = re.compile(r"[^A-Za-z0-9_]+")


class Text(Struct, frozen=True):
    """A part of a template, and what stood in its holes."""

    text: str
    holes: tuple[Hole, ...] = ()

    def __add__(self, other: Text | str) -> Text:
        if isinstance(other, str):
            return Text(self.text + other, self.holes)
        return Text(self.text + other.text, self.holes + other.holes)


def joined(parts: Iterable[Text], between: str = ", ") -> Text:
    """Parts one after the other."""
    listed = list(parts)
    holes = tuple(hole for one in listed for hole in one.holes)
    return Text(between.join(one.text for one in listed), holes)


def kept(node: ast.expr, deep: int = DEEPEST) -> str | None:
    """A name, number, type or call of those as written; None for what had better be a hole."""
    if deep < 0:
        return None
    match node:
        case ast.Name(id=name):
            return None if name.startswith("__") else name
        case ast.Attribute(value=value, attr=name):
            base = None if isinstance(value, ast.Constant) else kept(value, deep - 1)
            return base and f"{base}.{name}"
        case ast.Constant(value=bool() | None | int() | float()):
            text = repr(node.value)
            return None if text in ("inf", "nan") else _short(text)
        case ast.Subscript(value=value, slice=inner):
            base = kept(value, deep - 1)
            index = _listed(inner.elts, deep, "{}") if isinstance(inner, ast.Tuple) else kept(inner, deep - 1)
            return base and index and _short(f"{base}[{index}]")
        case ast.Tuple(elts=elts):
            return _listed(elts, deep, "({})") if len(elts) > 1 else None
        case ast.List(elts=elts):
            return _listed(elts, deep, "[{}]")
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = kept(left, deep - 1), kept(right, deep - 1)
            return one and other and _short(f"{one} | {other}")
    return None


def _listed(elts: list[ast.expr], deep: int, form: str) -> str | None:
    parts = [kept(one, deep - 1) for one in elts[:8]]
    if not parts or None in parts or len(elts) > 8:
        return None
    return _short(form.format(", ".join(map(str, parts))))


def _short(text: str) -> str | None:
    return text if len(text) <= LONGEST else None


def hole(name: str, text: str) -> Text:
    """``{name}``, where ``text`` stood."""
    name = _WORD.sub("_", name).strip("_") or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    return Text(f"{{{name}}}", (Hole(name, text),))


def unused(name: str, beside: Text) -> str:
    """A name that no hole of ``beside`` has."""
    return _unused(name, {one.name for one in beside.holes})


def plain(text: str) -> Text:
    """Text of the program that is no hole."""
    return Text(text.replace("{", "{{").replace("}", "}}"))


class Writer(Struct, frozen=True):
    """Writes parts of templates from one file, whose ``lines`` hold what stands in their holes."""

    lines: list[str]

    def text(self, node: ast.expr) -> str:
        """What stands there, shortened."""
        line: str | bytes = self.lines[node.lineno - 1]
        if isinstance(line, str) and not line.isascii():
            if len(line) > LINE:
                return "…"  # counting its bytes for every node would take for ever
            line = line.encode()
        part = line[node.col_offset : node.end_col_offset if node.lineno == node.end_lineno else None][:SHOWN]
        text = part if isinstance(part, str) else part.decode(errors="ignore")
        return text if node.lineno == node.end_lineno else f"{text.strip()} …"

    def hole(self, name: str, node: ast.expr) -> Text:
        return hole(name, self.text(node))

    def exact(self, node: ast.expr, name: str) -> Text:
        """As written where it can be kept, else a hole."""
        text = kept(node)
        return plain(text) if text else self.hole(name, node)

    def call(
        self, node: ast.Call, *, exact: bool = False, only: tuple[str, ...] | None = None
    ) -> Text | None:
        """``f({a}, key={key})``: who is called and with which keywords; values only where ``exact``.

        ``only`` are the keywords that are told; of others, and of starred arguments, ``...``.
        """
        name = kept(node.func)
        if name is None:
            return None
        parts: list[Text] = []
        rest = False
        taken: set[str] = set()
        for at, value in enumerate(node.args):
            if isinstance(value, ast.Starred) or at > 3:
                rest = True
                break
            label = _unused(_label(value, at), taken)
            parts.append(self.exact(value, label) if exact else self.hole(label, value))
        for keyword in node.keywords:
            if keyword.arg is None or (only is not None and keyword.arg not in only) or len(parts) > 7:
                rest = True
                continue
            label = _unused(keyword.arg, taken)
            given = self.exact(keyword.value, label) if exact else self.hole(label, keyword.value)
            parts.append(plain(f"{keyword.arg}=") + given)
        if rest:
            parts.append(Text("..."))
        made = plain(f"{name}(") + joined(parts) + ")"
        return made if len(made.text) <= 2 * LONGEST else None


def _label(node: ast.expr, at: int) -> str:
    """A hole for an argument without a keyword is called by its place."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return "text" if isinstance(node, ast.JoinedStr) or isinstance(node.value, str) else "constant"
    return "argument" if at == 0 else f"argument_{at + 1}"


def _unused(name: str, taken: set[str]) -> str:
    """A name that no other hole of the same template has."""
    made = next(one for one in chain((name,), (f"{name}_{at}" for at in count(2))) if one not in taken)
    taken.add(made)
    return made
