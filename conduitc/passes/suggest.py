"""Help for messages: lists of names, text that can be pasted."""

from collections.abc import Iterable

import msgspec


def listed(names: Iterable[str], last: str = "and") -> str:
    """```a`, `b` and `c```."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def quoted(text: str) -> str:
    """A string literal in double quotes, as Python reads it."""
    return msgspec.json.encode(text).decode()
