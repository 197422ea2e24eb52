"""Which framework a program is written for, by its text, before any of it is executed."""

from __future__ import annotations

import re
from collections.abc import Callable

from conduitc import places
from conduitc.frontend.project import Target
from conduitc.frontend.source import peek

FRAMEWORKS = ("conduit", "fastapi", "starlette", "flask")
INSTALLED = ("site-packages", "dist-packages")
_NAMED = re.compile(rf"^[ \t]*(?:from|import)[ \t]+({'|'.join(FRAMEWORKS)})\b", re.M)
_IMPORT = re.compile(
    r"^ {0,4}(?:from[ ]+([.\w]+)[ ]+import[ ]+(\([^)]*\)|[^\n#]*)|import[ ]+([^\n#]*))", re.M
)
_WORD = re.compile(r"\w+")
#: So many modules are looked into, at most.
_MODULES = 300


def dialect_of(target: Target) -> str:
    """``conduit``, ``fastapi``, ``starlette`` or ``flask``: what the entry imports, else what it leads to."""
    top = target.module.partition(".")[0] if target.root.name in INSTALLED else ""

    def locate(name: str) -> tuple[str, bool] | None:
        return places.search(target.root, name) if not top or name.partition(".")[0] == top else None

    waiting = [target.module]
    for name in waiting:
        found = locate(name)
        text = peek(target.root / found[0]) if found is not None and found[0] else ""
        named = set(_NAMED.findall(text))
        if named or len(waiting) > _MODULES:
            return next((one for one in FRAMEWORKS if one in named), "conduit")
        package = name if found is not None and found[1] else name.rpartition(".")[0]
        waiting += [one for one in imports_of(text, package, locate) if one not in waiting]
    return "conduit"


def imports_of(text: str, package: str, locate: Callable[[str], object]) -> list[str]:
    """The modules of the project that one in ``package`` imports at its top level, with their packages."""
    named: dict[str, None] = {}
    for origin, words, plain in _IMPORT.findall(text):
        if plain:
            wanted = [one.split()[0] for one in plain.split(",") if one.split()]
        else:
            base = _absolute(package, origin)
            wanted = [base, *(f"{base}.{one}" for one in _WORD.findall(words))]
        for one in wanted:
            parts = one.split(".")
            if parts[0] and locate(parts[0]) is not None:
                named.update((".".join(parts[:end]), None) for end in range(1, len(parts) + 1))
    return [one for one in named if locate(one) is not None]


def _absolute(package: str, origin: str) -> str:
    level = len(origin) - len(origin.lstrip("."))
    if not level:
        return origin
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, *filter(None, [origin[level:]])])
