"""A store → what can answer a question, as documents of weighted words: resources, patterns, rules."""

from __future__ import annotations

import re
from itertools import pairwise

from conduit.introspect.intents import CATEGORY_WORDS
from conduit.introspect.ranking import Field, weighed
from conduit.introspect.words import LONGEST, stem, stems

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from conduit.introspect.rules import Rule
    from conduit.introspect.store import Row, Store

_CHUNK = re.compile(r"\w+")
#: What differs from place to place in a template.
_HOLE = re.compile(r"\{\w+\}")
#: Of patterns, so many bytes are read for their words; of the others (of lower confidence) the columns.
BODIES = 4_000_000

NAME, PATH, DOC = Field(3.0, 2), Field(2.0, 4), Field(1.2, 16)
PARTS, KIN, FAR, PLACE = Field(1.0, 12), Field(0.3, 8), Field(0.2, 12), Field(0.5, 4)
JOINED, SAID = Field(1.5, 2), Field(0.7, 16)
TEMPLATE, KIND, GUARD = Field(2.2, 8), Field(1.0, 3), Field(1.0, 3)
#: What a guard is looked for by, though it may be called anything.
_SAFE = ("authentic", "protect", "secur")
_SECURITY = ("provider:fastapi.security.", "provider:starlette.authentication.")

#: What a route does, by its method, in the words of those who ask.
_DOES = {
    method: tuple(map(stem, said.split()))
    for method, said in (
        ("POST", "create post"),
        ("GET", "read fetch"),
        ("PUT", "update put"),
        ("PATCH", "update patch"),
        ("DELETE", "delete"),
        ("WEBSOCKET", "websocket"),
    )
}
#: What a function is, by facts that say yes.
_FLAGS = {"generator": stems("stream generator"), "blocking": stems("blocks thread slow")}
#: Facts of what is offered to models that say what it is about.
_OFFERED = ("of", "argument", "media_type")
_FALLBACK = stems("fallback unknown missing 404")
_ROLES = {
    "on_startup": stems("startup starts"),
    "on_shutdown": stems("shutdown ends stops"),
    "lifespan": stems("startup shutdown starts ends"),
    "exception_handler": stems("exception error catch handler"),
}
#: What resources of a kind are called besides.
_CALLED = {"route": "route endpoint", "provider": "provider dependency", "schema": "schema", "tool": "tool"}


