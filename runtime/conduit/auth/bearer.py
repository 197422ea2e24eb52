"""``Bearer``: tokens that say nothing by themselves, verified by a function of the app's."""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import TYPE_CHECKING

from conduit.auth.policy import Policy
from conduit.auth.token import Invalid, Token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


class Bearer:
    """``verify(token)`` gives the ``Token`` that a text stands for, or None; an ``async def`` runs on the
    event loop, a ``def`` on a thread.

    ``audience`` is what the service is called, ``issuer`` who makes its tokens, ``scopes`` what each of them
    needs. Where both this and the token name an audience, they must have one in common. What was verified is
    taken on trust for ``remember`` seconds, or until the token expires.
    """

    def __init__(
        self,
        verify: Callable[[str], Token | None] | Callable[[str], Awaitable[Token | None]],
        *,
        audience: str | Sequence[str] = (),
        issuer: str | None = None,
        scopes: Sequence[str] = (),
        remember: float = 60,
    ) -> None:
        if not callable(verify):
            raise TypeError(f"verify is a function, not {type(verify).__name__}")
        self._verify = verify
        self.policy = Policy(audience, issuer, scopes)
        self.remember = remember

    def prepare(self) -> None:
        """Nothing has to be read before the first token comes."""

    def check(self, text: str) -> Token | Awaitable[Token]:
        """The token, to be awaited."""
        return self._checked(text)

    async def _checked(self, text: str) -> Token:
        if iscoroutinefunction(self._verify):
            found = await self._verify(text)
        else:
            from conduit.http.threads import settle_in_thread

            found = await settle_in_thread(self._verify, text)
        if found is None:
            raise Invalid("the token is not known")
        if not isinstance(found, Token):
            raise TypeError(f"verify gives a Token or None, not {type(found).__name__}")
        if found.audience and self.policy.audience and not set(found.audience) & set(self.policy.audience):
            raise Invalid("the token was made for another audience")
        return found
