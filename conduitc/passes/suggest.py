"""Help for messages: lists of names, text that can be pasted."""

from collections.abc import Iterable

from conduitc.suggest import quoted

__all__ = ["listed", "quoted"]


def listed(names: Iterable[str], last: str = "and") -> str:
    """```a`, `b` and `c```."""
    every = [f"`{name}`" for name in names]
    return f"{', '.join(every[:-1])} {last} {every[-1]}" if len(every) > 1 else "".join(every)
