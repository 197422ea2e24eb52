"""App and findings in → the text of metadata.json, version 1.0.0 (``schema-1.0.0.json`` beside this file).

Sorted and deterministic. One resource, edge or finding a line, so that two builds compare well and a reader
finds a resource by its offset.
"""

from collections.abc import Iterable

import msgspec

from conduitc.codegen.metadata.contracts import door
from conduitc.codegen.metadata.edges import edges
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

VERSION = "1.0.0"

_encoder = msgspec.json.Encoder(order="sorted")


def emit_metadata(
    app: App,
    diagnostics: Iterable[Diagnostic] = (),
    patterns: Iterable[Pattern] = (),
    *,
    stripped: bool = False,
) -> str:
    """Everything that is known of ``app``, without secrets, personal data and absolute paths.

    ``stripped`` leaves out what a person wrote and where it stands.
    """
    app = without_secret_names(app)
    docs = {function.id: prose(function.doc) for function in app.functions if function.doc}
    listed = [*resources(app, docs), *routes(app, docs), *middlewares(app)]
    _tell_apart(listed)
    listed.sort(key=lambda one: str(one["id"]))
    known = {one["id"] for one in listed}
    related, dangling = _parted(edges(app), known)
    sections: dict[str, list[Json]] = {
        "resources": listed,
        "edges": [_edge(edge) for edge in related],
        "patterns": listed_patterns(patterns),
        "diagnostics": [_diagnostic(one) for one in sorted(diagnostics, key=_by_place)],
        "unresolved": unresolved(app, dangling),
    }
    head = _head(app)
    if stripped:
        head |= {"description": "", "stripped": True}
        sections = {name: strip(values) for name, values in sections.items()}
    made = bytearray(f'{{"schema":"{VERSION}",\n"app":'.encode())
    _encoder.encode_into(head, made, -1)
    for name, values in sections.items():
        made += f',\n"{name}":['.encode()
        _write_lines(values, made)
        made += b"]"
    made += b"}\n"
    return made.decode()


def _tell_apart(listed: list[Json]) -> None:
    """What is declared twice, a conflict that no build takes, still is two resources: ``id`` and ``id@2``."""
    counts: dict[object, int] = {}
    for one in listed:
        count = counts[one["id"]] = counts.get(one["id"], 0) + 1
        if count > 1:
            one["id"] = f"{one['id']}@{count}"


def _parted(found: list[Edge], known: set[object]) -> tuple[list[Edge], list[Edge]]:
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


def _write_lines(values: list[Json], made: bytearray) -> None:
    """One line each; straight to the end of the text, which may be large."""
    before = b"\n"
    for value in values:
        made += before
        _encoder.encode_into(value, made, -1)
        before = b",\n"
