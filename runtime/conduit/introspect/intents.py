"""A question → what it is after: how something is done, or where and which it is; of what kind; and by whom.

How a question is asked says which answers are better than others that hold the same words; it never says that
there is an answer.
"""

from __future__ import annotations

import re
from itertools import pairwise

from conduit.introspect.synonyms import SYNONYMS
from conduit.introspect.words import STOP, stem, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_THEY = (
    r"(?:handler|endpoint|route|test|schema|model|error|router|response|field|parameter|provider|function)s"
)
#: Asks how something is done, outright; and less so: what one is to do, or what things of a kind do.
_HOW = re.compile(
    r"\b(how\s+(?:do|does|can|could|should|would|must|might|are|is|was|to|shall|did)\b"
    r"|(?:what|which)(?:'s|\s+is|\s+are|\s+would\s+be)?\s+(?:the\s+|a\s+|our\s+)?(?:\w+\s+)?"
    r"(?:way|convention|pattern|idiom|style|practice|rule|recipe|approach)s?\b"
    r"|(?:the|best|right|usual|common|correct|proper|standard|normal)\s+way|examples?\s+of|show\s+me\s+how"
    r"|i\s+(?:want|need|would\s+like)\s+to|help\s+me|steps\s+to|(?:way|how)\s+to|howto"
    r"|(?:convention|pattern|idiom)s?\s+for)",
    re.I,
)
_HALF = re.compile(
    r"\b((?:what|which|where|when|why|who)\b.*\b(?:should|do|can|must|may|need\s+to)\s+(?:i|we|you|one|a\s+new)\b"
    rf"|(?:what|which|where)\s+(?:\w+\s+)?(?:do|does|are|is)\s+(?:\w+\s+){{0,2}}{_THEY}"
    r"|usually|normally|typically|always|convention|supposed\s+to|in\s+common)\b",
    re.I,
)
#: Who may do it; what runs around it; what it is made of.
_MAY = re.compile(
    r"\bwho\s+(?:can|could|is\s+allowed|has\s+access)\b|\b(?:keeps?|stops?|prevents?|blocks?)\b"
    r"|(?<!how long )(?<!how many )(?<!how much )\bmay\b"
    r"|\bonly\s+(?:the\s+|an?\s+)?\w+\s+(?:can|get|see|change|call)\b",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:runs?|happens?|called|done)\s+(?:first|before|after|around|on\s+(?:each|every|all))\b", re.I
)
_LOOKS = re.compile(
    r"\blooks?\s+like\b|\b(?:comes?|gives?|given?|sends?|sent)\s+back\b|\bdo\s+i\s+(?:send|post|get)\b"
    r"|\b(?:returns|accepts|expects)\b|\bdoes\b.*\b(?:return|accept|expect|take)\b",
    re.I,
)
_PATH = re.compile(r"(?:\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?(?<!\w)(/[^\s?\"'`,;]*)", re.I)
_QUOTED = re.compile(r"[\"'`]([^\"'`]{2,80})[\"'`]")
#: An identifier as it stands in source: with an underscore, a dot or a hump.
_NAME = re.compile(r"\b(?:\w+_\w*|_\w+|\w+(?:\.\w+)+|[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z]\w*)?)\b")

#: Word of a question → the kinds of resources that it asks for.
_KINDS = {
    **dict.fromkeys(("schema", "model", "dto", "type", "class", "structure", "entity"), "schema"),
    **dict.fromkeys(("dataclass", "enum", "shape", "record", "field", "body", "payload"), "schema"),
    **dict.fromkeys(("route", "endpoint", "url", "path", "api", "uri"), "route"),
    **dict.fromkeys(("tool",), "tool"),
    "prompt": "prompt", "resource": "resource", "block": "block", "pipeline": "pipeline", "chain": "pipeline",
    "middleware": "middleware",
    **dict.fromkeys(("completion", "complete", "autocomplete", "suggestion", "suggest"), "completion"),
    **dict.fromkeys(("dependency", "provider"), "provider"),
    **dict.fromkeys(("function", "helper", "handler", "method", "view", "controller", "code"), "function"),
    **dict.fromkeys(("module", "file", "package"), "module"),
}  # fmt: skip

#: Word of a question → what category of conventions it may be about.
_CATEGORIES = {
    "auth": (
        "authenticate authorize auth login signin token jwt bearer credential identity guard protect "
        "secure verified permission role scope admin password session oauth private anonymous outsider "
        "allowed caller logged current sign signed"
    ),
    "error": (
        "error exception fail failure raise problem 400 401 403 404 405 409 410 422 429 500 503 missing "
        "notfound forbidden conflict unauthorized catch abort"
    ),
    "test": "test fixture pytest unittest mock fake testclient coverage",
    "validation": (
        "validate constraint bound range minimum maximum regex enforce invalid limit check length "
        "positive negative allowed sanitize restrict"
    ),
    "schema": (
        "schema model class dto structure shape field payload body dataclass entity table column enum"
    ),
    "route": "route endpoint url path router prefix blueprint",
    "handler": (
        "handler view function endpoint database session depend inject parameter query header cookie "
        "return background pagination"
    ),
    "middleware": (
        "middleware intercept wrap hook around before cors gzip compress log timing header trace every "
        "each latency duration slow"
    ),
}
_METHODS = {
    "POST": "create add new insert post submit register place upload",
    "GET": "get fetch retrieve show list read search find download look all browse",
    "PUT": "update change edit modify replace put",
    "PATCH": "update change edit modify patch",
    "DELETE": "delete remove drop erase purge",
}


