"""The keywords of a route, in one place.

In: ``app.get("/x", status=201)``. Out: a decorator that records its function. The compiler reads the keywords
from the source; only those that carry objects (``middleware``, ``response``) are kept at run time.
"""

from __future__ import annotations

from conduit.record import check_callable, check_text, note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Protocol, TypeVar

    from conduit.record import Row

    H = TypeVar("H")

    class Decorator(Protocol):
        """Gives back what it is given."""

        def __call__(self, handler: H, /) -> H: ...

    class Owner(Protocol):
        """What routes are declared on."""

        _record: list[Row]

    class Verb(Protocol):
        """``app.get`` and its kin, as a type checker sees them."""

        def __call__(
            self,
            path: str,
            *,
            name: str | None = None,
            status: int = 200,
            tags: Sequence[str] = (),
            summary: str | None = None,
            description: str | None = None,
            deprecated: bool = False,
            response: Any = None,
            include_in_schema: bool = True,
            middleware: Sequence[Callable[..., Any]] = (),
            blocking: bool | None = None,
            timeout: float | None = None,
            max_body: int | None = None,
            _slot: int | None = None,
        ) -> Decorator: ...


def verb(method: str) -> Verb:
    """The declaring method for one HTTP method."""
    prefix = method + " "

    def declare(
        self: Owner,
        path: str,
        *,
        name: str | None = None,
        status: int = 200,
        tags: Sequence[str] = (),
        summary: str | None = None,
        description: str | None = None,
        deprecated: bool = False,
        response: Any = None,
        include_in_schema: bool = True,
        middleware: Sequence[Callable[..., Any]] = (),
        blocking: bool | None = None,
        timeout: float | None = None,
        max_body: int | None = None,
        _slot: int | None = None,
    ) -> Decorator:
        if type(path) is not str:
            check_text("a route's path", path)
        return recorder(self._record, prefix + path, middleware, response, _slot)

    declare.__name__ = method.lower()
    declare.__qualname__ = f"Declaring.{method.lower()}"
    declare.__doc__ = f"Declare that ``{method}`` requests for ``path`` go to the decorated handler."
    return declare  # type: ignore[return-value]  # bound to its owner where it stands in a class


def recorder(
    record: list[Row],
    key: str,
    middleware: Sequence[Callable[..., Any]],
    response: Any,
    slot: int | None,
    kind: str = "route",
) -> Decorator:
    """The decorator that writes one route down."""
    options = {"middleware": middleware, "response": response} if middleware or response is not None else None

    def decorate(handler: H) -> H:
        if not callable(handler):
            check_callable(kind, handler)
        note(record, slot, kind, key, handler, options=options)
        return handler

    return decorate


def methods_of(methods: Iterable[str]) -> str:
    """``["GET", "POST"]`` as a key spells it.

    Raises:
        TypeError: not a list of strings.
    """
    if isinstance(methods, str):
        raise TypeError(f"methods must be a list of strings, got the string {methods!r}")
    listed = list(methods)
    for method in listed:
        check_text("a method", method)
    if not listed:
        raise TypeError("methods must name at least one method")
    return ",".join(listed)
