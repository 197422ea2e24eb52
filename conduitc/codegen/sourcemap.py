"""Where generated lines come from: ``_conduit/sourcemap.json``.

``lines`` holds, for each generated module, rows ``[line, file, source line, source column]``: from that line
to the next row's, the text was made from that place. Several rows of one line mean several places: routes
that share an adapter. ``slots`` says which declaring call has which ``_slot``, ``routes`` where each route is
declared, by its id, ``modules`` what each file is imported as. ``masked`` has ``[line, column]`` where a
secret begins: logs show nothing of the line from there on.
"""

import json
from collections.abc import Mapping, Sequence

from conduitc.ir.nodes import App
from conduitc.ir.secrets import places
from conduitc.span import Span

VERSION = 1


def emit_sourcemap(
    app: App, marks: Mapping[str, Sequence[tuple[int, Span]]], texts: Mapping[str, str]
) -> str:
    """The map's text; ``marks`` are those of each generated module, ``texts`` the sources by file."""
    lines = {
        module: [[line, span.file, span.line, span.column] for line, span in found]
        for module, found in marks.items()
    }
    slots = {
        slot.slot: [module.file, slot.span.line, slot.span.column]
        for module in app.modules
        for slot in module.slots
    }
    document = {
        "version": VERSION,
        "lines": lines,
        "slots": slots,
        "routes": {route.id: [route.span.file, route.span.line, route.span.column] for route in app.routes},
        "modules": {module.file: module.name for module in app.modules if module.file},
        "masked": {file: found for file, text in texts.items() if (found := places(text))},
    }
    return json.dumps(document, sort_keys=True) + "\n"