def _by_stem(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for value, listed in table.items():
        for word in listed.split():
            found.setdefault(stem(word), set()).add(value)
    return {word: frozenset(values) for word, values in found.items()}


CATEGORY_WORDS = _by_stem(_CATEGORIES)
METHOD_WORDS = _by_stem(_METHODS)
KIND_WORDS = {stem(word): kind for word, kind in _KINDS.items()}
#: Said only to ask: they match nothing.
_ASKED_WITH = """
able across actually after against already another any anything app application ask asked asks away back
base before best between call called calls came certain code codebase come comes coming common convention
correct currently declare declared define defined definition describe described describes different during
else ever everything example exist existing exists given happen happening happens help how idiom implement
implemented implements instead involved itself kind kinds look new normally only particular pattern possible
project proper really responsible right rule see seen service someone something sort specific standard steps
still sure tell there thing things together typically usual usually want way what where which who whole
within without
"""
_ASKING = frozenset(_ASKED_WITH.split())


#: So common among web services that they tell little.
_EVERYWHERE = frozenset(("request", "requests", "response", "responses", "http", "server", "client", "data"))


#: So many words of a question may be one name.
LONGEST_PHRASE = 5


class Intent:
    """What a question is after.

    ``how`` is 1 where it asks how something is done, 0 where it asks for a thing, and may be in between.
    ``terms`` are its stems and how much each counts, ``said`` the words they were, ``joined`` what they are
    with a word beside them, ``phrases`` words in a row; ``kinds`` and ``categories`` what it names of them;
    ``methods`` those that its verbs mean; ``path`` with ``method``, and ``names``, what it spells out.
    """

    __slots__ = (
        *(
            "categories",
            "how",
            "joined",
            "kinds",
            "method",
            "methods",
            "names",
            "path",
            "phrases",
            "said",
            "terms",
        ),
    )

    def __init__(self, text: str) -> None:
        self.how = 1.0 if _HOW.search(text) else 0.5 if _HALF.search(text) else 0.0
        spelled = _PATH.search(text)
        self.method, self.path = (spelled[1] or "", spelled[2]) if spelled else ("", "")
        self.names = {*_QUOTED.findall(text), *_NAME.findall(text)}
        self.terms: dict[str, float] = {}
        self.said: dict[str, str] = {}
        self.joined: dict[str, list[str]] = {}
        self.phrases: set[str] = set()
        self.kinds: dict[str, None] = {}
        self.categories: dict[str, float] = {}
        self.methods: set[str] = set()
        self._read(text)
        for asked, category in ((_MAY, "auth"), (_FIRST, "middleware")):
            if asked.search(text):
                self.categories[category] = self.categories.get(category, 0.0) + 1.0
        if _LOOKS.search(text):
            self.kinds["schema"] = None

    def _read(self, text: str) -> None:
        rest = text.replace(self.path, " ") if self.path else text
        before = ""
        said = [*words(rest)]
        lengths = range(2, min(LONGEST_PHRASE, len(said)) + 1)
        self.phrases = {" ".join(said[n : n + size]) for size in lengths for n in range(len(said) - size + 1)}
        self.phrases |= {
            f"{second} {first}" for first, second in pairwise(said)
        }  # notes shared: shared notes
        for word in said:
            if before and word.isalpha() and before.isalpha():
                for one in (before, word):
                    self.joined.setdefault(stem(one), []).append(stem(before + word))
            before = word
            if word in STOP:
                continue
            one = stem(word)
            kind = KIND_WORDS.get(one)
            if kind is not None:
                self.kinds[kind] = None
            for category in CATEGORY_WORDS.get(one, ()):
                self.categories[category] = self.categories.get(category, 0.0) + 1 / len(CATEGORY_WORDS[one])
            self.methods |= METHOD_WORDS.get(one, frozenset())
            weight = 0.3 if word in _ASKING else 0.5 if kind is not None or word in _EVERYWHERE else 1.0
            self.terms[one] = max(self.terms.get(one, 0.0), weight)
            self.said.setdefault(one, word)
        if self.path:
            self.kinds["route"] = None
        for word in words(self.path):
            self.terms.setdefault(stem(word), 1.0)
            self.said.setdefault(stem(word), word)


def meanings(term: str) -> list[tuple[str, float]]:
    """A stem, and the others that may stand for it, with how much each counts."""
    return [(term, 1.0), *((other, 0.5) for other in sorted(SYNONYMS.get(term, ())))]


__all__ = ["Intent", "meanings"]
