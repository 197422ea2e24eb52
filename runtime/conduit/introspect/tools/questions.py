"""The eight questions that models can ask: what each is called, says of itself and takes, and in which room
it is answered.

From this table come the tools' schemas, the check of their arguments, and the page in docs/. Descriptions are
written for a model: what is answered, when to ask, one example.
"""

from __future__ import annotations

from conduit.introspect.errors import QueryError
from conduit.introspect.filters import FACETS, KINDS
from conduit.introspect.patterns import CATEGORIES
from conduit.introspect.queries import Query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from conduit.introspect.codebase import Codebase

    Ask = Callable[..., dict[str, Any]]

_JSON = {str: "string", int: "integer"}
#: Characters of a text that is asked with. What was meant by a long one takes long to guess.
LONGEST = 500


class Argument:
    """One argument: its type, what a model is told of it, and the values that there are, where they are few.
    One with a ``default`` need not be given."""

    __slots__ = ("about", "default", "kind", "needed", "values")

    def __init__(
        self,
        kind: type,
        about: str,
        *,
        needed: bool = False,
        values: tuple[str, ...] = (),
        default: str | None = None,
    ) -> None:
        self.kind, self.about, self.needed, self.values, self.default = kind, about, needed, values, default

    def schema(self) -> dict[str, Any]:
        made: dict[str, Any] = {"type": _JSON[self.kind], "description": self.about}
        if self.kind is int:
            made["minimum"] = 0
        if self.values:
            made["enum"] = [*self.values]
        return made if self.default is None else {**made, "default": self.default}


