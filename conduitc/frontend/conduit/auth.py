"""What is given as ``auth=`` → what is known of it at build time, without its secrets.

The object itself is made when the program runs, and its settings mostly come from the environment; what
stands in the source as a constant is checked, and told to who reads the metadata.
"""

from __future__ import annotations

import ast

from conduitc.frontend.conduit.records import Record
from conduitc.frontend.conduit.static import WRONG_VALUE
from conduitc.frontend.constants import constant
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Class, Const, External, Function, Instance, Mapping, Sequence, Value
from conduitc.ir.nodes import Auth, Constant

#: Class → what may be given by place; by their names in ``conduit`` and in ``conduit.auth``.
_CLASSES = {"BearerJWT": "keys", "Bearer": "verify"}
_KINDS = {f"{module}.{name}": name for name in _CLASSES for module in ("conduit", "conduit.auth")}
#: Arguments that are no secrets.
_TOLD = ("audience", "issuer", "scopes", "algorithm")


def auth_of(record: Record) -> Auth | None:
    """What ``enable_mcp(...)`` asks of callers; None where anybody may call."""
    value = record.details.get("auth") if isinstance(record.details, dict) else None
    if not isinstance(value, Value) or (isinstance(value, Const) and value.value is None):
        return None
    match value:
        case Instance(cls=External(name=name), call=Call() as call) if name in _KINDS:
            kind = _KINDS[name]
            keys = call.argument(_CLASSES[kind], 0) if kind == "BearerJWT" else None
            facts = [(name, found) for name in _TOLD if (found := _constant(call, name)) is not None]
            if isinstance(keys, Const) and str(keys.value).startswith(("https://", "http://")):
                facts.append(("keys", Constant(keys.value, repr(keys.value))))
            return Auth(kind, tuple(facts), call.span, _is_secret(keys, facts))
        case Const() | Sequence() | Mapping() | External() | Class() | Function():
            node, wanted = _given(record.node), "a `BearerJWT(...)` or a `Bearer(...)`"
            span, text = record.scope.span(node), record.scope.source.snippet(node)
            record.scope.report(WRONG_VALUE.at(span, what="`auth=`", wanted=wanted, text=text))
    return Auth("", (), record.span)


def _given(node: ast.expr) -> ast.expr:
    """The expression of ``auth=``, where it stands in the call itself."""
    keywords = node.keywords if isinstance(node, ast.Call) else []
    return next((one.value for one in keywords if one.arg == "auth"), node)


def _constant(call: Call, name: str) -> Constant | None:
    value = call.argument(name)
    return None if value is None else constant(value, call.scope.source.snippet(call.node_of(name)))


def _is_secret(keys: Value | None, facts: list[tuple[str, Constant]]) -> bool:
    """Whether the key stands in the source, and whoever knows it can make tokens."""
    shared = any(name == "algorithm" and str(one.value).startswith("HS") for name, one in facts)
    return shared and isinstance(keys, Const)
