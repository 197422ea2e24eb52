"""What is given as ``introspection=``, and what pyproject.toml says → what is known of it at build time.

The object itself is made when the program runs, and its token comes from the environment; what stands in the
source as a constant is checked.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from conduitc import places
from conduitc.frontend.conduit.options import INTROSPECTION, read_options
from conduitc.frontend.conduit.records import Owner, Record
from conduitc.frontend.conduit.static import WRONG_VALUE
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, Const, External, Function, Instance, Mapping, Sequence, Value
from conduitc.ir.nodes import Introspection

_CLASSES = ("conduit.Introspection", "conduit.introspection.Introspection")
_WHAT = "Introspection(...)"
_RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
#: Option → what a constant must be, in words; ``_fits`` looks.
_WANTED = {
    "enabled": "True or False",
    "token": "a string, or a list of strings",
    "rate_limit": 'a text such as "100/second"',
    "memory_limit_mb": "a number above 0",
    "audit": "the path of a file",
}


def introspection_of(owner: Owner, root: Path) -> Introspection | None:
    """Whether, and how, the app answers questions about itself; None where it never does."""
    value = owner.options.get("introspection")
    asked = _asked(places.home_of(root))
    if not isinstance(value, Value) or (isinstance(value, Const) and value.value is None):
        return Introspection(True, True, owner.own.span) if asked else None
    match value:
        case Instance(cls=External(name=name), call=Call() as call) if name in _CLASSES:
            found = _read(call)
            said = found.get("enabled", Const(None))
            enabled = said.value if isinstance(said, Const) else None
            known = isinstance(said, Const) and isinstance(enabled, bool | None)
            if known and not (asked if enabled is None else enabled):
                return None
            return Introspection(
                True if known else None, asked, call.span, any(map(_is_text, _items(found.get("token"))))
            )
        case Const() | Sequence() | Mapping() | External() | Class() | Function():
            _refuse(owner.own, value)
    return Introspection(None, asked, owner.own.span)


def _read(call: Call) -> dict[str, Value]:
    """The arguments; a constant that cannot be one is reported."""
    options = read_options(call, INTROSPECTION, _WHAT)
    found = {name: value for name, value in options.items() if isinstance(value, Value)}
    for name, value in found.items():
        plain = [one.value for one in _items(value) if isinstance(one, Const)]
        if len(plain) == len(_items(value)) and not _fits(name, plain, isinstance(value, Sequence)):
            node = call.node_of(name)
            call.scope.report(
                WRONG_VALUE.at(
                    call.scope.span(node),
                    what=f"`{name}=` of {_WHAT}",
                    wanted=_WANTED[name],
                    text="…" if name == "token" else call.scope.source.snippet(node),
                )
            )
    return found


def _items(value: Value | None) -> list[Value]:
    if isinstance(value, Sequence):
        return list(value.items)
    return [] if value is None else [value]


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)


def _fits(name: str, values: list[object], several: bool) -> bool:
    """Whether constants are what an option takes; None is as if it were not given."""
    if name == "token":
        return (several and bool(values) and all(isinstance(one, str) for one in values)) or (
            not several and isinstance(values[0], str | None)
        )
    if several:
        return False
    value = values[0]
    if name == "enabled":
        return isinstance(value, bool | None)
    if name == "memory_limit_mb":
        return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    if name == "rate_limit":
        return isinstance(value, str) and _RATE.fullmatch(value) is not None
    return value is None or (isinstance(value, str) and bool(value))


def _refuse(record: Record, value: Value) -> None:
    keywords = record.node.keywords if isinstance(record.node, ast.Call) else []
    node = next((one.value for one in keywords if one.arg == "introspection"), record.node)
    record.scope.report(
        WRONG_VALUE.at(
            record.scope.span(node),
            what="`introspection=`",
            wanted="an `Introspection(...)`",
            text=record.scope.source.snippet(node),
        )
    )


def _asked(home: Path) -> bool:
    """What pyproject.toml says under ``[tool.conduit.introspection] enabled``.

    A file that cannot be read is told of by the build, which needs it too.
    """
    try:
        text = (home / places.SETTINGS).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "introspection" not in text:
        return False
    import tomllib

    try:
        settings = tomllib.loads(text)
        return settings.get("tool", {}).get("conduit", {}).get("introspection", {}).get("enabled") is True
    except (tomllib.TOMLDecodeError, AttributeError):
        return False
