r"""Cases as plain text: bytes of a connection, and what is read of them.

A case begins with ``[name]``, in which ``head=``, ``fields=``, ``target=`` and ``extra=`` set limits. Its
lines are sent with CR LF at their ends; a line that ends with ``\`` has none. ``\r``, ``\n``, ``\t``,
``\\`` and ``\x00`` are bytes, ``\{a*70}`` is seventy times ``a``. After ``--`` stands the transcript: a
line per head and per body that has one (``part``: it is unfinished), and how it ends: nothing (at the end
of a request), ``waits``, ``ends`` (nothing after this is read) or status and sentence. Fields are told only
where the case tells them.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.http.parser.reading import LIMITS

HERE = Path(__file__).parent
_NAMES = ("head", "fields", "target", "extra")
_BYTES = re.compile(r"\\(?:(r)|(n)|(t)|(\\)|x([0-9a-f]{2})|\{(.+?)\*(\d+)\})")


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    expected: list[str]
    limits: tuple[int, ...]


def _byte(found: re.Match[str]) -> str:
    if found[5]:
        return chr(int(found[5], 16))
    if found[6]:
        return _BYTES.sub(_byte, found[6]) * int(found[7])
    return {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}[found[0][1]]


def _raw(lines: list[str]) -> bytes:
    text = ""
    for line in lines:
        open_end = line.endswith("\\") and not line.endswith("\\\\")
        text += _BYTES.sub(_byte, line.removesuffix("\\") if open_end else line) + (
            "" if open_end else "\r\n"
        )
    return text.encode("latin-1")


def cases() -> list[Case]:
    found = []
    for path in sorted(HERE.glob("*.test")):
        for part in re.split(r"^\[", path.read_text("utf-8"), flags=re.M)[1:]:
            title, _, text = part.partition("]\n")
            sent, _, expected = text.partition("\n--\n")
            name, *settings = title.split(" | ")
            given = dict(one.split("=") for one in " ".join(settings).split())
            limits = tuple(int(given.pop(key, usual)) for key, usual in zip(_NAMES, LIMITS, strict=True))
            assert not given, title
            # Empty lines before the next case are for the eye; those of the request stand before "--".
            wanted = [line for line in expected.split("\n") if line]
            found.append(Case(f"{path.stem}: {name}", _raw(sent.split("\n")), wanted, limits))
    return found
