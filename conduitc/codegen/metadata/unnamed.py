"""App and patterns → the same without secrets and personal data in names and paths, which stand as they are.

A build refuses such a program (CDT447); it can be asked about all the same, and so can one of another
framework, which is never built. Every place that repeats the name says the same instead, so ids still meet.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from conduitc.codegen.metadata import personal
from conduitc.ir import secrets, told
from conduitc.ir.nodes import App
from conduitc.ir.patterns import Pattern

_Replaced = dict[str, str]


def without_secret_names(app: App, patterns: tuple[Pattern, ...] = ()) -> tuple[App, tuple[Pattern, ...]]:
    """Nearly always the same: only where there is one, all of it is gone through."""
    replaced: _Replaced = {}
    for text in _unwanted(app):
        if text not in replaced:
            count = len(set(replaced.values())) + 1
            instead = secrets.REDACTED if count == 1 else f"[redacted {count}]"
            # as headers are called, and as it stands in a pattern
            replaced |= {text: instead, text.lower(): instead, re.escape(text): instead}
    if not replaced:
        return app, patterns
    longest_first = dict(sorted(replaced.items(), key=lambda pair: -len(pair[0])))
    made = _cleaned(app, longest_first)
    assert isinstance(made, App)
    # a pattern is known by its template, which tells nothing or is not published
    places = tuple(structs.replace(one, **_places(one, longest_first)) for one in patterns)
    return made, places


def _places(one: Pattern, replaced: _Replaced) -> dict[str, Any]:
    fields = ("followers", "exceptions", "example")
    return {name: _cleaned(getattr(one, name), replaced) for name in fields}


def _unwanted(app: App) -> Iterator[str]:
    for one in told.secret(app):
        yield from one.secrets
    for one in told.everything(app):
        for start, stop in personal.spans(one.text):
            yield one.text[start:stop]


def _cleaned(value: object, replaced: _Replaced) -> object:
    """``value`` with every text in it cleaned."""
    if isinstance(value, str):
        return _text(value, replaced)
    if isinstance(value, Struct):
        return _node(value, replaced)
    if isinstance(value, tuple | list):
        made = [_cleaned(one, replaced) for one in value]
        return tuple(made) if isinstance(value, tuple) else made
    if isinstance(value, dict):
        return {_cleaned(key, replaced): _cleaned(one, replaced) for key, one in value.items()}
    return value


def _node(value: Struct, replaced: _Replaced) -> Struct:
    changed: dict[str, Any] = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _cleaned(old, replaced)
        if new != old:
            changed[name] = new
    return structs.replace(value, **changed) if changed else value


def _text(text: str, replaced: _Replaced) -> str:
    for secret, instead in replaced.items():
        if secret in text:
            text = text.replace(secret, instead)
    return text
