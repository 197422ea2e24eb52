"""App and findings in → the text of metadata.json, version 1.0.0 (``schema-1.0.0.json`` beside this file).

Sorted and deterministic. One resource, edge or finding a line, so that two builds compare well and a reader
finds a resource by its offset.
"""

from collections.abc import Iterable, Sequence

import msgspec

from conduitc.codegen.metadata.contracts import door
from conduitc.codegen.metadata.edges import edges
from conduitc.codegen.metadata.lines import Line, id_of, renamed
from conduitc.codegen.metadata.parts import prose
from conduitc.codegen.metadata.patterns import patterns as listed_patterns
from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.metadata.resources import resources
from conduitc.codegen.metadata.routes import middlewares, routes
from conduitc.codegen.metadata.stripped import strip
from conduitc.codegen.metadata.unnamed import without_secret_names
from conduitc.codegen.metadata.unresolved import unresolved
from conduitc.codegen.schema_json import Json
from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App, Edge
from conduitc.ir.patterns import Pattern
from conduitc.kept import Kept

VERSION = "1.0.0"

_encoder = msgspec.json.Encoder(order="sorted")


def emit_metadata(
    app: App,
    diagnostics: Iterable[Diagnostic] = (),
    patterns: Iterable[Pattern] = (),
    *,
    stripped: bool = False,
    kept: Kept | None = None,
) -> str:
    """Everything that is known of ``app``, without secrets, personal data and absolute paths.

    ``stripped`` leaves out what a person wrote and where it stands. ``kept`` is what was written of the same
    nodes before.
    """
    app, patterns = without_secret_names(app, tuple(patterns))
    docs = {function.id: _said(function.doc, kept) for function in app.functions if function.doc}
    listed: list[Json | Line] = [*resources(app, docs, None if stripped else kept)]
    listed += [*routes(app, docs), *middlewares(app)]
    _tell_apart(listed)
    listed.sort(key=id_of)
    known = {id_of(one) for one in listed}
    related, dangling = _parted(edges(app), known)
    sections: dict[str, Sequence[Json | Line]] = {
        "resources": listed,
        "edges": [_edge(edge) for edge in related],
        "patterns": listed_patterns(patterns),
        "diagnostics": [_diagnostic(one) for one in sorted(diagnostics, key=_by_place)],
        "unresolved": unresolved(app, dangling),
    }
    head = _head(app)
    if stripped:
        head |= {"description": "", "stripped": True}
        sections = {name: strip(_plain(values)) for name, values in sections.items()}
    made = bytearray(f'{{"schema":"{VERSION}",\n"app":'.encode())
    _encoder.encode_into(head, made, -1)
    for name, values in sections.items():
        made += f',\n"{name}":['.encode()
        _write_lines(values, made)
        made += b"]"
    made += b"}\n"
    return made.decode()


def _said(doc: str, kept: Kept | None) -> str:
    return prose(doc) if kept is None else kept.get("prose", doc, lambda: prose(doc))


def _plain(values: Sequence[Json | Line]) -> list[Json]:
    """What is to be stripped was not taken from lines."""
    return [one for one in values if not isinstance(one, Line)]


def _tell_apart(listed: list[Json | Line]) -> None:
    """What is declared twice, a conflict that no build takes, still is two resources: ``id`` and ``id@2``."""
    counts: dict[str, int] = {}
    for place, one in enumerate(listed):
        id_ = id_of(one)
        count = counts[id_] = counts.get(id_, 0) + 1
        if count > 1:
            listed[place] = renamed(one, f"{id_}@{count}")


def _parted(found: list[Edge], known: set[str]) -> tuple[list[Edge], list[Edge]]:
    """Edges between resources, and those that lead to something else."""
    whole = [edge for edge in found if edge.source in known and edge.target in known]
    if len(whole) == len(found):
        return whole, []
    return whole, [edge for edge in found if not (edge.source in known and edge.target in known)]


def _edge(one: Edge) -> Json:
    made: Json = {"from": one.source, "to": one.target, "kind": one.kind, "span": one.span}
    return {**made, "fields": one.fields} if one.fields else made


def _head(app: App) -> Json:
    """The app itself, and how clients of MCP reach it."""
    offered = door(app)
    return {
        "title": redact(app.settings.title),
        "version": redact(app.settings.version),
        "description": prose(app.settings.description or ""),
        "module": app.module,
        "variable": app.variable,
        "entry": app.entry,
        "dialect": app.dialect,
        "precedence": app.precedence,
        "redirect_slashes": app.settings.redirect_slashes,
        **({"mcp": offered} if offered else {}),
    }


def _diagnostic(one: Diagnostic) -> Json:
    return {
        "code": one.rule.code,
        "slug": one.rule.slug,
        "severity": one.severity,
        "message": redact(one.message),
        "span": one.span,
        "labels": [{"span": label.span, "text": redact(label.text)} for label in one.labels],
        "help": redact(one.help or ""),
    }


def _by_place(one: Diagnostic) -> tuple[object, ...]:
    return one.span, one.rule.code, one.message


def _write_lines(values: Sequence[Json | Line], made: bytearray) -> None:
    """One line each; straight to the end of the text, which may be large."""
    before = b"\n"
    for value in values:
        made += before
        if isinstance(value, Line):
            made += value.text
        else:
            _encoder.encode_into(value, made, -1)
        before = b",\n"
