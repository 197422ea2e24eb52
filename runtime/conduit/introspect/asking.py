"""A question in words → what answers it: patterns, resources, rules of the framework, best first.

What is found by its words (``ranking``) is weighed by what the question is after (``intents``): how something
is done is answered by a convention of this code base, then by a rule of the framework; where or which it is
by a resource. ``confidence`` is the share of the question that the answer has, words that few have counting
most, times how well it is of the kind that is asked for; of a pattern also what speaks for it being a
convention.
"""

from __future__ import annotations

from conduit.introspect.documents import Documents
from conduit.introspect.errors import QueryError
from conduit.introspect.intents import Intent, meanings
from conduit.introspect.ranking import Ranking
from conduit.introspect.rules import rules_of
from conduit.introspect.telling import has, told_pattern, told_resource, told_rule
from conduit.introspect.words import LONGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from conduit.introspect.patterns import Patterns
    from conduit.introspect.ranking import Found
    from conduit.introspect.store import Row, Store

#: An answer of less is none, unless it is the only one.
LEAST = 0.05
#: So many patterns of a category that is asked for are looked at, whatever their words.
OFFERED = 12
#: Of a question, so much is told back.
ECHOED = 400
#: So much of what a question asks has an answer that only is of the category it is about.
OF_CATEGORY = 0.42
RESOURCE_OF_CATEGORY = 0.25
#: How much less it is about how things are done where there is a resource that has all words of a question.
KNOWN = 0.2
#: Two words that are written as one elsewhere.
JOINED = 0.9
#: A question that has all words of a name, as they stand there.
PHRASE = 0.85
#: A word that is not known, and one that begins like it.
PREFIX, BEGINS = 5, 0.5
#: So many documents that have most of a question's words are weighed by what it is after.
LOOKED_AT = 150
#: What an answer is still worth after one about the same, and after one of the same sort.
SAME_SUBJECT, SAME_SORT = 0.5, 0.95
#: So many handlers call what is a helper.
HELPS = 3
#: Kinds that are derived from others, or hold them: what they hold answers better.
_LESS = {"function": 0.97, "module": 0.6}
_FRAMEWORK = ("conduit.", "fastapi.", "flask.", "starlette.")


