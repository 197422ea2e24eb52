"""What can go wrong with a metadata.json, and with a question."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class MetadataError(Exception):
    """The file is no metadata.json that this version can read; says why in one line."""


class QueryError(Exception):
    """A question that has no answer.

    ``code``: ``unknown`` (there is no such thing; ``candidates`` are what was probably meant), ``ambiguous``
    (``candidates`` are the ids of all that are called so), ``wrong`` (the question is not understood).
    """

    def __init__(self, code: str, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.candidates = list(candidates)
