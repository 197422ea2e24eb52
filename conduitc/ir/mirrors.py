"""``x-mcp-header`` in a tool's schema: arguments that clients put into headers, too (MCP 2026-07-28).

It may stand on a property of type string, integer or boolean that is reached through ``properties`` alone.
In a signature ``Annotated[str, Header()]`` says it.
"""

from collections.abc import Iterator

from conduitc.ir.functions import Parameter

KEY = "x-mcp-header"
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TYPES = frozenset({"string", "integer", "boolean"})
#: Keywords whose values hold no schemas.
_DATA = frozenset({"default", "examples", "const", "enum"})


def header_of(parameter: Parameter) -> str | None:
    """What a tool's parameter is called in its header, ``Mcp-Param-…``; None where it stands in none."""
    if parameter.marker != "Header":
        return None
    return parameter.marker_name or parameter.name.strip("_").replace("_", "-").title()


def mirrors(schema: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each header's name, in small letters, and the names that lead to its argument."""
    found = ((where, one) for where, one in _places(schema, ()) if where)
    return tuple((f"mcp-param-{str(one[KEY]).lower()}", where) for where, one in found)


def faults(schema: object) -> Iterator[tuple[str, str]]:
    """Where one stands that cannot be, and why."""
    seen: dict[str, str] = {}
    for where, one in _places(schema, ()):
        name, shown = one[KEY], ".".join(where or ()) or "the schema itself"
        if not where:
            yield shown, "it is not reached through `properties` alone"
        elif not isinstance(name, str) or not name or not _TOKEN.issuperset(name):
            yield shown, f"{name!r} is no header's name"
        elif one.get("type") not in _TYPES:
            yield shown, "it is no string, integer or boolean"
        elif name.lower() in seen:
            yield shown, f"`{seen[name.lower()]}` has the same header"
        else:
            seen[name.lower()] = shown


def _places(
    schema: object, where: tuple[str, ...] | None
) -> Iterator[tuple[tuple[str, ...] | None, dict[str, object]]]:
    """The schemas with the keyword; None stands for a place that is reached in another way."""
    if not isinstance(schema, dict):
        return
    if KEY in schema:
        yield where, schema
    for keyword, value in schema.items():
        if keyword == "properties" and isinstance(value, dict):
            for name, inner in value.items():
                yield from _places(inner, None if where is None else (*where, name))
        elif keyword in _DATA:
            continue
        elif isinstance(value, dict):
            yield from _places(value, None)
            if keyword in ("$defs", "definitions", "patternProperties", "dependentSchemas"):
                for inner in value.values():
                    yield from _places(inner, None)
        elif isinstance(value, list):
            for inner in value:
                yield from _places(inner, None)
