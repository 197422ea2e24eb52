"""The small pieces that every resource of metadata.json is made of: spans, facts, parameters, fields."""

from collections.abc import Iterable
from textwrap import dedent

from conduitc.codegen.metadata.accepts import Members, accepts
from conduitc.codegen.metadata.redaction import publishable, redact
from conduitc.codegen.schema_json import Json, default_of
from conduitc.ir.nodes import Binding, Computed, Constant, Field, Parameter, Provenance
from conduitc.ir.types import NONE, SCALARS, Constrained, Ref, Scalar, Type, UnionOf, Unknown, text, walk
from conduitc.span import Span

#: Characters of a docstring, or of all comments of a thing.
LONGEST = 1200
#: Of so many fields, and what each one more takes of that.
_MANY, _NAMED = 20, 9

Fact = tuple[str, object, Provenance]

_SPELLED = {kind: text(Scalar(kind)) for kind in SCALARS}


def resource(
    id_: str,
    kind: str,
    name: str,
    span: Span,
    *,
    doc: str | None = None,
    facts: Iterable[Fact] = (),
    **rest: object,
) -> Json:
    """One resource; what is empty is left out. ``doc`` and all else may be published as it is."""
    made: Json = {"id": id_, "kind": kind, "name": name, "span": span}
    if doc:
        made["doc"] = doc
    known = {key: {"value": value, "provenance": provenance} for key, value, provenance in facts if value}
    if known:
        made["facts"] = known
    for key, value in rest.items():
        if value:
            made[key] = value
    return made


def prose(words: str) -> str:
    """A person's words, without the indentation of the source, what must not be published, and no end."""
    return cut(redact(dedent(words).strip() if "\n" in words else words.strip()))


def cut(text: str) -> str:
    """At most ``LONGEST`` characters, so that no resource outgrows its bound; whole words, then ``…``."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(None, 1)[0] + " …"


def remarks(comments: Iterable[str]) -> list[str]:
    """Comments, the first ones, as many as a docstring may have characters."""
    kept: list[str] = []
    room = LONGEST
    for one in map(prose, comments):
        room -= len(one)
        if room < 0:
            return [*kept, "…"]
        kept.append(one)
    return kept


def bound(binding: Binding, enums: Members) -> Json:
    """A parameter of a route: where its value comes from and what it must be.

    ``accepts`` says which texts in a path are taken, where that is more than its converter says.
    """
    made = _typed(binding.parameter, binding.type, binding.required, binding.default)
    made["in"] = binding.source
    if binding.source == "path" and binding.refined:
        made["accepts"] = accepts(binding.type, enums)
    if binding.key != binding.parameter:
        made["key"] = binding.key
    return made


def taken(parameter: Parameter, *, default: bool) -> Json:
    """A parameter of a function; its default only where a schema needs it (tools)."""
    required = parameter.default is None and parameter.kind not in {"varargs", "varkw"}
    made = _typed(parameter.name, parameter.type, required, parameter.default if default else None)
    if parameter.kind != "positional":
        made["kind"] = parameter.kind
    if parameter.marker:
        made["marker"] = parameter.marker
        if parameter.marker_name:
            made["key"] = parameter.marker_name
    return made


def fields(listed: Iterable[Field]) -> tuple[list[Json], bool]:
    """The fields of a schema, and whether something that is said of them was left out.

    All of it shares one bound, as of a docstring: hundreds of fields are one resource, and their names
    alone take room.
    """
    named = list(listed)
    made, room = [], LONGEST - _NAMED * max(0, len(named) - _MANY)
    for one in named:
        said = prose(one.doc) if one.doc else ""
        room -= len(said)
        made.append(_field(one, said if room >= 0 else ""))
    return made, room < 0


def _field(one: Field, doc: str) -> Json:
    """A field of a schema; ``attribute`` only where Python calls it otherwise than the wire."""
    made = _typed(one.name, one.type, one.required, one.default)
    if one.attribute != one.name:
        made["attribute"] = one.attribute
    if doc:
        made["doc"] = doc
    return made


def spelled(type_: Type) -> str:
    """A type as a person would write it, constraints left out."""
    if isinstance(type_, Scalar):
        return _SPELLED[type_.kind]
    made = text(_bare(type_))
    quotes = "'" in made or '"' in made or any(isinstance(one, Unknown) for one in walk(type_))
    return redact(made) if quotes else made


def _typed(name: str, type_: Type | None, required: bool, default: Constant | Computed | None) -> Json:
    made: Json = {"name": name, "required": required}
    if type_ is not None:
        made["type"] = spelled(type_)
        if not isinstance(type_, (Scalar, Ref)) and (constraints := _constraints(type_)):
            made["constraints"] = constraints
    if default is not None:
        shown, value = default_of(default, name)
        if shown and (not isinstance(value, str) or publishable(value)):
            made["default"] = value
    return made


def _constraints(type_: Type) -> Json:
    """``Meta``'s keywords of the type itself or of the one thing that is optional in it."""
    if isinstance(type_, Constrained):
        own = {key: redact(value) if isinstance(value, str) else value for key, value in type_.constraints}
        return {**_constraints(type_.base), **own}
    if isinstance(type_, UnionOf):
        others = [item for item in type_.items if item != NONE]
        return _constraints(others[0]) if len(others) == 1 else {}
    return {}


def _bare(type_: Type) -> Type:
    if isinstance(type_, Constrained):
        return _bare(type_.base)
    if isinstance(type_, UnionOf):
        return UnionOf(tuple(_bare(item) for item in type_.items))
    return type_
