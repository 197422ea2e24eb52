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
from conduitc.kept import Kept
from conduitc.span import Span

VERSION = 1


def emit_sourcemap(
    app: App,
    marks: Mapping[str, Sequence[tuple[int, Span]]],
    texts: Mapping[str, str],
    kept: Kept | None = None,
) -> str:
    """The map's text; ``marks`` are those of each generated module, ``texts`` the sources by file. The same
    text is not searched twice for secrets where something is ``kept``."""
    masked = {file: _masked(text, kept) for file, text in texts.items()}
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
        "masked": {file: found for file, found in masked.items() if found},
    }
    return json.dumps(document, sort_keys=True) + "\n"


def _masked(text: str, kept: Kept | None) -> tuple[tuple[int, int], ...]:
    if kept is None:
        return tuple(places(text))
    return kept.get("secrets", text, lambda: tuple(places(text)))
