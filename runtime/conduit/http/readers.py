"""Readers: how a handler's parameters are made out of a request.

``read(view, faults)`` gives a value; what is wrong goes to ``faults`` as ``(in, path, message)``, so that one
answer can tell all of it. Everything that costs is made by the first request that needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_origin

from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder, decode

from conduit.http.body import not_json
from conduit.http.defaults import filler_of
from conduit.http.errors import HTTPError, Refused
from conduit.http.scalars import OWN_GRAMMAR, Parse, Refusal, checked, parser, split_path, strip_none

if TYPE_CHECKING:
    from conduit.http.entry import Hit, Scope
    from conduit.http.errors import Fault
    from conduit.http.headers import Values

    Reader = Callable[[Values, list[Fault]], Any]


class _Required:
    """The default of what has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()


def scalar_reader(place: str, key: str, kind: str, annotation: Any, default: Any, optional: bool) -> Reader:
    """One value of ``key`` in the query, the headers or the cookies; given twice it is a fault."""
    parse: Parse | None = OWN_GRAMMAR.get(kind) if annotation is None else None
    name = key.lower() if place == "header" else key

    def read(view: Values, faults: list[Fault]) -> Any:
        nonlocal parse
        values = view.lists.get(name)
        if values is None:
            if default is REQUIRED:
                faults.append((place, key, "Missing"))
            return default
        if len(values) > 1:
            faults.append((place, key, "Given more than once"))
            return default
        if parse is None:
            parse = parser(kind, annotation)
        try:
            return parse(values[0])
        except Refusal as refusal:
            faults.append((place, key, str(refusal)))
            return default

    return read


def list_reader(place: str, key: str, annotation: Any, kind: str, default: Any) -> Reader:
    """All values of ``key``; ``kind`` is that of the items, ``annotation`` that of the whole."""
    made: list[tuple[Parse, Any]] = []
    name = key.lower() if place == "header" else key

    def read(view: Values, faults: list[Fault]) -> Any:
        texts = view.lists.get(name)
        if texts is None:
            if default is REQUIRED:
                faults.append((place, key, "Missing"))
            return default
        if not made:
            whole = strip_none(annotation)
            made.append((parser(kind, _item_of(whole)), _of_anything(whole)))
        parse, whole = made[0]
        values, before = [], len(faults)
        for index, text in enumerate(texts):
            try:
                values.append(parse(text))
            except Refusal as refusal:
                faults.append((place, f"{key}[{index}]", str(refusal)))
        if len(faults) > before:
            return default
        try:
            return checked(values, whole)
        except Refusal as refusal:
            faults.append((place, key, str(refusal)))
            return default

    return read


def _item_of(annotation: Any) -> Any:
    """The items' annotation in that of a collection."""
    arguments = getattr(annotation, "__args__", None) or (str,)
    if hasattr(annotation, "__metadata__"):
        return _item_of(arguments[0])
    return arguments[0]


def _of_anything(annotation: Any) -> Any:
    """A collection's annotation without its items', which are made already: its kind and bounds.

    msgspec does not take an enum's member for that enum.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_of_anything(arguments[0]), *arguments[1:])]
    if origin is None:
        return annotation
    return origin[(Any, ...) if origin is tuple else Any]


def body_reader(annotation: Any, default: Any, optional: bool) -> Callable[[bytes, Scope, list[Fault]], Any]:
    """The JSON body. No bytes give the default.

    The reader raises ``HTTPError``: 400 where it does not decode, 415 where it is of another type.
    """
    if default is REQUIRED and optional:
        default = None
    known: Callable[[bytes], Any] | None = None
    fill: Callable[[Any], None] | None = None

    def read(raw: bytes, scope: Scope, faults: list[Fault]) -> Any:
        nonlocal known, fill
        if not raw:
            if default is REQUIRED:
                faults.append(("body", "$", "Missing"))
            return default
        check_type(scope)
        if known is None:
            known, fill = Decoder(annotation).decode, filler_of(annotation)
        try:
            if not raw.isascii():
                raw.decode()
            value = known(raw)
        except ValidationError as error:
            _check_json(raw)
            message, path = split_path(str(error))
            faults.append(("body", path, message))
            return default
        except (DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise not_json(error) from None
        if fill is not None:
            fill(value)
        return value

    return read


def _check_json(raw: bytes) -> None:
    """What does not validate may not even decode, further on: then that is what is wrong with it."""
    try:
        decode(raw)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from None


def check_type(scope: Scope) -> None:
    """Refuse a body that says it is something else than JSON; one that says nothing passes.

    Raises:
        HTTPError: 415.
    """
    ask = getattr(scope, "content_type", None)  # our own protocol's scope need not make all headers for it
    value = _content_type(scope) if ask is None else ask()
    if value is None or value == b"application/json":
        return
    kind = value.partition(b";")[0].strip().lower()
    if kind and kind != b"application/json" and not _has_json_suffix(kind):
        raise HTTPError(415, "the body must be application/json")


def _content_type(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"content-type":
            said: bytes = value
            return said
    return None


def _has_json_suffix(kind: bytes) -> bool:
    return kind.startswith(b"application/") and kind.endswith(b"+json")


def path_reader(position: int, annotation: Any, kind: str) -> Callable[[Hit], Any]:
    """A path value converted further; ``position`` counts path values from 0.

    The reader raises ``Refused`` where the annotation does not accept the value.
    """
    place = position + 1
    parse: Parse | None = None

    def read(hit: Hit) -> Any:
        nonlocal parse
        value = hit[place]
        try:
            if type(value) is str:
                if parse is None:
                    parse = parser(kind, annotation)
                return parse(value)
            return checked(value, annotation)
        except Refusal as refusal:
            raise Refused(str(refusal)) from None

    return read


def refiner(readers: list[Callable[[Hit], Any]]) -> Callable[[Hit], bool]:
    """Whether all these readers accept a hit."""

    def accepts(hit: Hit) -> bool:
        try:
            for read in readers:
                read(hit)
        except Refused:
            return False
        return True

    return accepts
