"""Help for messages: what was probably meant, lists of names, text that can be pasted."""

from collections.abc import Iterable

import msgspec


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``name`` was probably meant to be, if there is one."""
    from difflib import get_close_matches  # only faulty programs pay for it

    known = list(candidates)
    folded = {one.lower().replace("_", "").replace("-", ""): one for one in known}
    same = folded.get(name.lower().replace("_", "").replace("-", ""))
    return same or next(iter(get_close_matches(name, known, 1)), None)


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """``did you mean `x`?``, or None."""
    match = closest(name, candidates)
    return f"did you mean `{match}`?" if match else None


def listed(names: Iterable[str], last: str = "and") -> str:
    """```a`, `b` and `c```."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def quoted(text: str) -> str:
    """A string literal in double quotes, as Python reads it."""
    return msgspec.json.encode(text).decode()