class Documents:
    """Makes documents; an identifier is taken apart once. ``store`` has resources, then patterns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stems: dict[str, tuple[str, ...]] = {}
        self._known_fields: dict[int, list[str]] = {}
        self._modules: dict[str, list[str]] = {}
        self.guards = guards(store)
        self._roles = roles(store)

    def all(self, rules: Iterable[Rule]) -> Iterator[dict[str, float]]:
        """Of every resource, then every pattern, then every rule."""
        for row in self._store.rows:
            yield self._of_resource(row)
        yield from self._of_patterns()
        for rule in rules:
            said = self._cut(f"{rule.title} {rule.words}")
            yield weighed([(TEMPLATE, said), (KIND, self._cut(rule.category))])

    def _cut(self, text: str) -> list[str]:
        found: list[str] = []
        known = self._stems
        for chunk in _CHUNK.findall(text[:LONGEST]):
            cut = known.get(chunk)
            if cut is None:
                cut = known[chunk] = tuple(stems(chunk))
            found += cut
        return found

    def _of_resource(self, row: Row) -> dict[str, float]:
        body = self._store.body(row)
        facts = {name: fact.get("value") for name, fact in body.get("facts", {}).items()}
        name = row.name
        if row.kind == "route":
            named = str(facts.get("name") or "")
            name = f"{row.handler.partition(':')[2].rpartition('.')[2]} {named}"
        elif row.kind in ("function", "middleware", "provider"):
            name = " ".join(row.id.partition(":")[2].split(".")[-2:]) if "." in row.name else row.name
        prose = [body.get("doc") or self._doc_of(facts.get("function")), *body.get("comments", ())]
        prose += [str(facts.get(one, "")) for one in ("summary", "description", "catches", "uri", *_OFFERED)]
        fields = [
            (NAME, self._cut(name)),
            (JOINED, _joined(name)),
            (PATH, self._cut(row.pattern) + self._tags(row)),
            (DOC, self._cut(" ".join(prose))),
            (PARTS, self._parts(body)),
            (SAID, self._said_of_parts(body)),
            (KIN, self._cut(" ".join(self._kin(row)))),
            (KIND, [word for fact, said in _FLAGS.items() if facts.get(fact) for word in said]),
            (FAR, self._far(row)),
            (PLACE, self._cut(_module(row.file))),
            (FAR, self._about_module(row)),
            (KIND, self._kind(row)),
            (GUARD, _SAFE if self.guards.intersection((row.number, *self._needs(row))) else ()),
        ]
        return weighed(fields)

    def _tags(self, row: Row) -> list[str]:
        return self._cut(" ".join(row.tags)) if row.tags else []

    def _kind(self, row: Row) -> list[str]:
        found = self._cut(_CALLED.get(row.kind, row.kind))
        found += self._roles.get(row.number, ())
        if row.kind == "route" and not row.pattern:
            found += _FALLBACK
        for method in row.methods:
            found += _DOES.get(method, ())
        return found

    def _parts(self, body: dict[str, Any]) -> list[str]:
        """Fields and parameters: names, types, and that they are bounded."""
        found: list[str] = []
        for one in (*body.get("fields", ()), *body.get("parameters", ())):
            found += self._cut(f"{one['name']} {one.get('type', '')}")
            bounds = one.get("constraints")
            if bounds:
                found += self._cut(f"{one['name']} validate constraint {' '.join(bounds)}")
        for member in body.get("facts", {}).get("members", {}).get("value", ()):
            found += self._cut(str(member.get("name", "")))
        return found

    def _said_of_parts(self, body: dict[str, Any]) -> list[str]:
        docs = [one.get("doc", "") for one in (*body.get("fields", ()), *body.get("parameters", ()))]
        return self._cut(" ".join(filter(None, docs)))

    def _kin(self, row: Row) -> list[str]:
        """What it needs, by name; a module needs too much to be told by that."""
        if row.kind == "module":
            return []
        return [self._store.rows[one].name for one in self._needs(row)]

    def _about_module(self, row: Row) -> list[str]:
        """What its module says it is for."""
        if row.kind == "module":
            return []
        found = self._modules.get(row.file)
        if found is None:
            found = self._modules[row.file] = []
            name = row.id.partition("#")[0].partition(":")[2]
            while name and self._store.number(f"module:{name}") is None:
                name = name.rpartition(".")[0]
            number = self._store.number(f"module:{name}")
            if number is not None:
                doc = self._store.body(self._store.rows[number]).get("doc", "")
                found += self._cut(doc.partition("\n")[0])
        return found

    def _far(self, row: Row) -> list[str]:
        """Of a route the fields of what it takes and gives; of what others need, who these are."""
        rows = self._store.rows
        if row.kind == "route":
            schemas = [rows[one] for one in self._needs(row) if rows[one].kind == "schema"]
            return [part for one in schemas for part in self._fields(one)]
        if row.kind in ("schema", "function"):
            users = self._store.graph.backward[row.number][:8]
            return self._cut(" ".join(rows[one].name for one in users if rows[one].kind != "module"))
        return []

    def _fields(self, row: Row) -> list[str]:
        found = self._known_fields.get(row.number)
        if found is None:
            names = " ".join(one["name"] for one in self._store.body(row).get("fields", ()))
            found = self._known_fields[row.number] = self._cut(names)
        return found

    def _doc_of(self, id_: object) -> str:
        """What is said of the function behind a middleware."""
        number = self._store.number(str(id_)) if id_ else None
        return "" if number is None else str(self._store.body(self._store.rows[number]).get("doc", ""))

    def _needs(self, row: Row) -> Sequence[int]:
        return self._store.graph.forward[row.number][:20]

    def _of_patterns(self) -> Iterator[dict[str, float]]:
        columns = map(self._store.column, ("p_category", "p_name", "p_template", "p_length"))
        left = BODIES
        for place, (category, name, template, length) in enumerate(zip(*columns, strict=True)):
            fields = [
                (TEMPLATE, self._cut(_HOLE.sub(" ", template))),
                (DOC, self._cut(name)),
                (KIND, self._cut(f"{category} {' '.join(_HOLE.findall(template))}")),
            ]
            left -= length
            if left > 0:
                fields += self._of_pattern(self._store.pattern(place))
            yield weighed(fields)

    def _of_pattern(self, body: dict[str, Any]) -> list[tuple[Field, list[str]]]:
        """What the columns do not say: whom it is about, what stands in its holes, its example."""
        held = " ".join(text for texts in body.get("holes", {}).values() for text in texts)
        return [
            (PARTS, self._cut(held)),
            (KIN, self._cut(body.get("population", ""))),
            (KIN, self._cut(body.get("example", {}).get("text", "")[:300])),
        ]


def _joined(name: str) -> list[str]:
    """``signup`` of ``sign_up``: what is two words here is one elsewhere."""
    parts = [part for part in name.lower().replace("_", " ").replace(".", " ").split() if part.isalpha()]
    return [stem(first + second) for first, second in pairwise(parts)]


def guards(store: Store) -> frozenset[int]:
    """Providers and middleware that ask who is calling: those of a framework's security, those that need one
    of these, and those that are called so."""
    rows, users = store.rows, store.graph.backward
    around = [row for row in rows if row.kind in ("provider", "middleware")]
    found = [row.number for row in around if row.id.startswith(_SECURITY) or _is_called_guard(row)]
    for one in found:
        found += [user for user in users[one] if rows[user].kind == "provider" and user not in found]
    return frozenset(found)


def _is_called_guard(row: Row) -> bool:
    name = row.id.partition(":")[2].rpartition(".")[2]
    return any("auth" in CATEGORY_WORDS.get(one, ()) for one in stems(name))


def roles(store: Store) -> dict[int, Sequence[str]]:
    """Functions that the framework calls, and what for, in the words of those who ask."""
    names = store.column("relations")
    wanted = {names.index(name): words for name, words in _ROLES.items() if name in names}
    if not wanted:
        return {}
    pairs = zip(store.column("relation"), store.column("target"), strict=True)
    return {target: wanted[relation] for relation, target in pairs if relation in wanted}


def _module(file: str) -> str:
    """The last name of a file: folders are what most of a code base has in common."""
    parts = file.removesuffix(".py").split("/")
    return parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]


__all__ = ["Documents"]
