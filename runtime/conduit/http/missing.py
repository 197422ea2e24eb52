"""What is answered where no route matches: 308, 204 and 405 with ``Allow``, the app's fallback, 404, 400."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conduit.http.answers import empty
from conduit.http.entry import Entry, Folded, constant
from conduit.http.matching import BadPath, Matcher, other_address
from conduit.http.problem import problem
from conduit.http.response import Redirect

if TYPE_CHECKING:
    from conduit.http.entry import Answer, Finders, Hit, Scope


class Missing:
    """Looks again by all the rules of matching; a miss becomes an entry too, so one path serves all."""

    def __init__(self, finders: Finders, fallback: Entry | None, redirect_slashes: bool) -> None:
        self._matcher = Matcher(finders)
        self._redirect_slashes = redirect_slashes
        nowhere = constant(Folded(problem(404).messages()), (), "404")
        self._nowhere: Hit = (nowhere if fallback is None else fallback,)

    def locate(self, scope: Scope) -> Hit:
        """The route, or what answers in its place."""
        method: str = scope["method"]
        try:
            hit = self._matcher.find(scope, method)
            if hit is not None:
                return hit
            if self._redirect_slashes and self._matcher.find(scope, method, other_slash=True) is not None:
                return _instead(Redirect(other_address(scope), 308), "308")
            allowed = self._matcher.allowed(scope)
        except BadPath as fault:
            return _instead(problem(400, str(fault)), "400")
        if not allowed:
            return self._nowhere
        return _other_methods(method, ", ".join(allowed))


def _other_methods(method: str, allow: str) -> Hit:
    if method == "OPTIONS":
        start, body = empty(204)
        start["headers"].append((b"allow", allow.encode("latin-1")))
        return _instead((start, body), "OPTIONS")
    response = problem(405)
    response.headers["allow"] = allow
    return _instead(response, "405")


def _instead(answer: Answer, name: str) -> Hit:
    return (Entry(lambda scope, hit: answer, False, (), name),)
