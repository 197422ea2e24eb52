"""A decision about a pattern → ``conduit-patterns.toml`` with it, all else in it as it was.

The file is a person's: comments, order and line ends stay, an entry's lines are changed or added, a new entry
goes to the end. What was written is read again before it takes the old file's place, in one step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from conduitc import places, replacing
from conduitc.curation import LARGEST, VERSION, Decision, parsed

HEAD = f"""\
# How things are done here: what people decided about the conventions that conduitc found.
# `conduitc introspect APP patterns review` writes this file; it may be edited by hand.
version = {VERSION}
"""
_HEADER = re.compile(r"\s*\[")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Undecided(Exception):
    """Why the decision could not be written, in words that follow the file's name."""


def decide(file: Path, decision: Decision, template: str = "") -> None:
    """Write ``decision`` into ``file``; ``template`` is written beside a new entry, for readers.

    Raises:
        Undecided: the file cannot be understood or written; it is as it was.
    """
    file = Path(os.path.realpath(file))
    try:
        old = file.read_bytes() if file.exists() else None
    except OSError as error:
        raise Undecided(f"cannot be read: {error.strerror}") from None
    new = with_decision(old, decision, template)
    try:
        replacing.replace(file, new, old)
    except replacing.Changed:
        raise Undecided("was changed meanwhile: nothing was written; review again") from None
    except OSError as error:
        raise Undecided(f"cannot be written: {error.strerror}") from None


def with_decision(old: bytes | None, decision: Decision, template: str = "") -> bytes:
    """The bytes of the file with the decision in it; ``old`` is None where there is no file yet.

    Raises:
        Undecided: the old file cannot be understood, or has the entry in a form that is not changed here.
    """
    data = HEAD.encode() if old is None or not old.strip() else old
    before = parsed(data, "")
    if not before.decisions and before.diagnostics:
        raise Undecided(before.diagnostics[0].message.removeprefix(places.PATTERNS).strip())
    text = data.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    lines = _LINE.findall(text)
    place = _header(lines, decision.id)
    if place is None:
        lines = _appended(lines, decision, template, end)
    else:
        lines = _changed(lines, place, decision, end)
    bom = data[:3] if data.startswith(b"\xef\xbb\xbf") else b""
    new = bom + "".join(lines).encode()
    after = parsed(new, "")
    if after.decisions != {**before.decisions, decision.id: decision} or len(new) > LARGEST:
        raise Undecided(f"has {decision.id} in a form that is not changed here: decide there by hand")
    return new


def _header(lines: Sequence[str], id_: str) -> int | None:
    """The line with the entry's header."""
    short = re.escape(id_.partition(":")[2])
    header = re.compile(rf"""\s*\[\s*pattern\s*\.\s*(["'])(?:pattern:)?{short}\1\s*\]""")
    return next((n for n, line in enumerate(lines) if header.match(line)), None)


def _appended(lines: Sequence[str], decision: Decision, template: str, end: str) -> list[str]:
    made = [*lines]
    if made and not made[-1].endswith("\n"):
        made[-1] += end
    made += [end] if made and made[-1].strip() else []
    made.append(f'[pattern."{decision.id.partition(":")[2]}"]{end}')
    made += [f"{key} = {value}{end}" for key, value in _values(decision).items()]
    return [*made, f"template = {quoted(template)}{end}"] if template else made


def _changed(lines: Sequence[str], header: int, decision: Decision, end: str) -> list[str]:
    """Values of the entry in their own lines, comments behind them kept; what is new after the header."""
    last = next((n for n in range(header + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    made = [*lines]
    if not made[header].endswith("\n"):
        made[header] += end
    values = _values(decision)
    new = [f"{key} = {value}{end}" for key, value in values.items()]
    for n in range(last - 1, header, -1):
        found = _assignment(made[n])
        if found is None:
            continue
        key, comment = found
        line = f"{key} = {values.get(key)}"
        if f"{line}{end}" in new:
            new.remove(f"{line}{end}")
            made[n] = f"{line}{comment}{end}"
        elif key == "name":
            made[n] = f"{comment.lstrip()}{end}" if comment else ""
    return [*made[: header + 1], *new, *made[header + 1 :]]


_ASSIGNED = re.compile(
    r"""\s*(decision|name)\s*=\s*(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s#"']+)(\s*#[^\r\n]*)?\s*$"""
)


def _assignment(line: str) -> tuple[str, str] | None:
    """The key of a line that we may write, and the comment at its end."""
    found = _ASSIGNED.match(line)
    return (found[1], (found[2] or "").rstrip()) if found else None


def _values(decision: Decision) -> dict[str, str]:
    values = {"decision": quoted(decision.state)}
    return {**values, "name": quoted(decision.name)} if decision.name else values


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """A basic string of TOML on one line; half a character, which no file can hold, becomes ``?``."""
    whole = text.encode("utf-8", "replace").decode()
    escaped = (_ESCAPES.get(c) or (c if c.isprintable() else _by_number(c)) for c in whole)
    return f'"{"".join(escaped)}"'


def _by_number(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
