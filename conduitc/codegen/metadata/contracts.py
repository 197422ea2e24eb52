"""What an app promises to MCP's clients → facts: schemas of what is taken and given, where it is offered.

Schemas are as clients see them, without titles, descriptions, defaults and examples, which promise nothing.
"""

from conduitc.codegen.mcp_json import texts_taken, tool_entry
from conduitc.codegen.metadata.redaction import redact
from conduitc.codegen.schema_json import Json
from conduitc.ir.keywords import ANNOTATIONS, LISTS, MAPS, SCHEMAS
from conduitc.ir.mirrors import KEY
from conduitc.ir.nodes import App, Completion, Function, Offer, Provenance, Resource, Tool
from conduitc.ir.types import Constrained, DictOf, Ref, Scalar, Type

#: What schemas refer to each other by.
_KEPT = frozenset(("$defs", "definitions", "$anchor", "$id", "$schema"))
#: Names of a schema's own language, and of its properties.
_PLAIN = frozenset(("type", "required", "dependentRequired", "format", "$ref", KEY))


def promised(app: App, offer: Offer, function: Function | None) -> tuple[Json, Json]:
    """The schemas of what an offer takes and gives; empty where there is nothing to say."""
    if isinstance(offer, Tool):
        entry = tool_entry(app, offer, function)
        return _bare_object(entry["inputSchema"]), _bare_object(entry.get("outputSchema", {}))
    return ({}, {}) if isinstance(offer, Completion) else (_bare_object(texts_taken(app, offer)), {})


def media_type(app: App, resource: Resource, function: Function | None) -> tuple[str | None, Provenance]:
    """What a resource is read as, and where that is known from; None where each answer decides."""
    if resource.media_type is not None:
        return resource.media_type, "literal"
    return (_natural(app, function.returns) if function and function.returns else None), "declared"


def _natural(app: App, type_: Type) -> str | None:
    """As the runtime decides it (``conduit.mcp.resources``)."""
    match type_:
        case Scalar(kind="str"):
            return "text/plain"
        case Scalar(kind="bytes"):
            return "application/octet-stream"
        case Scalar(kind="int" | "float" | "bool") | DictOf():
            return "application/json"
        case Ref(id=id_):
            known = any(schema.id == id_ and schema.kind != "enum" for schema in app.schemas)
            return "application/json" if known else None
        case Constrained(base=base):
            return _natural(app, base)
    return None


def door(app: App) -> Json:
    """How clients reach what the app offers, and whether they need a token; empty where they do not."""
    if app.mcp is None:
        return {}
    return {
        "transport": app.offer("transport"),
        "path": redact(str(app.offer("path"))),
        "sessions": app.offer("sessions", False),
        **({"token": True} if app.mcp_auth is not None else {}),
    }


def _bare_object(schema: object) -> Json:
    made = bare(schema)
    return made if isinstance(made, dict) else {}


def bare(schema: object) -> object:
    """A schema without what promises nothing, and without what must not be published."""
    if not isinstance(schema, dict):
        return schema
    made: Json = {}
    for key, value in schema.items():
        if key in SCHEMAS:
            made[key] = bare(value)
        elif key in LISTS and isinstance(value, list):
            made[key] = [bare(one) for one in value]
        elif key in MAPS and isinstance(value, dict):
            made[key] = {name: bare(one) for name, one in value.items()}
        elif key in _KEPT or key in _PLAIN:
            made[key] = value
        elif key not in ANNOTATIONS and not key.startswith("x-"):
            made[key] = _published(value)
    return made


def _published(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _published(one) for key, one in value.items()}
    return [_published(one) for one in value] if isinstance(value, list | tuple) else value
