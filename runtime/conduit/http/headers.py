"""Multi-value views of what a request carries, and the headers of a response.

In: raw header pairs or parsed lists. Out: ``view[key]`` is the last value, ``view.getlist(key)`` all of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeVar

    T = TypeVar("T")
    RawPair = tuple[bytes, bytes]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN = re.compile(r"[\r\n\0]")


class Values:
    """Keys with one value or several. ``lists`` is what readers look into."""

    __slots__ = ("lists",)

    def __init__(self, lists: dict[str, list[str]]) -> None:
        self.lists = lists

    def __getitem__(self, key: str) -> str:
        return self.lists[key][-1]

    def __contains__(self, key: object) -> bool:
        return key in self.lists

    def __iter__(self) -> Iterator[str]:
        return iter(self.lists)

    def __len__(self) -> int:
        return len(self.lists)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lists!r})"

    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: T) -> str | T: ...
    def get(self, key: str, default: object = None) -> object:
        """The last value of ``key``, or ``default``."""
        values = self.lists.get(key)
        return default if values is None else values[-1]

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``, in order; none is an empty list."""
        return list(self.lists.get(key, ()))

    def keys(self) -> Iterable[str]:
        return self.lists.keys()

    def values(self) -> list[str]:
        return [values[-1] for values in self.lists.values()]

    def items(self) -> list[tuple[str, str]]:
        """Each key once, with its last value."""
        return [(key, values[-1]) for key, values in self.lists.items()]


class Headers(Values):
    """A request's headers: latin-1, blind to case."""

    __slots__ = ()

    def __getitem__(self, key: str) -> str:
        return self.lists[key.lower()][-1]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self.lists

    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: T) -> str | T: ...
    def get(self, key: str, default: object = None) -> object:
        """The last value of ``key``, or ``default``."""
        values = self.lists.get(key.lower())
        return default if values is None else values[-1]

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``, in order; none is an empty list."""
        return list(self.lists.get(key.lower(), ()))


def request_headers(raw: Iterable[RawPair]) -> Headers:
    """The view of ASGI's header pairs."""
    lists: dict[str, list[str]] = {}
    for name, value in raw:
        lists.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return Headers(lists)


class MutableHeaders:
    """A response's headers, in the order they were set. Names are kept in lower case.

    ``pairs`` is what is sent. Setting replaces all values of a name where it first stood; ``append`` adds
    one.
    """

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[RawPair]) -> None:
        self.pairs = pairs

    def __getitem__(self, key: str) -> str:
        values = self.getlist(key)
        if not values:
            raise KeyError(key)
        return values[-1]

    def __setitem__(self, key: str, value: str) -> None:
        pair = raw_pair(key, value)
        places = [place for place, (name, _) in enumerate(self.pairs) if name == pair[0]]
        if not places:
            self.pairs.append(pair)
            return
        self.pairs[places[0]] = pair
        for place in reversed(places[1:]):
            del self.pairs[place]

    def __delitem__(self, key: str) -> None:
        name = key.lower().encode("latin-1")
        kept = [pair for pair in self.pairs if pair[0] != name]
        if len(kept) == len(self.pairs):
            raise KeyError(key)
        self.pairs[:] = kept

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self.getlist(key))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.decode("latin-1") for name, _ in self.pairs))

    def __len__(self) -> int:
        return len({name for name, _ in self.pairs})

    def __repr__(self) -> str:
        return f"MutableHeaders({self.pairs!r})"

    @overload
    def get(self, key: str) -> str | None: ...
    @overload
    def get(self, key: str, default: T) -> str | T: ...
    def get(self, key: str, default: object = None) -> object:
        """The last value of ``key``, or ``default``."""
        values = self.getlist(key)
        return values[-1] if values else default

    def getlist(self, key: str) -> list[str]:
        """All values of ``key``, in order."""
        wanted = key.lower().encode("latin-1")
        return [value.decode("latin-1") for name, value in self.pairs if name == wanted]

    def append(self, key: str, value: str) -> None:
        """One more value of ``key`` (``set-cookie``, say)."""
        self.pairs.append(raw_pair(key, value))

    def setdefault(self, key: str, value: str) -> str:
        """The value of ``key``, set to ``value`` where there is none."""
        if key not in self:
            self[key] = value
        return self[key]

    def update(self, headers: Mapping[str, str]) -> None:
        for key, value in headers.items():
            self[key] = value

    def keys(self) -> list[str]:
        return list(self)

    def items(self) -> list[tuple[str, str]]:
        """Every pair, repeated names too."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.pairs]


def raw_pair(name: str, value: str) -> RawPair:
    """A header as it is sent.

    Raises:
        TypeError: not text.
        ValueError: not a header: it would break the message, or another would begin inside it.
    """
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(f"a header is text: {name!r}: {value!r}")
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"not a header name: {name!r}")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the header {name} holds a line break or NUL")
    try:
        return name.lower().encode("ascii"), value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError(f"the header {name} holds a character outside latin-1") from None


def header_pairs(headers: Mapping[str, str] | Iterable[tuple[str, str]] | None) -> list[RawPair]:
    """What a user gave as headers, as it is sent."""
    if not headers:
        return []
    items = headers.items() if hasattr(headers, "items") else headers
    return [raw_pair(name, value) for name, value in items]
