"""A JSON Schema → the same with references followed: under ``$ref`` stands the schema itself.

Local references only (``#/$defs/X``, ``#name``); any other stays a text, which nobody can look into.
"""

from conduitc.ir.keywords import ANNOTATIONS, LISTS, MAPS, SCHEMAS

Schema = dict[str, object] | bool
#: Without these beside it, ``unevaluatedProperties`` is ``additionalProperties``.
_BESIDE = frozenset((
    "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas",
    "contains",
))  # fmt: skip
_SETS = frozenset({"enum", "required", "type"})


def linked(root: object) -> Schema:
    """The schema, copied; what is no schema at all lets in everything."""
    found: dict[str, Schema] = {}
    made = _copied(root, "#", found)
    own = {pointer for pointer, one in found.items() if isinstance(one, dict) and "$id" in one}
    if not own - {"#"}:  # a schema with an address of its own has its own pointers, too
        for one in list(found.values()):
            if isinstance(one, dict) and isinstance(one.get("$ref"), str):
                one["$ref"] = found.get(_unescaped(str(one["$ref"])), one["$ref"])
    return made


def _copied(one: object, pointer: str, found: dict[str, Schema]) -> Schema:
    if not isinstance(one, dict):
        found[pointer] = one if isinstance(one, bool) else True
        return found[pointer]
    made: dict[str, object] = {}
    found[pointer] = made
    if isinstance(anchor := one.get("$anchor"), str):
        found[f"#{anchor}"] = made
    for key, value in one.items():
        below = f"{pointer}/{key}"
        if key in SCHEMAS and isinstance(value, dict | bool):
            made[key] = _copied(value, below, found)
        elif key in LISTS and isinstance(value, list):
            made[key] = [_copied(inner, f"{below}/{index}", found) for index, inner in enumerate(value)]
        elif key in MAPS and isinstance(value, dict):
            made[key] = {name: _copied(inner, f"{below}/{name}", found) for name, inner in value.items()}
        else:
            made[key] = value
    _plainer(made)
    return made


def _plainer(schema: dict[str, object]) -> None:
    """One spelling for what has several."""
    if "const" in schema:
        value = schema.pop("const")
        listed = schema.get("enum")
        within = not isinstance(listed, list) or any(key_of(one) == key_of(value) for one in listed)
        schema["enum"] = [value] if within else []
    if "not" in schema and (schema["not"] is True or not meant(_dict(schema["not"]))):
        schema["enum"] = []
    for free, plain in (("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items")):
        if free in schema and plain not in schema and not _BESIDE & schema.keys():
            schema[plain] = schema.pop(free)


def _dict(one: object) -> dict[str, object]:
    return one if isinstance(one, dict) else {"not": one}


def _unescaped(pointer: str) -> str:
    return pointer.replace("~1", "/").replace("~0", "~").replace("%24", "$").removesuffix("/") or "#"


def key_of(value: object) -> object:
    """What two values share that are equal to JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, dict):
        return frozenset((name, key_of(one)) for name, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(key_of, value))
    return value if isinstance(value, int | float) else f"'{value}"


def same(one: object, other: object) -> bool:
    """Do two linked schemas say the same, word by word, annotations apart?"""
    return _same(one, other, set())


def _same(one: object, other: object, seen: set[tuple[int, int]]) -> bool:
    pair = id(one), id(other)
    if one is other or pair in seen:
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        seen.add(pair)
        left, right = meant(one), meant(other)
        return left.keys() == right.keys() and all(
            _same_under(key, left[key], right[key], seen) for key in left
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b, seen) for a, b in zip(one, other, strict=True))
    return not isinstance(one, dict | list) and key_of(one) == key_of(other)


def _same_under(keyword: str, one: object, other: object, seen: set[tuple[int, int]]) -> bool:
    if keyword in _SETS:
        return {key_of(a) for a in listed(one)} == {key_of(b) for b in listed(other)}
    if keyword in MAPS and isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name], seen) for name in one)
    return _same(one, other, seen)


def listed(value: object) -> list[object]:
    """``type`` and its like as a list."""
    return value if isinstance(value, list) else [value]


def meant(schema: dict[str, object]) -> dict[str, object]:
    """The keywords of a schema that say something about values."""
    return {
        key: value for key, value in schema.items() if key not in ANNOTATIONS and not key.startswith("x-")
    }
