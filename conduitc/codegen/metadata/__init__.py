"""App and findings in → the text of metadata.json, version 1.0.0 (``schema-1.0.0.json`` beside this file).

Sorted and deterministic. One resource, edge or finding a line, so that two builds compare well and a reader
finds a resource by its offset.
"""

from collections.abc import Iterable

import msgspec

from conduitc.codegen.metadata.edges import edges
from conduitc.codegen.metadata.parts import prose, where
from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.metadata.resources import resources
from conduitc.codegen.metadata.routes import middlewares, routes
from conduitc.codegen.metadata.unresolved import unresolved
from conduitc.codegen.schema_json import Json
from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App

VERSION = "1.0.0"


def emit_metadata(app: App, diagnostics: Iterable[Diagnostic] = ()) -> str:
    """Everything that is known of ``app``, without secrets, personal data and absolute paths."""
    listed = sorted([*resources(app), *routes(app), *middlewares(app)], key=lambda one: str(one["id"]))
    known = {str(one["id"]) for one in listed}
    related = edges(app)
    dangling = [edge for edge in related if not {edge.source, edge.target} <= known]
    sections: dict[str, list[Json]] = {
        "resources": listed,
        "edges": [
            {"from": edge.source, "to": edge.target, "kind": edge.kind, "span": where(edge.span)}
            for edge in related
            if {edge.source, edge.target} <= known
        ],
        "patterns": [],
        "diagnostics": [_diagnostic(one) for one in sorted(diagnostics, key=_by_place)],
        "unresolved": unresolved(app, dangling),
    }
    head = f'"schema":"{VERSION}",\n"app":{_encode(_head(app)).decode()}'
    body = (f'"{name}":{_lines(values)}' for name, values in sections.items())
    return "{" + ",\n".join([head, *body]) + "}\n"


def _head(app: App) -> Json:
    return {
        "title": redact(app.settings.title),
        "version": app.settings.version,
        "description": prose(app.settings.description or ""),
        "module": app.module,
        "variable": app.variable,
        "entry": app.entry,
        "dialect": app.dialect,
        "precedence": app.precedence,
    }


def _diagnostic(one: Diagnostic) -> Json:
    return {
        "code": one.rule.code,
        "slug": one.rule.slug,
        "severity": one.severity,
        "message": redact(one.message),
        "span": where(one.span),
        "labels": [{"span": where(label.span), "text": redact(label.text)} for label in one.labels],
        "help": redact(one.help or ""),
    }


def _by_place(one: Diagnostic) -> tuple[object, ...]:
    return one.span, one.rule.code, one.message


def _lines(values: list[Json]) -> str:
    return "[" + ",".join("\n" + _encode(value).decode() for value in values) + "]"


def _encode(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")
