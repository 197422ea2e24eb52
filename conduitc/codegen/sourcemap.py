"""Where generated lines come from: ``_conduit/sourcemap.json``.

``lines`` holds, for each generated module, rows ``[line, file, source line, source column]``: from that line
to the next row's, the text was made from that place. Several rows of one line mean several places: routes
that share an adapter. ``slots`` says which declaring call has which ``_slot``.
"""

import json
from collections.abc import Mapping, Sequence

from conduitc.ir.nodes import App
from conduitc.span import Span

VERSION = 1


def emit_sourcemap(app: App, marks: Mapping[str, Sequence[tuple[int, Span]]]) -> str:
    """The map's text; ``marks`` are those of each generated module."""
    lines = {
        module: [[line, span.file, span.line, span.column] for line, span in found]
        for module, found in marks.items()
    }
    slots = {
        slot.slot: [module.file, slot.span.line, slot.span.column]
        for module in app.modules
        for slot in module.slots
    }
    return json.dumps({"version": VERSION, "lines": lines, "slots": slots}, sort_keys=True) + "\n"
