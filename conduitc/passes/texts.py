"""Text that no document can carry: lone surrogates, halves of characters that UTF-8 does not have.

In: the whole App. Out: the same App. Such text comes from escapes (``"\\ud800"``) and from file names that
are no UTF-8. What functions do with constants inside their bodies is their own.

``@app.get("/", summary="a\\ud800")``   →   CDT114 at the route
"""

from collections.abc import Iterator

import msgspec

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.ir.nodes import App, Effects
from conduitc.span import Span

_ENCODER = msgspec.msgpack.Encoder(enc_hook=repr)


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    try:
        _ENCODER.encode(app)  # a fiftieth of what a walk costs
    except (UnicodeEncodeError, OverflowError):
        found = {(span.file, span.line): (text, span) for text, span in _halves(app, app.span)}
        return app, tuple(NOT_UNICODE.at(span, text=text) for text, span in found.values())
    return app, ()


def _halves(node: object, span: Span) -> Iterator[tuple[str, Span]]:
    """Every text that cannot be encoded, and the nearest place above it."""
    if isinstance(node, str):
        if not node.isascii() and (text := node.encode("utf-8", "backslashreplace").decode()) != node:
            yield text, span
    elif isinstance(node, msgspec.Struct) and not isinstance(node, Effects | Span):
        own = getattr(node, "span", span)
        for name in node.__struct_fields__:
            yield from _halves(getattr(node, name), own)
    elif isinstance(node, tuple | list):
        for one in node:
            yield from _halves(one, span)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _halves((key, value), span)


NOT_UNICODE = Rule(
    code="CDT114",
    slug="text-without-meaning",
    severity="error",
    message="`{text}` cannot be written as UTF-8, so no answer or document can carry it",
    docs="""A lone surrogate (`\\ud800` to `\\udfff`) is half of a pair that UTF-16 uses for one character.
Python keeps it in a string, but UTF-8 has no form for it: neither a request nor an answer, neither the
OpenAPI document nor the metadata can hold it. Write the whole character (`\\U0001f600`), or keep bytes as
bytes. Names of files that are not UTF-8 look the same to Python: rename them.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/faces", summary="Smile \\ud83d\\ude00")
def faces():
    return []
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/faces", summary="Smile \\U0001f600")
def faces():
    return []
""",
)
