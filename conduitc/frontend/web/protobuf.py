"""Modules that the protocol buffer compiler made → what their services, extensions and messages are.

Such a module holds its whole content as one serialized ``FileDescriptorProto``; its names are set by calls at
run time. Apps that make routes of a service's methods and their options can be followed with it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, External, Instance, Later, Mapping, Sequence, Value, settled

#: What such a module's text has in it.
MARK = ".AddSerializedFile("

_Fields = dict[int, list[int | bytes]]
_OPTIONS = ".google.protobuf.MethodOptions"
_REPEATED, _BOOL, _STRING, _MESSAGE, _BYTES = 3, 8, 9, 11, 12


class Member(Struct, frozen=True):
    """A field of a message."""

    name: str
    repeated: bool
    type: int
    message: str


class Pool(Struct):
    """Messages by full name, their fields by number; extensions of method options by number."""

    messages: dict[str, dict[int, Member]] = field(default_factory=dict)
    extensions: dict[int, tuple[str, Member]] = field(default_factory=dict)


class Method(Struct, eq=False):
    """A method of a service, and the options that ``GetOptions()`` gives."""

    options: Value


def enrich(scope: Scope, pool: Pool) -> None:
    """Give a module the names that its descriptor defines."""
    data = next(_serialized(scope.source.tree), None)
    if data is None:
        return
    for value in list(scope.names.values()):
        if isinstance(value, Later) and value.what.endswith("_pb2"):
            settled(value)  # the descriptors that this one refers to
    try:
        _define(scope, pool, _read(data))
    except (ValueError, IndexError, UnicodeDecodeError):
        return  # the names stay unknown


def _serialized(tree: ast.AST) -> Iterator[bytes]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="AddSerializedFile"), args=[ast.Constant(value=bytes() as data)]
            ):
                yield data


def _define(scope: Scope, pool: Pool, file: _Fields) -> None:
    package = _word(file, 2)
    prefix = f".{package}" if package else ""
    for message in _parts(file, 4):
        _message(pool, prefix, message)
        name = _word(message, 1)
        scope.names[name] = External(f"{scope.name}.{name}")
    for extension in _parts(file, 7):
        name = _word(extension, 1)
        if _word(extension, 2) == _OPTIONS:
            pool.extensions[_number(extension, 3)] = (f"{package}.{name}", _member(extension))
        scope.names[name] = Const(f"{package}.{name}")
    for service in _parts(file, 6):
        methods: list[Value] = [_method(pool, one) for one in _parts(service, 2)]
        descriptor = _object("ServiceDescriptor", {"methods": Sequence("list", methods)})
        name = _word(service, 1)
        scope.names[name] = _object("Service", {"DESCRIPTOR": descriptor})


def _message(pool: Pool, prefix: str, message: _Fields) -> None:
    full = f"{prefix}.{_word(message, 1)}"
    pool.messages[full] = {_number(one, 3): _member(one) for one in _parts(message, 2)}
    for inner in _parts(message, 3):
        _message(pool, full, inner)


def _member(one: _Fields) -> Member:
    return Member(_word(one, 1), _number(one, 4) == _REPEATED, _number(one, 5), _word(one, 6))


def _method(pool: Pool, one: _Fields) -> Value:
    given: dict[object, Value] = {}
    for options in _parts(one, 4):
        for number, values in options.items():
            if number in pool.extensions and isinstance(data := values[-1], bytes):
                name, member = pool.extensions[number]
                given[name] = _decoded(pool, member.message, data)
    method = _object("MethodDescriptor", {"name": Const(_word(one, 1))})
    method.state = Method(_object("MethodOptions", {"Extensions": Mapping(given)}))
    return method


def _decoded(pool: Pool, message: str, data: bytes) -> Value:
    """A message as an object with its fields; what is not in it has its type's default."""
    fields = _read(data)
    names: dict[str, Value] = {}
    for number, member in pool.messages.get(message, {}).items():
        found = [_value(pool, member, one) for one in fields.get(number, ())]
        if member.repeated:
            names[member.name] = Sequence("list", found)
        else:
            names[member.name] = found[-1] if found else _value(pool, member, None)
    return _object("Message", names)


def _value(pool: Pool, member: Member, given: int | bytes | None) -> Value:
    if member.type == _MESSAGE:
        return _decoded(pool, member.message, given) if isinstance(given, bytes) else Const(None)
    if member.type == _STRING:
        return Const(given.decode() if isinstance(given, bytes) else "")
    if member.type == _BYTES:
        return Const(given if isinstance(given, bytes) else b"")
    if member.type == _BOOL:
        return Const(bool(given))
    return Const(given if isinstance(given, int) else 0)


def _object(kind: str, names: dict[str, Value]) -> Instance:
    return Instance(External(f"google.protobuf.{kind}"), None, names)


def _parts(fields: _Fields, number: int) -> list[_Fields]:
    return [_read(one) for one in fields.get(number, ()) if isinstance(one, bytes)]


def _word(fields: _Fields, number: int) -> str:
    found = fields.get(number, [b""])[-1]
    return found.decode() if isinstance(found, bytes) else ""


def _number(fields: _Fields, number: int) -> int:
    found = fields.get(number, [0])[-1]
    return found if isinstance(found, int) else 0


def _read(data: bytes) -> _Fields:
    """The fields of a message on the wire.

    Raises:
        ValueError, IndexError: it is none.
    """
    found: _Fields = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value: int | bytes
        match key & 7:
            case 0:
                value, at = _varint(data, at)
            case 2:
                size, at = _varint(data, at)
                value, at = data[at : at + size], at + size
            case 1 | 5 as kind:
                size = 8 if kind == 1 else 4
                value, at = data[at : at + size], at + size
            case _:
                raise ValueError("a kind of field that is not known")
        if at > len(data):
            raise ValueError("it ends early")
        found.setdefault(key >> 3, []).append(value)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number that is too long")
