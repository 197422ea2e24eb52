"""A copied source → the same without comments and docstrings; every line stays where it is.

What the program could tell the difference by stays: the encoding line, and the docstrings of a module that
mentions ``__doc__``. Where the result is not the same program, the source is left as it was.
"""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator

from conduitc.frontend.edits import LINE_END, Offsets, Replacement, apply

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def strip(data: bytes) -> bytes:
    """The stripped bytes, in the encoding they were in."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return _stripped(data.decode(encoding)).encode(encoding)
    except (SyntaxError, UnicodeError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return data


def _stripped(text: str) -> str:
    before = _parsed(text)
    edits = [*_comments(text), *([] if "__doc__" in text else _docstrings(text, before))]
    made = apply(text, edits)
    after = _parsed(made)
    for tree in (before, after):
        for node in _documented(tree):
            _docstring(node).value = ast.Constant("")
    same = ast.dump(before) == ast.dump(after) and LINE_END.findall(text) == LINE_END.findall(made)
    return made if same else text


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _comments(text: str) -> Iterator[Replacement]:
    """Comments, and the blanks before them."""
    offsets = Offsets(text)
    plain = LINE_END.sub("\n", text)  # the tokenizer knows no others; rows and columns stay
    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type == tokenize.COMMENT and not _means_something(token):
            start = offsets.starts[token.start[0] - 1]
            line = text[start : start + token.start[1]]
            yield Replacement(start + len(line.rstrip(" \t")), start + token.end[1], "")


def _means_something(token: tokenize.TokenInfo) -> bool:
    """The lines that an interpreter or a system reads."""
    row = token.start[0]
    return (row == 1 and token.string.startswith("#!")) or (row <= 2 and "coding" in token.string)


def _docstrings(text: str, tree: ast.Module) -> Iterator[Replacement]:
    """Each becomes an empty string with as many line ends as it had, continued where a statement follows.

    A dataclass without a docstring is given its signature as one when it is imported, which costs more than
    all else about it: a class keeps one space.
    """
    starts = Offsets(text).starts

    def offset(line: int, column: int) -> int:
        """``ast`` counts bytes of UTF-8."""
        begin = starts[line - 1]
        return begin + len(text[begin : begin + column].encode()[:column].decode())

    for node in _documented(tree):
        one = _docstring(node)
        start = offset(one.lineno, one.col_offset)
        end = offset(one.end_lineno or 0, one.end_col_offset or 0)
        ends = LINE_END.findall(text[start:end])
        rest = LINE_END.split(text[end:], 1)[0].strip()
        goes_on = "" if not rest or rest.startswith("#") else "\\"
        stand_in = '" "' if isinstance(node, ast.ClassDef) else '""'
        yield Replacement(start, end, stand_in + "".join(goes_on + one for one in ends))


def _documented(tree: ast.Module) -> Iterator[_Documented]:
    for node in ast.walk(tree):
        if isinstance(node, _Documented) and node.body:
            first = node.body[0]
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield node


def _docstring(node: _Documented) -> ast.Expr:
    first = node.body[0]
    assert isinstance(first, ast.Expr)
    return first
