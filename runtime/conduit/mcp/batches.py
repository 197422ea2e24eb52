"""Several messages in one array, which only 2025-03-26 knows → what each of them is answered with.

In: the bytes of the array, and who answers one message. Out: a ``Batch``; some of its answers may be calls
that are still to run.
"""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING

from msgspec import UNSET

from conduit.mcp import messages
from conduit.mcp.calls import Call
from conduit.mcp.messages import INVALID_REQUEST, PARSE_ERROR, Malformed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conduit.mcp.messages import Id, Message

    #: A message → its answer, now or later; nothing, or the id of a call that is given up.
    Take = Callable[[Message], bytes | Call | Id | None]

#: Messages of one array.
MOST = 100
_blank = re.compile(r"[ \t\r\n]*").match
_element = JSONDecoder().raw_decode


class Batch:
    """``answers`` are those of its requests, in their order; ``given_up`` the ids of calls that are not
    waited for any more.

    Raises:
        Malformed: it is no array of messages at all.
    """

    __slots__ = ("answers", "given_up")

    def __init__(self, raw: bytes, take: Take) -> None:
        self.answers: list[bytes | Call] = []
        self.given_up: list[Id] = []
        for element in [*_elements(raw)]:
            made = _taken(element, take)
            if isinstance(made, bytes | Call):
                self.answers.append(made)
            elif made is not None:
                self.given_up.append(made)

    def ready(self) -> bytes | None:
        """The whole answer, where nothing is still to run; empty where nobody waits for one."""
        known = [one for one in self.answers if isinstance(one, bytes)]
        return joined(known) if len(known) == len(self.answers) else None


def joined(answers: Iterable[bytes]) -> bytes:
    """Several answers as one; nothing where there are none."""
    text = b",".join(answers)
    return b"[%b]" % text if text else b""


def _taken(element: bytes, take: Take) -> bytes | Call | Id | None:
    try:
        message = messages.read(element)
    except Malformed as error:
        return messages.error(error.id, error.code, error.message)
    id_ = None if message.id is UNSET else message.id
    meta = message.meta
    try:
        if message.method == "initialize":
            raise Refused(INVALID_REQUEST, "`initialize` comes alone.")
        if meta is not None and meta.version is not UNSET:
            raise Refused(INVALID_REQUEST, "A message that names its version comes alone.")
        return take(message)
    except Refused as error:
        return error.told(id_)


def _elements(raw: bytes) -> Iterator[bytes]:
    """The text of each element. None is looked for beyond those that may be there, so that a long array of
    nothing costs no more than its bytes."""
    try:
        text = raw.decode()
        at = _after_blanks(text, _after_blanks(text, 0) + 1)
        if text[at : at + 1] == "]":
            raise Malformed(None, INVALID_REQUEST, "An array of messages has one at least.")
        for _ in range(MOST):
            start = at
            _, end = _element(text, start)
            yield text[start:end].encode()
            at = _after_blanks(text, end)
            if text[at : at + 1] == "]" and _after_blanks(text, at + 1) == len(text):
                return
            if text[at : at + 1] != ",":
                raise Malformed(None, PARSE_ERROR, f"This is not JSON: it is no array at character {at}")
            at = _after_blanks(text, at + 1)
    except RecursionError:
        raise Malformed(None, PARSE_ERROR, "This is not JSON: it is nested too deeply") from None
    except ValueError as error:
        raise Malformed(None, PARSE_ERROR, f"This is not JSON: {error}") from None
    raise Malformed(None, INVALID_REQUEST, f"An array has at most {MOST} messages.")


def _after_blanks(text: str, at: int) -> int:
    found = _blank(text, at)
    return at if found is None else found.end()
