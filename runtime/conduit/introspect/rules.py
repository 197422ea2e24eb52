"""How a framework itself has things done: what is answered where a code base has no convention of its own.

Per dialect, each with a text that can be copied; ``rule_texts`` has these.
"""

from __future__ import annotations

from conduit.introspect import rule_texts as texts


class Rule:
    """``words`` are others that one may ask with; ``example`` can be copied, names aside."""

    __slots__ = ("category", "example", "id", "title", "words")

    def __init__(self, slug: str, category: str, title: str, words: str, example: str) -> None:
        self.id = slug
        self.category, self.title, self.words, self.example = category, title, words, example


#: Topic: category, title; other words that one may ask with.
_TOPICS = """\
endpoint: route, add a route; endpoint path url api operation new create handler
group: route, put routes into a group with a prefix; router blueprint include module version tag
path: route, take a value from the path; parameter converter int id url segment
query: handler, take a value from the query string; query parameter search filter optional default
body: schema, take a JSON body; body payload schema model json post data class validate
header: handler, read a header; header cookie request
status: route, answer with another status; status code 201 204 created response
error: error, answer with an error; raise return exception 404 400 409 not found status abort
catch: error, answer for an exception; exception handler catch error translate map global
bounds: validation, bound a value; validate constraint minimum maximum length range regex limit field
auth: auth, ask who is calling; authenticate login token user protect secure guard authorize 401 403
around: middleware, run code around every request; middleware before after log timing intercept
asgi: middleware, add a ready-made middleware; cors gzip compress third party asgi origin
depend: handler, share what handlers need; dependency provider inject database session connection
test: test, test a route; client pytest endpoint request assert unit
start: handler, run code at start and at the end; startup shutdown lifespan connect database pool
socket: route, take WebSocket connections; websocket socket connection realtime live chat
tool: handler, offer a tool to models; mcp model assistant agent llm
redirect: handler, send the client elsewhere; redirect location
"""


def rules_of(dialect: str) -> list[Rule]:
    """What there is to say of a framework; nothing of one that is not known."""
    examples: dict[str, str] = {}
    for text in _DIALECTS.get(dialect, ()):
        examples |= _parts(text)
    found = []
    for line in _TOPICS.splitlines():
        slug, _, rest = line.partition(": ")
        about, _, others = rest.partition("; ")
        category, _, title = about.partition(", ")
        if slug in examples:
            found.append(Rule(f"rule:{dialect}/{slug}", category, title, others, examples[slug]))
    return found


def _parts(text: str) -> dict[str, str]:
    """``[topic]`` on a line of its own, then its example, up to an empty line and the next topic."""
    pieces = f"\n{text}".split("\n[")[1:]
    parts = (piece.partition("]\n") for piece in pieces)
    return {slug: example.strip("\n") for slug, _, example in parts}


#: Later texts stand for earlier ones.
_DIALECTS = {
    "conduit": (texts.CONDUIT,),
    "starlette": (texts.STARLETTE,),
    "fastapi": (texts.STARLETTE, texts.FASTAPI),
    "flask": (texts.FLASK,),
}

__all__ = ["Rule", "rules_of"]
