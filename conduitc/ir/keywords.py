"""The keywords of JSON Schema 2020-12 by what stands under them."""

#: One schema.
SCHEMAS = frozenset((
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema",
))  # fmt: skip
#: A list of schemas.
LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
#: Schemas by name.
MAPS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
#: What says nothing about values. Names that begin with ``x-`` do not, either.
ANNOTATIONS = frozenset((
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "discriminator",
    "$comment", "$schema", "$id", "$anchor", "$defs", "definitions", "$vocabulary",
))  # fmt: skip