class Question:
    """``room`` is the module here whose function of the question's name answers it; ``example`` are arguments
    to show."""

    __slots__ = ("about", "example", "name", "room", "takes", "title")

    def __init__(
        self,
        name: str,
        title: str,
        about: str,
        takes: Mapping[str, Argument],
        example: Mapping[str, Any],
        room: str,
    ) -> None:
        self.name, self.title, self.about, self.takes = name, title, about, takes
        self.example, self.room = example, room

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as the function takes them.

        Raises:
            QueryError: one is not known, of another type, too long, or missing.
        """
        needs = {name: one.kind for name, one in self.takes.items() if one.needed}
        takes = {name: one.kind for name, one in self.takes.items()}
        said = {name: one for name, one in arguments.items() if one != "" or name in needs}
        given = Query(self.name, self.about, needs, takes).checked(said)
        for name, value in given.items():
            values = self.takes[name].values
            if values and value not in values:
                raise QueryError("wrong", f"no {name} {value!r:.80}; there are {', '.join(values)}", [])
            if isinstance(value, str) and len(value) > LONGEST:
                raise QueryError("wrong", f"{name!r} is longer than {LONGEST} characters")
        return given

    def answered(self, codebase: Codebase, given: dict[str, Any]) -> dict[str, Any]:
        """The answer, within its budget; ``given`` is what ``checked`` gave.

        Raises:
            QueryError: there is no such thing, or a filter is not understood.
        """
        from importlib import import_module

        ask: Ask = getattr(import_module(f"conduit.introspect.tools.{self.room}"), self.name)
        return ask(codebase, **given)

    def listed(self) -> dict[str, Any]:
        """As ``tools/list`` shows it."""
        needed = [name for name, one in self.takes.items() if one.needed]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: one.schema() for name, one in self.takes.items()},
            **({"required": needed} if needed else {}),
            "additionalProperties": False,
        }
        return {
            "name": self.name,
            "title": self.title,
            "description": f"{self.about} Example: {_shown(self.example)}",
            "inputSchema": schema,
            "outputSchema": ANSWER,
            "annotations": READS,
        }


def _shown(example: Mapping[str, Any]) -> str:
    import json

    return json.dumps(example, ensure_ascii=False)


#: What every answer has.
ANSWER = {
    "type": "object",
    "properties": {
        "span": {"type": ["object", "null"]},
        "confidence": {"type": "number"},
        "example": {"type": ["object", "null"]},
        "complete": {"type": "boolean"},
    },
    "required": ["span", "confidence", "example", "complete"],
}
#: Nothing here changes anything, or looks beyond this code base.
READS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}

_NAME = "an id, a name, 'METHOD /path', 'schema.User' or 'function:app.get_user'"
_SKIP = Argument(int, "to go on: leave out so many of the first")
_FILTERS = ", ".join(f"{facet}:" for facet in FACETS)

QUESTIONS = {
    one.name: one
    for one in (
        Question(
            "overview",
            "What this app is",
            "What the app consists of: counts, areas of routes, tools, conventions, what most depends on. "
            "Ask it first.",
            {},
            {},
            "whole",
        ),
        Question(
            "find",
            "Find resources, or all about one",
            "Routes, functions, schemas, tools, middleware and so on. A name or id gives all about that one "
            "(fields with types, parameters, docs, facts); a filter or words in ids give a list. Ask it "
            "instead of searching files.",
            {
                "query": Argument(
                    str,
                    f"{_NAME}; or filters, all of which must hold: {_FILTERS} (kinds: {', '.join(KINDS)})",
                    needed=True,
                ),
                "skip": _SKIP,
            },
            {"query": "kind:route method:POST uses:schema.User"},
            "lookup",
        ),
        Question(
            "who_handles",
            "Which route answers a URL",
            "Which route and function answer a request, with what values, what runs before, and why similar "
            "routes do not. Ask it before changing or adding a route.",
            {
                "url": Argument(str, "a path or URL as a client sends it", needed=True),
                "method": Argument(str, "the HTTP method", default="GET"),
            },
            {"method": "GET", "url": "/users/7"},
            "routing",
        ),
        Question(
            "effective_stack",
            "What runs around a route's handler",
            "Middleware, dependencies and parameters of a route in the order in which they run, and who "
            "catches exceptions. Ask it about auth, transactions, or a response nobody seems to send.",
            {"route": Argument(str, "'METHOD /path' as declared, or the route's id", needed=True)},
            {"route": "GET /users/{id:int}"},
            "routing",
        ),
        Question(
            "deps_and_impact",
            "What it needs, and who breaks",
            "What a resource needs (direction: needs), or everything that may behave otherwise once it, or "
            "one field of it, changes (direction: impact). Ask it before changing or removing anything.",
            {
                "name": Argument(str, f"{_NAME}; with impact also 'User.email', a field", needed=True),
                "direction": Argument(str, "which way to go", values=("impact", "needs"), default="impact"),
                "skip": _SKIP,
            },
            {"name": "schema.User", "direction": "impact"},
            "relating",
        ),
        Question(
            "how_do_i",
            "How something is done here",
            "How this code base usually does a thing: conventions, routes and schemas to follow, with code "
            "to copy. Ask it before writing anything new.",
            {"question": Argument(str, "the task in words", needed=True)},
            {"question": "add an authenticated endpoint"},
            "conventions",
        ),
        Question(
            "patterns",
            "The conventions of this code base",
            "Conventions with how many follow, and who does not; by id the template, followers, exceptions "
            "and an example. Ask it to check what was written against what is usual.",
            {
                "category": Argument(str, "one kind of conventions", values=CATEGORIES),
                "id": Argument(str, "one convention, for all about it"),
                "skip": _SKIP,
            },
            {"category": "auth"},
            "conventions",
        ),
        Question(
            "unresolved",
            "What is not known",
            "What the analysis could not prove, where and why: whatever else is answered here is derived "
            "from source. Ask it when an answer's confidence is below 1 or something is missing.",
            {
                "within": Argument(str, "a part of a file's path, a name or a reason"),
                "skip": _SKIP,
            },
            {"within": "routes/users.py"},
            "whole",
        ),
    )
}
