"""Mutants of programs: bytes and tokens deleted, doubled, exchanged, replaced. From a seed, so the same again."""

# ruff: noqa: E501 (a program in a line)

from __future__ import annotations

import random
import re
from pathlib import Path

from conduitc.report.rules import all_rules

Program = dict[str, bytes]

EXAMPLES = Path(__file__).parents[2] / "examples"
_TOKEN = re.compile(r"\s+|#[^\n]*|'''.*?'''|\"\"\".*?\"\"\"|'[^'\n]*'|\"[^\"\n]*\"|\w+|.", re.S)
#: What a token may become besides one of the others.
ODD = [
    "", " ", "\n", "(", ")", "[", "]", "{", "}", ":", "=", "==", ":=", "*", "**", "->", "@", ",", ".", "...", "\\",
    "None", "True", "0", "-1", "1e999", "1j", "10**30", "0x" + "f" * 40, "''", "'\\ud800'", "'\\0'", "b'x'", "f'{x}'",
    "lambda: 1", "lambda", "not", "await", "yield", "return", "class", "def", "async def", "if", "else", "for", "while",
    "try", "except", "with", "match", "case", "import", "from", "global", "nonlocal", "del", "pass", "break", "in", "is",
    "int", "str", "list[int]", "dict", "app", "request", "self", "undefined", "_slot", "*args", "**kwargs", "é", "ﬁ", "\u202e",
    "\f", "\t", "\r", "\r\n", "\u2028", "\ufeff", "\x00", "'" , '"', "'''", "#", "# conduit: ignore[CDT200]", "'/{id:int}'", "'/:id'",
]  # fmt: skip


def corpus() -> list[Program]:
    """The examples, and every case of every rule."""
    found = []
    for entry in sorted(EXAMPLES.glob("*/app.py")):
        files = sorted(entry.parent.rglob("*.py"))
        found.append({path.relative_to(entry.parent).as_posix(): path.read_bytes() for path in files})
    for rule in all_rules():
        for case in filter(None, (rule.good, rule.bad)):
            parts = re.split(r"^# file: (\S+)\n", case, flags=re.M)
            files = dict(zip(parts[1::2], parts[2::2], strict=True))
            files.setdefault("app.py", parts[0])
            found.append({name: text.encode() for name, text in files.items()})
    return found


def mutant(programs: list[Program], seed: int) -> Program:
    """One of the programs with one to three changes in one of its files."""
    random_ = random.Random(seed)
    program = dict(random_.choice(programs))
    file = random_.choice(sorted(name for name in program if name.endswith(".py")))
    data = program[file]
    for _ in range(random_.choice((1, 1, 2, 3))):
        data = random_.choice((_of_bytes, _of_tokens, _of_tokens, _of_words, _of_words))(data, random_)
    return {**program, file: data}


def _of_bytes(data: bytes, random_: random.Random) -> bytes:
    at = random_.randrange(len(data) + 1)
    end = min(len(data), at + random_.choice((1, 1, 2, 10, 100)))
    match random_.randrange(6):
        case 0:
            return data[:at] + data[end:]
        case 1:
            return data[:at] + bytes([random_.randrange(256)]) + data[at:]
        case 2:
            return data[:at] + bytes([random_.randrange(256)]) + data[at + 1 :]
        case 3:
            return data[:at] + data[at:end] * random_.choice((2, 3, 50)) + data[end:]
        case 4:
            return data[:at]
    other = random_.randrange(len(data) + 1)
    return data[:at] + data[other : other + 20] + data[at:]


def _of_words(data: bytes, random_: random.Random) -> bytes:
    """A name, number or string becomes another: mostly still Python."""
    tokens = _TOKEN.findall(data.decode(errors="replace"))
    words = [n for n, one in enumerate(tokens) if one[0].isalnum() or one[0] in "'\"_"]
    if words:
        at = random_.choice(words)
        alike = [tokens[n] for n in words if tokens[n][0].isalnum() == tokens[at][0].isalnum()]
        tokens[at] = random_.choice(alike if random_.random() < 0.7 else ODD)
    return "".join(tokens).encode()


def _of_tokens(data: bytes, random_: random.Random) -> bytes:
    tokens = _TOKEN.findall(data.decode(errors="replace"))
    if not tokens:
        return data
    at, other = random_.randrange(len(tokens)), random_.randrange(len(tokens))
    match random_.randrange(7):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            tokens[at] = random_.choice(ODD)
        case 4:
            tokens.insert(at, random_.choice(ODD))
        case 5:
            tokens[at] = tokens[other]
        case 6:
            first, last = sorted((at, other))
            tokens[first:last] = [] if last - first < 30 else tokens[first : first + 3]
    return "".join(tokens).encode()
