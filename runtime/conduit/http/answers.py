"""Values that handlers return → answers.

An answer is a pair of ASGI messages where everything is known, or a ``Response``. ``answer_any`` holds the
whole table of the language; ``answer_json`` is for values that the compiler proved to be plain JSON material.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gc import is_tracked
from types import AsyncGeneratorType, GeneratorType
from typing import TYPE_CHECKING, Any

from conduit.http.classes import has_fields
from conduit.http.declared import Filter, filter_of
from conduit.http.encode import encode_json, encode_plain
from conduit.http.entry import Folded
from conduit.http.response import BODILESS, HTML, Response, Text, check_status, start_message, typed_pairs
from conduit.http.stream import Stream

if TYPE_CHECKING:
    from conduit.http.entry import Answer, Pair

JSON_PAIR = (b"content-type", b"application/json")
#: How many lengths of a body have their header made beforehand.
KEPT = 1024
_OCTETS = (b"content-type", b"application/octet-stream")
#: What most handlers return: encoded without a question.
_COMMON = frozenset({dict, list, str, int, float, bool})
_BYTES = (bytes, bytearray, memoryview)
_UNFILTERED = (Response, bytes, bytearray, memoryview, GeneratorType, AsyncGeneratorType)


def length_pair(size: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % size


LENGTHS = tuple(map(length_pair, range(KEPT)))


@cache
def _is_record(kind: Any) -> bool:
    """Whether its values are JSON objects: nothing else of the table applies to them."""
    return has_fields(kind)


@cache  # one function for all routes of a status: what they share stays in the processor's cache
def answer_json(status: int) -> Callable[[object], Pair]:
    """For values proven to be plain: dictionaries, lists, text, numbers, flat classes; no sets."""
    if status in BODILESS:
        return lambda value: empty(status)

    def answer(value: object) -> Pair:
        body = encode_plain(value)
        return (
            {
                "type": "http.response.start",
                "status": status,
                "headers": [JSON_PAIR, LENGTHS[size] if (size := len(body)) < KEPT else length_pair(size)],
            },
            {"type": "http.response.body", "body": body},
        )

    return answer


@cache
def answer_any(status: int) -> Callable[[Any], Answer]:
    """For values of which nothing is known: the value decides."""

    common: set[Any] = set() if status in BODILESS else set(_COMMON)

    def answer(value: Any) -> Answer:
        kind: Any = type(value)
        if kind not in common:
            if not (common and _is_record(kind)):
                return _answer_rare(value, status, explicit=False)
            common.add(kind)
        # a dictionary that the collector does not track holds atoms only
        flat = kind is dict and not is_tracked(value)
        body = encode_plain(value) if flat else encode_json(value)
        return (
            {
                "type": "http.response.start",
                "status": status,
                "headers": [JSON_PAIR, LENGTHS[size] if (size := len(body)) < KEPT else length_pair(size)],
            },
            {"type": "http.response.body", "body": body},
        )

    return answer


def answer_declared(status: int, annotation: Any, *, validate: bool = False) -> Callable[[Any], Answer]:
    """As ``answer_any``, but what is encoded is kept to the declared type; ``validate`` also checks it.

    ``-> HTML`` and ``-> Text`` say how text is sent.
    """
    plain = answer_any(status)
    whole: frozenset[type] = frozenset()
    if annotation in (HTML, Text):

        def page(value: Any) -> Answer:
            text, own = value if isinstance(value, tuple) and len(value) == 2 else (value, status)
            made: Answer = annotation(text, own) if isinstance(text, str) else plain(value)
            return made

        return page
    filters: list[Filter] = []

    def answer(value: Any) -> Answer:
        nonlocal whole
        if type(value) in whole:
            return plain(value)
        if value is None or isinstance(value, _UNFILTERED):
            return plain(value)
        if not filters:  # made by the first answer: start-up pays nothing
            filters.append(filter_of(annotation, validate=validate))
            whole = getattr(filters[0], "flat", whole)
        return plain(filters[0](value))

    return answer


def _answer_rare(value: Any, status: int, explicit: bool) -> Answer:
    """``explicit``: the status stands beside the value, so it also goes for no value and for a response."""
    if value is None:
        return empty(204 if status == 200 and not explicit else status)
    if isinstance(value, Response):
        made: Response = value.copied() if explicit else value
        if explicit:
            made.status = status
        return made
    if isinstance(value, tuple) and len(value) == 2 and not hasattr(value, "_fields"):
        inner, own = value[0], check_status(value[1])
        return answer_any(own)(inner) if type(inner) in _COMMON else _answer_rare(inner, own, explicit=True)
    if isinstance(value, _BYTES):
        return _pair(status, _OCTETS, bytes(value))
    if isinstance(value, GeneratorType | AsyncGeneratorType):
        return Stream(value, status, media_type=None)
    return _pair(status, JSON_PAIR, encode_json(value))


def _pair(status: int, kind: tuple[bytes, bytes], body: bytes) -> Pair:
    if status in BODILESS:
        return empty(status)
    length = (b"content-length", b"%d" % len(body))
    return (
        {"type": "http.response.start", "status": status, "headers": [kind, length]},
        {"type": "http.response.body", "body": body},
    )


def empty(status: int) -> Pair:
    """An answer without content."""
    length = None if status in BODILESS else b"0"
    return start_message(status, [], length), {"type": "http.response.body", "body": b""}


def answer_constant(status: int, media_type: str | None, body: bytes) -> Folded:
    """An answer made at build time."""
    start = start_message(
        status, typed_pairs(media_type, None), None if status in BODILESS else b"%d" % len(body)
    )
    return Folded((start, {"type": "http.response.body", "body": b"" if status in BODILESS else body}))


def as_response(answer: Answer) -> Response:
    """An answer as a response of one's own, whose headers can be changed."""
    if isinstance(answer, Response):
        return answer.copied()
    start, body = answer
    made = Response(body["body"], start["status"])
    made.headers.pairs.extend(pair for pair in start["headers"] if pair[0] != b"content-length")
    return made
