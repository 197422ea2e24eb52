"""App and findings in → the text of metadata.json, version 1.0.0 (``schema-1.0.0.json`` beside this file).

Sorted and deterministic. One resource, edge or finding a line, so that two builds compare well and a reader
finds a resource by its offset.
"""

from collections.abc import Iterable

import msgspec

from conduitc.codegen.metadata.edges import edges
from conduitc.codegen.metadata.parts import prose
from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.metadata.resources import resources
from conduitc.codegen.metadata.routes import middlewares, routes
from conduitc.codegen.metadata.unresolved import unresolved
from conduitc.codegen.schema_json import Json
from conduitc.diagnostics import Diagnostic
from conduitc.ir.nodes import App

VERSION = "1.0.0"

_encode = msgspec.json.Encoder(order="sorted").encode


def emit_metadata(app: App, diagnostics: Iterable[Diagnostic] = ()) -> str:
    """Everything that is known of ``app``, without secrets, personal data and absolute paths."""
    docs = {function.id: prose(function.doc) for function in app.functions if function.doc}
    listed = [*resources(app, docs), *routes(app, docs), *middlewares(app)]
    listed.sort(key=lambda one: str(one["id"]))
    known = {one["id"] for one in listed}
    related = edges(app)
    dangling = [edge for edge in related if not (edge.source in known and edge.target in known)]
    sections: dict[str, list[Json]] = {
        "resources": listed,
        "edges": [
            {"from": edge.source, "to": edge.target, "kind": edge.kind, "span": edge.span}
            for edge in related
            if edge.source in known and edge.target in known
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
        "span": one.span,
        "labels": [{"span": label.span, "text": redact(label.text)} for label in one.labels],
        "help": redact(one.help or ""),
    }


def _by_place(one: Diagnostic) -> tuple[object, ...]:
    return one.span, one.rule.code, one.message


def _lines(values: list[Json]) -> str:
    return "[\n" + b",\n".join(map(_encode, values)).decode() + "]" if values else "[]"
