"""What is said of functions is held against what they do: each provable case is executed for real.

A function's ``constant`` is what it returns, its ``returned`` type is what it returns, whatever it is given.
"""

import asyncio
import dataclasses
import inspect
import types
import typing
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from conduitc.ir.nodes import App, Function
from conduitc.ir.types import (
    ArrayOf,
    Constrained,
    DictOf,
    External,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    text,
)
from tests.effects.test_cases import cases, read
from tests.frontend.programs import executed

HERE = Path(__file__).parent
CASES = [
    (name, files)
    for file in ("proven.test", "constant.test", "unproven.test")
    for name, files, _ in cases(HERE / file)
    if name
    not in ("outside", "starred-import", "patched-library")  # needs other libraries, or harms this process
]
EXAMPLES: dict[object, object] = {
    int: 3, str: "7", float: 2.5, bool: True, bytes: b"x", Decimal: Decimal("1.5"), dict: {"a": 1},
    UUID: UUID(int=7), datetime: datetime(2026, 1, 2), list: ["a"],
}  # fmt: skip
SCALARS = {
    "none": type(None), "bool": bool, "int": int, "float": float, "str": str, "bytes": bytes, "uuid": UUID,
    "datetime": datetime, "decimal": Decimal,
}  # fmt: skip


def example(annotation: object) -> object:
    """A value of an annotated type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in EXAMPLES:
        return EXAMPLES[annotation]
    if origin in (typing.Union, types.UnionType):
        return example(arguments[0])
    if origin in (list, set):
        return origin([example(arguments[0])])
    if origin is tuple:
        return tuple(example(one) for one in arguments)
    if origin is dict:
        return {example(arguments[0]): example(arguments[1])}
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if dataclasses.is_dataclass(annotation) or (
        isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)
    ):
        hints = typing.get_type_hints(annotation)
        return annotation(**{name: example(hint) for name, hint in hints.items()})
    raise LookupError(annotation)


def conforms(value: object, type_: Type) -> bool:
    """Is ``value`` exactly of the type, inside too?"""
    match type_:
        case Scalar(kind=kind):
            return type(value) is SCALARS[kind]
        case ArrayOf(kind=kind, item=item):
            return type(value).__name__ == kind and all(conforms(one, item) for one in value)
        case TupleOf(items=items):
            return type(value) is tuple and all(map(conforms, value, items))
        case DictOf(key=key, value=inner):
            return type(value) is dict and all(
                conforms(name, key) and conforms(one, inner) for name, one in value.items()
            )
        case UnionOf(items=items):
            return any(conforms(value, one) for one in items)
        case Constrained(base=base):
            return conforms(value, base)
        case Ref(id=id_):
            return type(value).__qualname__ == id_.rpartition(".")[2]
        case External(name=name):
            return type(value).__name__ == name.rpartition(".")[2]
    raise TypeError(type_)


def arguments(function: object) -> dict[str, object]:
    """Values for the annotated parameters; a default stands for itself."""
    hints = typing.get_type_hints(function)
    return {
        name: example(hints[name])
        for name, one in inspect.signature(function).parameters.items()  # type: ignore[arg-type]
        if one.default is inspect.Parameter.empty or hints.get(name) in EXAMPLES
    }


def check(function: Function, real: object) -> bool:
    """Call it, if it can be called; say whether that told anything."""
    effects = function.effects
    if effects.constant is None and effects.returned is None:
        return False
    if effects.constant is None and (effects.blocking or effects.unproven or function.is_generator):
        return False
    try:
        given = arguments(real)
    except LookupError:
        given = {"request": None} if effects.unused_parameters == ("request",) else None
    except KeyError:  # a parameter without annotation
        given = dict.fromkeys(effects.unused_parameters)
    if given is None:
        return False
    try:
        value = real(**given)  # type: ignore[operator]
    except (TypeError, ValueError, ZeroDivisionError, KeyError):
        return False
    if inspect.iscoroutine(value):
        value = asyncio.run(value)
    if effects.constant is not None:
        assert msgspec.json.encode(value) == msgspec.json.encode(effects.constant.value)
    if effects.returned is not None:
        assert conforms(value, effects.returned), f"{value!r} is no {text(effects.returned)}"
    return True


def checked(app: App, folder: Path) -> int:
    told = 0
    with executed(folder, "app") as module:
        for function in app.functions:
            if function.module == "app" and function.opaque is None and "." not in function.qualname:
                told += check(function, getattr(module, function.qualname))
    return told


@pytest.mark.parametrize(("name", "files"), CASES, ids=[name for name, _ in CASES])
def test_what_is_said_holds(name: str, files: dict[str, str], tmp_path: Path) -> None:
    app = read(files, tmp_path)
    told = checked(app, tmp_path)
    if name in ("literals", "builtins", "modules", "classes", "flow", "static"):
        assert told >= 2
