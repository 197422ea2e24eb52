"""Starlette's and Werkzeug's path syntax → ``PathTemplate``: ``{name}`` and ``{name:conv}`` for both.

A segment that is text and parameter at once, and a converter whose language is not that of this compiler's,
carry their language as a pattern.
"""

from __future__ import annotations

import re

from conduitc.ir.nodes import Dynamic, PathTemplate, Segment, Static
from conduitc.span import Span

_STARLETTE = re.compile(r"\{([a-zA-Z_]\w*)(?::([a-zA-Z_]\w*))?\}")
_WERKZEUG = re.compile(r"<(?:([a-zA-Z_]\w*)(?:\(([^)]*)\))?:)?([a-zA-Z_]\w*)>")

#: What the frameworks' own converters take.
_LANGUAGES = {
    "starlette": {
        "int": "[0-9]+",
        "float": r"[0-9]+(\.[0-9]+)?",
        "uuid": "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
    },
    "flask": {
        "int": r"\d+",
        "float": r"\d+\.\d+",
        "uuid": "[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}",
    },
}
_PLAIN = ("str", "string", "default", None)


def template(text: str, framework: str, span: Span) -> PathTemplate:
    """The template of a whole path."""
    language = "flask" if framework == "flask" else "starlette"
    if language == "flask":
        text, given = _converted(text)
    else:
        given = {}
    segments = tuple(_segment(word, language, given, span) for word in _words(text))
    return PathTemplate(_spelled(text), segments if text.startswith("/") else (), span)


def _words(text: str) -> list[str]:
    """What stands between the slashes; one in a parameter does not count."""
    return text[1:].split("/") if text.startswith("/") else [text]


def _converted(text: str) -> tuple[str, dict[str, str]]:
    """A rule of Werkzeug in the common form, and the languages of ``any(...)``, by name."""
    languages: dict[str, str] = {}

    def one(found: re.Match[str]) -> str:
        converter, given, name = found.groups()
        if converter == "any" and given is not None:
            words = [word.strip().strip("\"'") for word in given.split(",")]
            languages[name] = "|".join(map(re.escape, words))
        return f"{{{name}}}" if converter in _PLAIN else f"{{{name}:{converter}}}"

    return _WERKZEUG.sub(one, text), languages


def _spelled(text: str) -> str:
    return _STARLETTE.sub(lambda one: f"{{{one[1]}}}" if one[2] in _PLAIN else one[0], text)


def _segment(word: str, language: str, given: dict[str, str], span: Span) -> Segment:
    found = list(_STARLETTE.finditer(word))
    if not found:
        return Static(word)
    first = found[0]
    if len(found) == 1 and first[0] == word:
        name, converter = first[1], first[2]
        if converter == "path":
            return Dynamic(name, "path", span)
        own = given.get(name) or _LANGUAGES[language].get(converter or "")
        kind = converter if converter in ("int", "float", "uuid") else "str"
        return Dynamic(name, kind, span, pattern=own or "")
    pattern, at = "", 0
    for one in found:
        pattern += re.escape(word[at : one.start()]) + f"({_language(one, language, given)})"
        at = one.end()
    kind = "path" if any(one[2] == "path" for one in found) else "str"
    return Dynamic(first[1], kind, span, pattern=pattern + re.escape(word[at:]))


def _language(one: re.Match[str], language: str, given: dict[str, str]) -> str:
    if one[2] == "path":
        return "[^/].*?" if language == "flask" else ".*"
    return given.get(one[1]) or _LANGUAGES[language].get(one[2] or "") or "[^/]+"
