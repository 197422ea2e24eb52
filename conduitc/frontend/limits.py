"""How much a program may be: bounds on what is read and on what is computed from it, in one place.

A source beyond them is one diagnostic at the place where it goes beyond (``check``), before Python's parser
spends seconds and gigabytes on it. A *value* beyond them is simply not known at build time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import islice

from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.span import Span

#: Bytes of one source file.
SIZE = 8 << 20
#: Words, signs, literals and line ends in one source file: the parser needs 650 bytes for each.
TOKENS = 500_000
#: Characters of one f-string: Python 3.11 needs time by their square.
FORMATTED = 100_000
#: Digits of a number in base 2, 8 or 16; Python itself refuses 4,301 decimal ones.
DIGITS = 3_000

#: Statements executed in unrolled loops, of all loops together.
STEPS = 200_000
#: A loop of more turns than this is not unrolled, and no longer collection is computed.
TURNS = 20_000
#: Nothing longer or larger than this is computed.
LENGTH = 100_000
MAGNITUDE = 1 << 128
#: Characters and items computed by one program, all together.
WORK = 4_000_000
#: Names kept aside while branches of unknown tests are gone through, all together.
BRANCHED = 50_000_000
#: Declarations that an app reaches, and groups within groups.
REACHED, GROUPS = 100_000, 50
#: Calls within calls that are followed, and how often one function is in itself.
DEPTH, AGAIN = 30, 2
#: Modules of one program that are read because a handler calls something in them.
CALLED = 400
#: Constants in one value that the App holds.
PARTS = 20_000
#: Levels of one annotation, aliases of aliases, and types that one alias stands for.
LEVELS, ALIASES, EXPANSIONS = 100, 40, 2_000

TOO_LARGE = Rule(
    code="CDT120",
    slug="too-large",
    severity="error",
    message="{what}, which is more than the compiler reads",
    docs=(
        f"One source file has at most {SIZE >> 20} MiB and {TOKENS:,} words, signs and literals, an f-string "
        f"{FORMATTED:,} characters, and a number in base 2, 8 or 16 {DIGITS:,} digits, so that no file makes "
        "the compiler slow or large. Keep data in a data file, or spread it over several modules."
    ),
    bad="",
    good="",
)

TOO_DEEP = Rule(
    code="CDT121",
    slug="too-deep",
    severity="error",
    message="this is nested more deeply than Python's parser follows",
    docs=(
        "Operators, calls, attributes, lambdas and `elif` nest, and Python's own parser gives up after some "
        "thousand levels, so this file cannot be imported either. Build the value in steps, or in a loop."
    ),
    bad="",
    good="",
)

# a string that does not end goes on to the end of the text, or of the line: nothing is gone through twice
_STRING = "|".join(
    rf"{quote}(?:[^{quote[0]}\\]++|\\.|{quote[0]}(?!{quote[1:]}))*+(?:{quote}|\Z)"
    if len(quote) > 1
    else rf"{quote}(?:[^{quote}\\\n]++|\\.)*+{quote}?"
    for quote in ("'''", '"""', "'", '"')
)
_TOKEN = re.compile(rf"#[^\n]*|(?P<prefix>[A-Za-z]{{0,2}})(?:{_STRING})|\w+|\n|\S", re.S)
_LONG_NUMBER = re.compile(rf"\b0[xXoObB][0-9a-fA-F_]{{{DIGITS + 1},}}")
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")
#: Fewer braces than these are no f-string that takes long.
_BRACES = 20_000


def check(text: str, lines: Sequence[str], file: str) -> None:
    """Refuse a text that it would take too long or too much memory to parse.

    Raises:
        CompileError: it is beyond a limit.
    """
    if len(text) > TOKENS:
        beyond = next(islice(_TOKEN.finditer(text), TOKENS, None), None)
        if beyond is not None:
            raise CompileError(_too_large(text, beyond, file, f"it has more than {TOKENS:,} words and signs"))
    if len(text) > FORMATTED and text.count("{") > _BRACES:
        for token in _TOKEN.finditer(text):
            if token.end() - token.start() > FORMATTED and "f" in (token["prefix"] or "").lower():
                what = f"this f-string has more than {FORMATTED:,} characters"
                raise CompileError(_too_large(text, token, file, what))
    if len(text) > DIGITS and max(map(len, lines)) > DIGITS and (number := _LONG_NUMBER.search(text)):
        raise CompileError(_too_large(text, number, file, f"this number has more than {DIGITS:,} digits"))


def _too_large(text: str, token: re.Match[str], file: str, what: str) -> Diagnostic:
    line = text.count("\n", 0, token.start()) + 1
    start = text.rfind("\n", 0, token.start()) + 1
    end = text.find("\n", token.start())
    column = token.start() - start + 1
    last = min(token.end(), len(text) if end < 0 else max(end, token.start() + 1)) - start + 1
    return TOO_LARGE.at(Span(file, line, column, line, last), what=what)


def too_large_file(file: str, size: int) -> Diagnostic:
    """A file that is not even read."""
    return TOO_LARGE.at(Span(file, 1, 1, 1, 1), what=f"the file has {size:,} bytes")


def too_deep(text: str, lines: Sequence[str], file: str) -> Diagnostic:
    """What Python's parser gave up on: the longest statement, or the longest chain of ``elif``."""
    longest, first, count, depth, elifs, start = 0, 1, 0, 0, 0, 1
    line, branch = 1, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "\n" and depth == 0:
            if count > longest:
                longest, first = count, start
            count, start = 0, line + 1
        elif word in _OPENS:
            depth += 1
        elif word in _CLOSES:
            depth = max(depth - 1, 0)
        elif word == "elif":
            elifs, branch = elifs + 1, branch or line
        line += word.count("\n")
        count += word != "\n"
    if count > longest:
        longest, first = count, start
    at = branch if elifs > longest else first
    indent = len(lines[at - 1]) - len(lines[at - 1].lstrip())
    return TOO_DEEP.at(Span(file, at, indent + 1, at, max(len(lines[at - 1]), indent + 1) + 1))


def written(node: ast.AST) -> str:
    """The text of a node for a message: one that is nested too deeply to write is not shown."""
    try:
        text = ast.unparse(node)
    except RecursionError:
        return "..."
    return text if len(text) <= PARTS else f"{text[:60]}..."
