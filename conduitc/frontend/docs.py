"""Docstrings and comments of definitions, as a person reads them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_left, bisect_right

from conduitc.frontend.source import Source

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

_COMMENT = re.compile(r"\n[ \t]*#(.*)")


def docstring(node: ast.Module | Definition) -> str | None:
    """The docstring with its indentation taken off (``inspect`` would cost 8 ms to import)."""
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        words = first.value.value
        return clean(words) if isinstance(words, str) else None
    return None


def clean(words: str) -> str:
    """A docstring's text without common indentation, surrounding blank lines and trailing blanks."""
    if "\n" not in words:
        return words.strip()
    lines = words.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    cut = [lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])]
    return "\n".join(cut).strip("\n")


class Comments:
    """The comments of one file that have a line of their own."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at: dict[int, str] = {}
        text = "\n" + source.text  # line ends are found fast, which ``^`` is not
        line, done = 0, 0
        for found in _COMMENT.finditer(text) if "#" in text else ():
            line += text.count("\n", done, found.start() + 1)
            done = found.start() + 1
            self._at[line] = found[1].strip()
        self._lines = list(self._at)

    def of(self, node: Definition) -> tuple[str, ...]:
        """Those directly above a definition, and those in its body."""
        if not self._at:
            return ()
        first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        above = first - 1
        while above in self._at:
            above -= 1
        start = bisect_left(self._lines, first)
        inside = self._lines[start : bisect_right(self._lines, node.end_lineno or first)]
        if inside and self._strings(node):
            inside = self._tokenized(node)
        lines = [*range(above + 1, first), *inside]
        return tuple(self._at[line] for line in lines if self._at.get(line))

    def _strings(self, node: Definition) -> bool:
        """Whether what looks like a comment may stand in a string of several lines."""
        first, last = node.lineno, node.end_lineno or node.lineno
        rest = self._source.lines[first - 1 : last]
        match node.body[0]:
            case ast.Expr(value=ast.Constant(value=str()), lineno=start, end_lineno=int(end)):
                if any(start <= line <= end for line in self._lines[bisect_left(self._lines, start) :][:1]):
                    return True
                rest = [*rest[: start - first], *rest[end - first + 1 :]]
        return any('"""' in line or "'''" in line or line.endswith("\\") for line in rest)

    def _tokenized(self, node: Definition) -> list[int]:
        text = "\n".join(self._source.lines[node.lineno - 1 : node.end_lineno]) + "\n"
        found = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type == tokenize.COMMENT:
                    found.append(token.start[0] + node.lineno - 1)
        except (tokenize.TokenError, SyntaxError):
            pass
        return [line for line in found if line in self._at]
