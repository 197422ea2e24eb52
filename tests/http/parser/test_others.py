"""Beside h11, which comes with uvicorn: what is accepted here, it accepts too and reads alike."""

import os
import random
import re
from typing import Any

import h11
import pytest

from tests.http.corpus import mutated
from tests.http.parser.reading import Read
from tests.http.parser.written import cases

pytestmark = pytest.mark.native

MUTANTS = 200_000 if os.environ.get("CONDUIT_SOAK") else 4_000
#: h11 takes no blank before the semicolon of an extension, which RFC 9112, 7.1.1 asks of those who receive.
BLANK_EXTENSION = re.compile(rb"[0-9a-fA-F\"][ \t]+;")


def text(raw: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte != 92 else f"\\x{byte:02x}" for byte in raw)


def by_h11(raw: bytes) -> list[Any]:
    """Requests: method, target, fields, body, whether they are whole; None where h11 refuses."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    connection.receive_data(raw)
    found: list[Any] = []
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            return [*found, error]
        if isinstance(event, h11.Request):
            found.append([event.method, event.target, event.headers.raw_items(), b"", False])
        elif isinstance(event, h11.Data):
            found[-1][3] += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            found[-1][4] = True
            connection.send(h11.Response(status_code=404, headers=[("content-length", "0")]))
            connection.send(h11.EndOfMessage())
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return found
            connection.start_next_cycle()
        else:
            return found


def whole(told: list[str]) -> list[tuple[str, list[str], str]]:
    """The requests of a transcript that are whole: the line of the head, the fields, the body."""
    found: list[tuple[str, list[str], str]] = []
    for number, line in enumerate(told):
        if line.startswith(("waits", "ends")) or line[:3].isdecimal():
            break
        if line.startswith(("  ", "body", "part")):
            continue
        fields = []
        for after in told[number + 1 :]:
            if not after.startswith("  "):
                break
            fields.append(after[2:])
        after = (told[number + 1 + len(fields) :] or [""])[0]
        words = line.split(" ")
        if ("chunked" in words or re.search(r" length=[1-9]", line)) and not after.startswith("body"):
            break
        found.append((line, fields, after[5:] if after.startswith("body") else ""))
    return found


def difference(told: list[str], raw: bytes) -> str:
    ours, theirs = whole(told), by_h11(raw)
    for number, (line, fields, body) in enumerate(ours):
        if number >= len(theirs):
            return f"not seen: {line}"
        if " skipped=" in line:
            return ""  # h11 has no empty lines between requests; RFC 9112, 2.2 asks servers to pass over them
        if isinstance(theirs[number], Exception):
            return f"refused: {line}: {theirs[number]}"
        method, target, headers, read, done = theirs[number]
        if not done or text(read) != body:
            return f"body: {line}: {body!r} {read!r} {done}"
        if line.split(" ")[0] != text(method):
            return f"method: {line}"
        if [text(name) + "=" + text(value) for name, value in headers] != [
            # h11 writes this value in lower case.
            re.sub("(?i)(=)chunked$", "\\1chunked", one) if one[:18].lower() == "transfer-encoding=" else one
            for one in fields
        ]:
            return f"fields: {line}: {fields} {headers}"
        path, _, query = text(target).partition("?")
        seen = re.search(r" path=(\S*)(?: query=(\S*))?", line)
        if " origin " in line and (not seen or (path, query) != (seen[1], seen[2] or "")):
            return f"target: {line}: {target!r}"
    return ""


def test_beside_h11(read: Read) -> None:
    dice = random.Random(11)
    seeds = [case.raw for case in cases() for _ in range(4 if whole(read(case.raw)) else 1)]
    accepted = 0
    for _ in range(MUTANTS):
        raw = dice.choice(seeds)
        for _ in range(dice.randrange(3)):
            raw = mutated(raw, dice)
        told = read(raw)
        wrong = difference(told, raw.lstrip(b"\r\n"))
        assert not wrong or BLANK_EXTENSION.search(raw), (wrong, raw)
        accepted += bool(whole(told))
    assert accepted > MUTANTS / 5
