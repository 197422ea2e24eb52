"""Which framework a program is written for, by its text, before any of it is executed."""

from __future__ import annotations

import re
from collections.abc import Callable

from conduitc import places
from conduitc.frontend.project import Target
from conduitc.frontend.source import peek

Locate = Callable[[str], tuple[str, bool] | None]
FRAMEWORKS = ("conduit", "fastapi", "starlette", "flask")
INSTALLED = ("site-packages", "dist-packages")
# line ends are found fast, which ``^`` is not
_NAMED = re.compile(rf"\n[ \t]*(?:from|import)[ \t]+({'|'.join(FRAMEWORKS)})\b")
_IMPORT = re.compile(r"\n(?: {4})?(?:from +([.\w]+) +import +(\([^)]*\)|[^\n#]*)|import +([^\n#]*))")
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
        named = set(_NAMED.findall("\n" + text))
        if named or len(waiting) > _MODULES:
            return next((one for one in FRAMEWORKS if one in named), "conduit")
        package = name if found is not None and found[1] else name.rpartition(".")[0]
        waiting += [one for one in imports_of(text, package, locate) if one not in waiting]
    return "conduit"


def imports_of(text: str, package: str, locate: Locate) -> list[str]:
    """The modules of the project that one in ``package`` imports at its top level, with their packages."""
    named: dict[str, None] = {}
    for origin, words, plain in _IMPORT.findall("\n" + text):
        if plain:
            for one in plain.split(","):
                named.update(dict.fromkeys(_with_parents(one.split()[0] if one.split() else "", locate)))
            continue
        base = _absolute(package, origin)
        named.update(dict.fromkeys(_with_parents(base, locate)))
        found = locate(base) if base in named else None
        if found is not None and found[1]:
            inner = (f"{base}.{one}" for one in _WORD.findall(words))
            named.update((one, None) for one in inner if locate(one) is not None)
    return list(named)


def _with_parents(name: str, locate: Locate) -> list[str]:
    parts = name.split(".")
    if not parts[0] or locate(parts[0]) is None or locate(name) is None:
        return []
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _absolute(package: str, origin: str) -> str:
    level = len(origin) - len(origin.lstrip("."))
    if not level:
        return origin
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, *filter(None, [origin[level:]])])
