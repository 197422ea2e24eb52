"""App → its door for questions about itself: patterns of the dispatch plan, and entries of the wiring.

An app that does not ask for it has neither.
"""

from conduitc.codegen.code import constant
from conduitc.codegen.entries import Entries
from conduitc.ir.dispatch import Pattern
from conduitc.ir.nodes import App, Dynamic, Segment, Static
from conduitc.span import NOWHERE


def doors(app: App, index: int) -> list[Pattern]:
    """Where questions are answered, from number ``index`` of the tables on."""
    return [
        Pattern(index + number, tuple(sorted(methods)), tuple(map(_segment, path[1:].split("/"))))
        for number, (methods, path) in enumerate(app.introspection_doors)
    ]


def _segment(text: str) -> Segment:
    return Dynamic("asked", "path", NOWHERE) if text == "*" else Static(text)


def emit_introspection(entries: Entries) -> None:
    """The entries; whether introspection is on is known when the app starts."""
    app, found = entries.app, entries.app.introspection
    if found is None:
        return
    place = entries.places[app.declaration.slot, app.declaration.turn]
    given = [f"at.option({place}, 'introspection')", constant(found.asked)]
    given += [str(len(app.introspection_doors)), "__file__", "app"]
    entries.code.call("entries += introspected", given)
