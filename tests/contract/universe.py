"""Random schemas over small values, and all of these values: what two schemas let in can be counted."""

import itertools
import random
from typing import Any

SCALARS: list[Any] = [
    *(None, True, False, -2, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6),
    *("", "a", "b", "ab", "ba", "abc", "c", "ccc", "x", "bbbb", "cabba"),
]
_FEW: list[Any] = [None, 1, 2, "a", "ab"]
NAMES = ("x", "y", "z")


def values() -> list[Any]:
    """Every value of the small world: scalars, lists and objects of them."""
    lists = [list(one) for size in range(3) for one in itertools.product(SCALARS, repeat=size)]
    lists += [list(one) for one in itertools.product(_FEW, repeat=3)]
    absent = object()
    objects = [
        {name: value for name, value in zip(names, chosen, strict=True) if value is not absent}
        for names, choice in ((("x", "y"), SCALARS), (NAMES, _FEW), (("z",), SCALARS), (("w",), SCALARS))
        for chosen in itertools.product([absent, *choice], repeat=len(names))
    ]
    deep = [{"x": one} for one in lists[:200:7]] + [[one] for one in objects[:200:7]]
    return [*SCALARS, *lists, *objects, *deep]


class Schemas:
    """Makes schemas from a source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def root(self, depth: int) -> dict[str, Any]:
        """A schema, perhaps with a part of it under a name."""
        made = self.one(depth)
        if isinstance(made, bool):
            return {} if made else {"not": {}}
        if self.chance.random() < 0.2:
            return {"$ref": "#/$defs/T", "$defs": {"T": made}}
        return made

    def one(self, depth: int) -> Any:
        """Any schema of that depth."""
        pick = self.chance.random()
        if pick < 0.04:
            return self.chance.random() < 0.7
        if depth and pick < 0.16:
            keyword = self.chance.choice(["anyOf", "anyOf", "oneOf", "allOf"])
            some = [self.one(depth - 1) for _ in range(2)]
            return {**(self.plain(depth) if self.chance.random() < 0.2 else {}), keyword: some}
        if pick < 0.18:
            return {"not": self.plain(0)}
        return self.plain(depth)

    def plain(self, depth: int) -> dict[str, Any]:
        """A schema of some kind without alternatives."""
        kinds = ["number", "integer", "string", "null", "boolean", "enum", "several"]
        kind = self.chance.choice([*kinds, *(["array", "object", "object"] if depth else [])])
        if kind == "enum":
            return {"enum": self.chance.sample(SCALARS, self.chance.randint(1, 4))}
        if kind == "several":
            return {"type": self.chance.sample(["null", "integer", "string", "boolean", "number"], 2)}
        made: dict[str, Any] = {"type": kind}
        if kind in ("number", "integer"):
            made |= self.some(minimum=(-1, 0, 1), maximum=(2, 3, 4), exclusiveMinimum=(-1, 0, 0.5))
            made |= self.some(exclusiveMaximum=(2, 3), multipleOf=(1, 2, 0.5))
        elif kind == "string":
            made |= self.some(minLength=(0, 1, 2), maxLength=(1, 2, 3), pattern=("^a", "b$", ".*", "c"))
        elif kind == "array":
            made |= self.array(depth - 1)
        elif kind == "object":
            made |= self.object(depth - 1)
        return made

    def array(self, depth: int) -> dict[str, Any]:
        made = self.some(minItems=(0, 1, 2), maxItems=(1, 2), uniqueItems=(True, False))
        if self.chance.random() < 0.7:
            made["items"] = self.one(depth)
        if self.chance.random() < 0.3:
            made["prefixItems"] = [self.one(depth) for _ in range(self.chance.randint(1, 2))]
        return made

    def object(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        named = [name for name in NAMES if self.chance.random() < 0.5]
        if named:
            made["properties"] = {name: self.one(depth) for name in named}
        if self.chance.random() < 0.5:
            made["required"] = [name for name in NAMES if self.chance.random() < 0.4]
        if self.chance.random() < 0.4:
            made["additionalProperties"] = self.chance.choice([False, self.one(depth)])
        if self.chance.random() < 0.1:
            made["patternProperties"] = {"^[xy]$": self.one(depth)}
        if self.chance.random() < 0.1:
            made["propertyNames"] = {"enum": self.chance.sample(NAMES, 2)}
        if self.chance.random() < 0.1:
            made["dependentRequired"] = {"x": ["y"]}
        return made | self.some(minProperties=(0, 1), maxProperties=(1, 2))

    def some(self, **keywords: tuple[Any, ...]) -> dict[str, Any]:
        """A few of these keywords."""
        return {
            key: self.chance.choice(choice) for key, choice in keywords.items() if self.chance.random() < 0.25
        }

    def changed(self, schema: Any, depth: int = 2) -> Any:
        """The schema with something in it changed."""
        if not isinstance(schema, dict) or self.chance.random() < 0.1:
            return self.one(depth)
        made = dict(schema)
        key = self.chance.choice(list(made) or [""])
        value = made.get(key)
        if key in ("properties", "patternProperties", "$defs") and value:
            name = self.chance.choice(list(value))
            made[key] = {**value, name: self.changed(value[name], depth - 1 if depth else 0)}
        elif key in ("items", "additionalProperties", "not") and isinstance(value, dict):
            made[key] = self.changed(value, depth - 1 if depth else 0)
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            place = self.chance.randrange(len(value))
            made[key] = [self.changed(one, 0) if at == place else one for at, one in enumerate(value)]
        elif key in ("required", "enum") and value and self.chance.random() < 0.6:
            made[key] = self.chance.sample(value, len(value) - 1) or value
        elif key not in ("type", "$ref", "") and self.chance.random() < 0.5:
            del made[key]
        else:
            other = self.plain(depth)
            if other.get("type") == made.get("type"):
                made |= other
        return made
