"""App → ``requirements.txt``: exact versions of the third parties that a build needs, as installed here.

Import names are looked up among what is installed: a distribution may be called otherwise, and one top-level
name may belong to several. What these need themselves is pinned too, where it is installed. No hashes: they
differ from one platform to the next.
"""

import re
from collections.abc import Iterable, Sequence
from importlib import metadata

from msgspec import Struct

from conduitc.ir.nodes import App

#: What serves a build; the last two are taken by uvicorn itself where they are there.
_SERVING = ("msgspec", "uvicorn")
_FASTER = ("httptools", "uvloop")
#: What uvicorn speaks WebSocket with: the first that is there.
_SPEAKING = ("websockets", "wsproto")
#: What ``BearerJWT`` verifies tokens with.
_VERIFYING = ("pyjwt", "cryptography")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


class Requirements(Struct, frozen=True):
    """Version by normalised distribution name, sorted; and import names that nothing installed here has."""

    versions: dict[str, str]
    absent: tuple[str, ...]

    def text(self) -> str:
        return "".join(f"{name}=={version}\n" for name, version in self.versions.items())


def in_use(app: App) -> Requirements:
    """What the app imports and what serves it."""
    others = sorted(set(app.third_parties) - {"conduit", *_SERVING})
    imported = {name for module in app.modules for name, _ in module.imports}
    owners = metadata.packages_distributions() if others else {}
    names = [*_SERVING, *_FASTER]
    for top in others:
        names += _owners(sorted(set(owners.get(top, ()))), top, imported)
    absent = [one for one in others if one not in owners]
    if any(route.websocket for route in app.routes):
        spoken = next((one for one in _SPEAKING if _installed(one)), None)
        names += ["starlette", *([spoken] if spoken else [])]
        absent += [] if spoken else _SPEAKING[:1]
    if app.mcp_auth is not None and app.mcp_auth.kind != "Bearer" and app.doors:
        names += _VERIFYING
        absent += [one for one in _VERIFYING if _installed(one) is None]
    found = _with_needs(names)
    return Requirements(dict(sorted(found.items())), tuple(absent))


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _owners(candidates: Sequence[str], top: str, imported: Iterable[str]) -> list[str]:
    """Of several distributions with one top-level name (a namespace), those that hold what is imported."""
    if len(candidates) < 2:
        return list(candidates)
    inside = [name.replace(".", "/") for name in imported if name.partition(".")[0] == top]
    holding = [one for one in candidates if any(_holds(one, path) for path in inside)]
    return holding or list(candidates)


def _holds(distribution: str, path: str) -> bool:
    files = (file.as_posix() for file in metadata.files(distribution) or ())
    return any(file.startswith((f"{path}/", f"{path}.")) for file in files)


def _with_needs(names: Iterable[str]) -> dict[str, str]:
    """Versions of these and of what they need, where it is installed.

    Markers are not read, but for extras: what is needed elsewhere only is mostly not installed here.
    """
    found: dict[str, str] = {}
    asked = [(name, frozenset[str]()) for name in names]
    seen = set()
    while asked:
        name, extras = asked.pop()
        if (normalised(name), extras) in seen:
            continue
        seen.add((normalised(name), extras))
        installed = _installed(normalised(name))
        if installed is not None:
            found[normalised(name)], needs = installed
            asked += [(one, wanted) for one, wanted, extra in needs if extra is None or extra in extras]
    return found


_Need = tuple[str, frozenset[str], str | None]


def _installed(name: str) -> tuple[str, list[_Need]] | None:
    """Version, and what is needed: name, the extras wanted of it, the extra it is needed for."""
    try:
        distribution = metadata.distribution(name)
        version = distribution.version
    except (metadata.PackageNotFoundError, KeyError, ValueError):
        return None
    if not version:
        return None
    return version, [need for line in distribution.requires or () if (need := _need(line))]


def _need(line: str) -> _Need | None:
    requirement, _, marker = line.partition(";")
    found = _REQUIREMENT.match(requirement)
    if found is None:
        return None
    extra = _EXTRA.search(marker)
    wanted = frozenset(one.strip().lower() for one in (found[2] or "").split(",") if one.strip())
    return found[1], wanted, extra[1].lower() if extra else None
