"""What goes wrong on the way to an answer, as exceptions.

``HTTPError`` is the user's too; the others are raised by binding and turned into answers by the serving core.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: ``(in, path, message)``: where a value was, which one it was, what is wrong with it.
Fault = tuple[str, str, str]


class HTTPError(Exception):
    """``raise HTTPError(404, "no such user")``: answered by a problem document of that status."""

    def __init__(
        self, status: int, detail: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        if not isinstance(status, int) or isinstance(status, bool) or not 400 <= status <= 599:
            raise ValueError(f"an HTTPError's status is 400 to 599, not {status!r}")
        super().__init__(status, detail)
        self.status = int(status)
        self.detail = detail
        self.headers = headers

    def __str__(self) -> str:
        return f"{self.status}: {self.detail}" if self.detail else str(self.status)


class Invalid(HTTPError):
    """A request that decodes but does not validate: 422 with every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(422, "the request does not validate")
        self.faults = tuple(faults)


class Refused(ValueError):
    """A path value that an annotation does not accept: the route does not match."""


class Loaded(Exception):
    """A lazy group has just been imported: its routes are looked up, and their entries run, once more."""


class Disconnected(HTTPError):
    """The client went away while its body was read: whatever is answered, nobody sees it."""

    def __init__(self) -> None:
        super().__init__(400, "the client went away")


def invalid(faults: Sequence[Fault]) -> Invalid:
    """The exception to raise when ``faults`` is not empty."""
    return Invalid(faults)
