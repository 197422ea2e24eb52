"""A question by its name and arguments → its answer, noted in the audit; what cannot be answered is a
``ToolError``, in words that a model can act on.
"""

from __future__ import annotations

from conduit.introspect.errors import MetadataError, QueryError
from conduit.introspect.tools.budget import short
from conduit.introspect.tools.questions import QUESTIONS
from conduit.introspect.tools.tokens import MOST, tokens
from conduit.mcp.content import ToolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from conduit.introspect.codebase import Codebase

    #: Whatever writes a line an access: how it was asked, question, arguments, outcome.
    Note = Callable[[str, str, dict[str, Any], str], None]

#: Characters of a reason and of a name in it, and how many names.
_LONGEST, _NAME, _MOST = 180, 160, 10
#: Outcomes, as the audit tells them.
_OUTCOMES = {"wrong": "refused", "unknown": "no answer", "ambiguous": "no answer"}


class Answering:
    """``codebase()`` gives the code base as it is now; ``note`` is called once for each question, before its
    answer goes out: what cannot be noted is not answered."""

    def __init__(self, codebase: Callable[[], Codebase], note: Note | None = None) -> None:
        self._codebase = codebase
        self._note = note

    def __call__(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The answer to one of ``QUESTIONS``.

        Raises:
            ToolError: there is none; the message says why, and what was probably meant.
        """
        outcome = "failed"
        try:
            question = QUESTIONS[name]
            answer = question.answered(self._codebase(), question.checked(arguments))
            outcome = "ok"
            return answer
        except QueryError as error:
            outcome = _OUTCOMES[error.code]
            raise refused(error.message, error.code, error.candidates) from None
        except MetadataError as error:
            outcome = "no answer"
            raise refused(str(error), "unread") from None
        finally:
            self._noted(name, arguments, outcome)

    def _noted(self, name: str, arguments: dict[str, Any], outcome: str) -> None:
        if self._note is None:
            return
        try:
            self._note("mcp", name, shortened(arguments), outcome)
        except OSError as error:
            said = f"the audit cannot be written, so nothing is answered: {error.strerror}"
            raise ToolError(said) from None


def shortened(arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the audit tells them: whatever a client sends, a line of it is small."""
    found: dict[str, Any] = short(arguments, _LONGEST, _MOST, 2)
    return found


def refused(why: str, code: str, candidates: Sequence[str] = ()) -> ToolError:
    """Why there is no answer, and what was probably meant; ``code`` is that of a ``QueryError``."""
    said = short(why, _LONGEST, 1)
    names = [short(one, _NAME, 1) for one in candidates[:_MOST]]
    while names and tokens("".join(names)) > MOST // 2:
        names.pop()
    if not names:
        return ToolError(said)
    if code != "ambiguous":
        return ToolError(f"{said}; did you mean {' or '.join(names)}?")
    rest = len(candidates) - len(names)
    return ToolError(f"{said}: {', '.join(names)}{f' and {rest} more' if rest else ''}")
