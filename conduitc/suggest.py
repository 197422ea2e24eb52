"""A name that is not known, and those that are → the one that was probably meant; text that can be pasted."""

from collections.abc import Iterable

import msgspec


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` was probably meant to be, if there is one."""
    known = list(candidates)
    folded = {_folded(one): one for one in known}
    return folded.get(_folded(name)) or _near(name, known)


def same(name: str, other: str) -> bool:
    """Do two names differ in case, ``_`` and ``-`` only?"""
    return _folded(name) == _folded(other)


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """``did you mean `x`?``, or None."""
    match = closest(name, candidates)
    return f"did you mean `{match}`?" if match else None


def quoted(text: str) -> str:
    """A string literal in double quotes, as Python reads it; what UTF-8 does not have is escaped."""
    if not text.isascii() and text.encode("utf-8", "ignore").decode() != text:
        return '"' + "".join(quoted(one)[1:-1] if one.isascii() else ascii(one)[1:-1] for one in text) + '"'
    return msgspec.json.encode(text).decode()


def _near(name: str, known: list[str]) -> str | None:
    from difflib import get_close_matches  # only faulty programs pay for it

    return next(iter(get_close_matches(name, known, 1)), None)


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
