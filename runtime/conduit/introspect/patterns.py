"""A store → the conventions of an app: lists by category, and the one that a name means.

Lists come from columns of the index, which stand in order of confidence; a whole entry is parsed when it is
asked for.
"""

from __future__ import annotations

from conduit.introspect import index
from conduit.introspect.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from conduit.introspect.store import Store

CATEGORIES = ("auth", "error", "handler", "middleware", "route", "schema", "test", "validation")
#: So many names are compared letter by letter, to say what was probably meant.
COMPARED = 60


class Patterns:
    """Those of one store, by place: their rank."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ids: list[str] = store.column("p_id")
        self._by_category: dict[str, list[int]] | None = None
        self._places: dict[str, int] | None = None

    def listed(self, category: str | None = None, limit: int | None = None) -> dict[str, Any]:
        """Those of a category, or all, of the highest confidence first.

        Raises:
            QueryError: there is no such category.
        """
        places: Sequence[int] = range(len(self.ids))
        if category is not None:
            places = self.of(category)
        return {
            "patterns": [self.told(place) for place in places[:limit]],
            "total": len(places),
            "complete": True,
        }

    def of(self, category: str) -> list[int]:
        """The places of a category.

        Raises:
            QueryError: there is no such category.
        """
        if category not in CATEGORIES:
            import difflib

            close = difflib.get_close_matches(category, CATEGORIES, n=3)
            said = f"no category {category!r}; there are {', '.join(CATEGORIES)}"
            raise QueryError("wrong", said, close)
        if self._by_category is None:
            found: dict[str, list[int]] = {}
            for place, own in enumerate(self._store.column("p_category")):
                found.setdefault(own, []).append(place)
            self._by_category = found
        return self._by_category.get(category, [])

    def told(self, place: int) -> dict[str, Any]:
        """What every list says of a pattern; ``span`` is that of its example, None in a stripped build."""
        column = self._store.column
        keys = ("id", "category", "name", "state", "template", "support", "n")
        told: dict[str, Any] = {key: column(f"p_{key}")[place] for key in keys}
        told["confidence"] = float(column("p_confidence")[place])
        told["span"] = self.span(place)
        return told

    def span(self, place: int) -> dict[str, Any] | None:
        """Where its example stands."""
        parts = index.parts(self._store.column("p_span")[place])
        if not parts:
            return None
        return {"file": parts[0], **dict(zip(index.SPAN, map(int, parts[1:]), strict=True))}

    def the(self, name: str) -> int:
        """The pattern of that id (with or without ``pattern:``, or its digits alone), name or template.

        Raises:
            QueryError: there is none, or there are several.
        """
        if self._places is None:
            self._places = dict(zip(self.ids, range(len(self.ids)), strict=True))
        for prefix in ("", "pattern:", *(f"pattern:{category}/" for category in CATEGORIES)):
            place = self._places.get(f"{prefix}{name}")
            if place is not None:
                return place
        found = self._called(name)
        if not found:
            raise QueryError("unknown", f"no pattern {name!r}", self._meant(name))
        if len(found) > 1:
            raise QueryError("ambiguous", f"{name!r} is one of several", [self.ids[one] for one in found])
        return found[0]

    def _called(self, name: str) -> list[int]:
        """Those of that name, whatever its case, or template."""
        lowered = name.lower()
        names, templates = self._store.column("p_name"), self._store.column("p_template")
        pairs = enumerate(zip(names, templates, strict=True))
        return [place for place, (own, form) in pairs if name in (form, own) or own.lower() == lowered]

    def _meant(self, name: str) -> list[str]:
        """Ids of up to three patterns that were probably meant; of many, only those with a word in common."""
        import difflib

        lowered = name.lower()
        words = [one for one in lowered.replace("_", " ").replace("/", " ").split() if len(one) > 2]
        names = [own.lower() for own in self._store.column("p_name")]
        sharing = sorted(
            (-sum(word in own for word in words), place)
            for place, own in enumerate(names)
            if any(word in own for word in words)
        )
        near = [place for _, place in sharing[:COMPARED]] or range(min(COMPARED, len(names)))
        keys = {names[place]: place for place in near}
        keys |= {self.ids[place].partition(":")[2]: place for place in range(min(COMPARED, len(names)))}
        close = difflib.get_close_matches(lowered, keys, n=3, cutoff=0.5)
        return list(dict.fromkeys(self.ids[keys[key]] for key in close))


__all__ = ["CATEGORIES", "Patterns"]
