"""What a call gives: the dialect's meaning first, then text, containers, builtins, instances."""

from __future__ import annotations

from typing import Any

from conduitc.frontend.builtin_calls import BUILTIN_CALLS
from conduitc.frontend.limits import LENGTH, TURNS, WORK
from conduitc.frontend.loops import turns
from conduitc.frontend.operators import formats
from conduitc.frontend.scope import Call, Frame, implied
from conduitc.frontend.values import (
    Bound,
    Class,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Sequence,
    TypeForm,
    Unknown,
    Value,
    settled,
)

#: Methods of text that are computed.
_TEXT = frozenset(
    [
        "capitalize",
        "casefold",
        "join",
        "lower",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "replace",
        "rstrip",
        "split",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
        "format",
    ]
)

_DYNAMIC_IMPORTS = ("importlib.import_module", "builtins.__import__")


def result(frame: Frame, function: Value, call: Call) -> Value:
    """The value of an evaluated call."""
    made = frame.scope.project.dialect.call(function, call)
    if made is not None:
        return made
    match function:
        case Bound(owner=Const(value=str(text)), name=name) if name in _TEXT:
            return _text_method(text, name, call)
        case Bound(owner=Sequence() as owner, name=name):
            return _sequence_method(owner, name, call)
        case Bound(owner=Mapping() as owner, name=name):
            return _mapping_method(owner, name, call)
        case External(name=name):
            return _external(name, call)
        case Class():
            return _instance(function, call)
        case Function(name=name):
            frame.scope.project.dialect.entered(function, call)
            for given in (*call.positional, *call.keywords.values()):
                if isinstance(given, Sequence | Mapping):
                    given.spoiled = True
            return Unknown(f"{name}() would have to be run", call.span, returned=True)
        case Unknown():
            return function
    return Unknown("a call is not computed at build time", call.span, returned=True)


def _instance(cls: Class, call: Call) -> Value:
    """``Color("red")`` finds the member; any other class makes an instance."""
    given = call.argument("value", 0)
    for one in cls.names.values():
        if isinstance(one, Const) and one.enum and isinstance(given, Const) and one.value == given.value:
            return one
    return Instance(cls, call, {})


def _text_method(text: str, name: str, call: Call) -> Value:
    plain: list[Any] = []
    for value in map(settled, call.positional):
        if isinstance(value, Const) and value.enum is None:
            plain.append(value.value)
        elif (items := turns(value)) is not None and all(isinstance(settled(one), Const) for one in items):
            plain.append([one.value for one in map(settled, items) if isinstance(one, Const)])
        else:
            return (
                value if isinstance(value, Unknown) else Unknown("an argument is not a constant", call.span)
            )
    keywords = {key: value.value for key, value in call.keywords.items() if isinstance(value, Const)}
    if call.open or len(keywords) != len(call.keywords) or (keywords and name != "format"):
        return Unknown("an argument is not a constant", call.span)
    if not _affordable(text, name, plain, keywords, call):
        return Unknown("the text is too long to compute", call.span)
    try:
        made = getattr(text, name)(*plain, **keywords)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        return Unknown(str(error), call.span)
    return Sequence("list", [Const(one) for one in made]) if isinstance(made, list) else Const(made)


def _affordable(text: str, name: str, plain: list[Any], keywords: dict[str, Any], call: Call) -> bool:
    """Whether what a method of text gives is short enough to be computed."""
    if call.scope.project.work > WORK or len(text) > LENGTH:
        return False
    if any(isinstance(one, str) and len(one) > LENGTH for one in plain):
        return False
    match name, plain:
        case "format", _:
            return formats(text, [*plain, *keywords.values()], "{")
        case "zfill", [int() as width]:
            return width <= LENGTH
        case "join", [str() | list() as parts]:
            given = sum(len(one) for one in parts if isinstance(one, str))
            return given + len(text) * len(parts) <= LENGTH
        case "replace", [str() as old, str() as new, *_]:
            return len(text) + text.count(old) * len(new) <= LENGTH
        case "split", _:
            return len(text) <= TURNS
    return True


def _sequence_method(owner: Sequence, name: str, call: Call) -> Value:
    if name in ("index", "count", "copy", "__len__"):
        return Sequence(owner.kind, list(owner.items), owner.spoiled) if name == "copy" else _not_run(call)
    values = call.positional
    certain = implied(call.guards, owner.made) and not (call.endless or call.open)
    if certain and name in ("append", "add") and len(values) == 1:
        owner.items.append(values[0])
    elif (
        certain
        and name in ("extend", "update")
        and len(values) == 1
        and (more := turns(values[0])) is not None
    ):
        owner.items.extend(more)
    elif certain and name == "insert" and len(values) == 2 and (at := _index(values[0])) is not None:
        owner.items.insert(at, values[1])
    elif certain and name in ("clear", "reverse"):
        getattr(owner.items, name)()
    else:
        owner.spoiled = True
        return _not_run(call)
    return Const(None)


def _index(value: Value) -> int | None:
    known = value.value if isinstance(value, Const) else None
    return known if isinstance(known, int) and abs(known) <= TURNS else None


def _mapping_method(owner: Mapping, name: str, call: Call) -> Value:
    if owner.spoiled:
        return _not_run(call)
    key = call.argument("", 0)
    certain = implied(call.guards, owner.made) and not call.endless
    match name:
        case "items":
            return Sequence("list", [Sequence("tuple", [Const(k), v]) for k, v in owner.items.items()])
        case "keys":
            return Sequence("list", [Const(k) for k in owner.items])
        case "values":
            return Sequence("list", list(owner.items.values()))
        case "copy":
            return Mapping(dict(owner.items))
        case "get" if isinstance(key, Const):
            return owner.items.get(key.value) or call.argument("", 1) or Const(None)
        case "update" if isinstance(key, Mapping) and certain:
            owner.items.update(key.items)
            return Const(None)
        case "setdefault" if isinstance(key, Const) and certain:
            return owner.items.setdefault(key.value, call.argument("", 1) or Const(None))
    owner.spoiled = True
    return _not_run(call)


def _not_run(call: Call) -> Unknown:
    return Unknown("a call is not computed at build time", call.span, returned=True)


def _external(name: str, call: Call) -> Value:
    act = BUILTIN_CALLS.get(name)
    if act is not None and not call.open:
        call.positional = [settled(one) for one in call.positional]
        return (act(call) if call.scope.project.work <= WORK else None) or _not_run(call)
    if name in _DYNAMIC_IMPORTS:
        what = call.scope.source.snippet(call.node)
        call.scope.project.unresolved.append((what, "the module is imported by a call", call.span))
        return Unknown("the module is imported by a call", call.span)
    if name in ("typing.cast", "typing_extensions.cast") and len(call.positional) == 2:
        return call.positional[1]
    if name in ("typing.NewType", "typing_extensions.NewType") and len(call.node.args) == 2:
        return TypeForm(None, call.node.args[1], call.scope)
    return Instance(External(name), call, {})