class Asking:
    """Answers questions about one store. Made when it is first asked, whole; read-only then."""

    def __init__(self, store: Store, patterns: Patterns, who: Callable[[str, str], dict[str, Any]]) -> None:
        """``who`` tells which route answers a method and a URL."""
        self._store, self._patterns, self._who = store, patterns, who
        self._rules = rules_of(store.about.dialect)
        self._first_pattern = len(store.rows)
        self._first_rule = self._first_pattern + len(patterns.ids)
        pairs = zip(store.column("p_confidence"), store.column("p_state"), strict=True)
        self._trust = [1.0 if state == "curated" else 0.6 + 0.4 * float(sure) for sure, state in pairs]
        documents = Documents(store)
        self._of_kind = {"auth": documents.guards, "middleware": _around(store)}
        self._ranking = Ranking(documents.all(self._rules))
        self._phrases = _phrases(store)
        self._hidden = frozenset(row.number for row in store.rows if _is_frameworks(row))
        self._helpers = _helpers(store)

    def how_do_i(self, text: str, limit: int = 5) -> dict[str, Any]:
        """At most ``limit`` answers, of falling confidence."""
        text = text[:LONGEST]
        intent = Intent(text)
        words = self._ranking.search(
            (weight, self._meanings(term, intent)) for term, weight in intent.terms.items()
        )
        fitted = self._fitted(intent, words)
        scores = words.scores
        best = sorted(fitted.items(), key=lambda one: (-one[1], -scores.get(one[0], 0.0), one[0]))
        kept = [one for one in best[: limit * 4] if one[1] >= LEAST] or best[:1]
        answers = [
            {**self._told(number, has(number, intent, words)), "confidence": round(confidence, 4)}
            for number, confidence in self._different(kept, limit)
        ]
        return {"question": text[:ECHOED], "answers": answers, "complete": True}

    def _meanings(self, term: str, intent: Intent) -> list[tuple[str, float]]:
        """What may stand for a term; also it and a word beside it, written as one or two."""
        found = meanings(term)
        found += [(joined, JOINED) for joined in intent.joined.get(term, ()) if joined in self._ranking]
        if term not in self._ranking:
            found += [(part, JOINED / 2) for part in self._parts(term)]
            found += [
                (other, BEGINS) for other in self._ranking.beginning(term[:PREFIX]) if len(term) >= PREFIX
            ]
        return found

    def _parts(self, term: str) -> tuple[str, ...]:
        """Two known words that make up one that is not known."""
        for cut in range(3, len(term) - 2):
            parts = term[:cut], term[cut:]
            if all(part in self._ranking for part in parts):
                return parts
        return ()

    def _told(self, number: int, why: str) -> dict[str, Any]:
        if number >= self._first_rule:
            rule = self._rules[number - self._first_rule]
            return told_rule(self._store, rule, conventional=bool(self._patterns.of(rule.category)))
        if number >= self._first_pattern:
            return told_pattern(self._store, number - self._first_pattern)
        return told_resource(self._store, self._store.rows[number], why)

    # -- what fits -------------------------------------------------------------------------------------------

    def _fitted(self, intent: Intent, words: Found) -> dict[int, float]:
        """Numbers of documents and their confidence: of those that have most of what is asked."""
        shares = words.shares
        if len(shares) > LOOKED_AT:
            most = sorted(shares.items(), key=lambda one: (-one[1], one[0]))
            shares = dict(most[:LOOKED_AT])
        for number in self._spelled(intent):
            shares[number] = 1.0
        for phrase in intent.phrases:
            for number in self._phrases.get(phrase, ()):
                shares[number] = max(PHRASE, shares.get(number, 0.0))
        known = max((share for number, share in shares.items() if number < self._first_pattern), default=0.0)
        self._of_category(intent, shares, known)
        if not shares:
            last = self._first_rule + len(self._rules)
            return {self._first_pattern if self._first_pattern < last else 0: 0.02} if last else {}
        how = intent.how * (1.0 - KNOWN * known)
        return {number: share * self._fit(number, intent, how) for number, share in shares.items()}

    def _spelled(self, intent: Intent) -> set[int]:
        """Resources that the question names, or whose path it has."""
        found = {row.number for name in intent.names for row in self._store.find(name)}
        if intent.path:
            found |= self._answering(intent.method.upper() or "GET", intent.path)
        return found if len(found) <= OFFERED else set()

    def _answering(self, method: str, path: str) -> set[int]:
        """The route that answers, as declared or asked for."""
        rows = self._store.find(f"{method} {path}") or self._store.find(path)
        found = {row.number for row in rows}
        if not found:
            try:
                route = self._who(method, path).get("route")
            except QueryError:
                return set()
            found = {row.number for row in self._store.find(route["id"])} if route else set()
        handlers = {self._store.number(self._store.rows[one].handler) for one in found}
        return found | {one for one in handlers if one is not None}

    def _of_category(self, intent: Intent, shares: dict[int, float], known: float) -> None:
        """Patterns and rules of the categories that are asked for come in for that alone; for less where a
        resource has (``known``) what is asked for."""
        if not intent.categories:
            return
        strongest = max(intent.categories.values())
        most = strongest / ((0.25 + 0.75 * intent.how) * (1.0 - KNOWN * known))
        for category, weight in intent.categories.items():
            bonus = OF_CATEGORY * weight / most
            for place in self._patterns.of(category)[:OFFERED]:
                number = self._first_pattern + place
                shares[number] = min(1.0, shares.get(number, 0.0) + bonus)
            bonus = RESOURCE_OF_CATEGORY * weight / strongest
            for number in self._of_kind.get(category, ()):
                shares[number] = min(1.0, shares.get(number, 0.0) + bonus)
        for place, rule in enumerate(self._rules):
            number = self._first_rule + place
            if rule.category in intent.categories and number in shares:
                bonus = OF_CATEGORY * intent.categories[rule.category] / most
                shares[number] = min(1.0, shares[number] + bonus / 2)

    def _fit(self, number: int, intent: Intent, how: float) -> float:
        """How well it is of the kind that is asked for."""
        if number >= self._first_rule:
            return 0.25 + 0.25 * how
        if number >= self._first_pattern:
            return (0.65 + 0.35 * how) * self._trust[number - self._first_pattern]
        row = self._store.rows[number]
        fit = 1.0 if number in self._helpers else _LESS.get(row.kind, 1.0) * (1.0 - 0.25 * how)
        if intent.kinds and row.kind not in intent.kinds:
            fit *= 0.75 + 0.25 * how
        if intent.methods and row.methods and not intent.methods & set(row.methods):
            fit *= 0.7
        return fit * 0.3 if number in self._hidden else fit

    def _different(self, best: list[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
        """As many, the best first, but not five that say the same: what is like those before it counts less
        (maximal marginal relevance, Carbonell and Goldstein 1998)."""
        chosen: list[tuple[int, float]] = []
        worth = [confidence for _, confidence in best]
        left = [(number, confidence, *self._likeness(number)) for number, confidence in best]
        while left and len(chosen) < limit:
            place = worth.index(max(worth))
            del worth[place]
            number, confidence, sort, subject = left.pop(place)
            chosen.append((number, confidence))
            for other, (_, _, its, about) in enumerate(left):
                worth[other] *= SAME_SUBJECT if about == subject else SAME_SORT if its == sort else 1.0
        return sorted(chosen, key=lambda one: -one[1])

    def _likeness(self, number: int) -> tuple[str, object]:
        """What sort of answer it is, and what it is about: a route and its handler are about the same."""
        if number >= self._first_rule:
            return "rule", number
        if number >= self._first_pattern:
            return f"pattern {self._store.column('p_category')[number - self._first_pattern]}", number
        row = self._store.rows[number]
        behind = row.handler or row.id
        if row.kind in ("middleware", "provider"):
            behind = f"function{row.id[len(row.kind) :]}"
        return "resource", behind


def _phrases(store: Store) -> dict[str, list[int]]:
    """Names of several words, as they are said."""
    found: dict[str, list[int]] = {}
    for row in store.rows:
        name = row.handler or row.id
        last = name.partition("#")[0].rpartition(".")[2].rpartition(":")[2]
        if "_" in last.strip("_"):
            found.setdefault(" ".join(last.strip("_").split("_")), []).append(row.number)
    return found


def _around(store: Store) -> frozenset[int]:
    """Middleware, and the functions behind it."""
    found = [row.number for row in store.rows if row.kind == "middleware"]
    return frozenset((*found, *(behind for one in found for behind in store.graph.forward[one])))


def _helpers(store: Store) -> frozenset[int]:
    """Functions that several handlers call: by them things are done here, as by a pattern."""
    rows, needs, handlers = store.rows, store.graph.forward, {row.handler for row in store.rows}
    counts: dict[int, int] = {}
    for row in rows:
        if row.id in handlers:
            for one in set(needs[row.number]):
                counts[one] = counts.get(one, 0) + 1
    return frozenset(one for one, count in counts.items() if count >= HELPS and rows[one].kind == "function")


def _is_frameworks(row: Row) -> bool:
    """Is it there because the framework brings it?"""
    return row.kind == "route" and row.handler.startswith(_FRAMEWORK)


__all__ = ["Asking"]
