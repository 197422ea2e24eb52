"""Markers that say where a parameter comes from: ``Annotated[str, Header()]``. The compiler reads them."""

from __future__ import annotations


class Place:
    """A place; ``name`` is the one on the wire, where it is not the parameter's."""

    __slots__ = ("name",)

    def __init__(self, name: str | None = None) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'' if self.name is None else repr(self.name)})"


class Query(Place):
    """The query string."""

    __slots__ = ()


class Body(Place):
    """The JSON body."""

    __slots__ = ()


class Header(Place):
    """A header; its name is the parameter's with ``-`` for ``_`` unless given."""

    __slots__ = ()


class Cookie(Place):
    """A cookie."""

    __slots__ = ()
