"""Bindings → the expressions that make their readers (see the table of ``conduit._abi``)."""

from conduitc.codegen.code import constant
from conduitc.codegen.shapes import path_converters
from conduitc.ir.nodes import Binding, Route
from conduitc.ir.types import ArrayOf, Constrained, Scalar, Type, strip_optional

#: Scalars whose grammar alone decides; no annotation is needed at run time.
_OWN_GRAMMAR = frozenset({"bool", "int", "float", "str"})


def reader(binding: Binding, handler: str, converters: dict[str, tuple[int, str]]) -> str:
    """The expression for one binding's reader; ``handler`` is the expression for the handler."""
    if binding.source == "path":
        return _path(binding, handler, converters)
    default = _default(binding, handler)
    bare, optional = strip_optional(binding.type)
    if binding.source == "body":
        return f"body_reader({_annotation(binding, handler)}, {default}, {optional})"
    place, key = constant(binding.source), constant(binding.key)
    if isinstance(_unconstrained(bare), ArrayOf):
        item = _unconstrained(bare)
        assert isinstance(item, ArrayOf)
        kind = _kind(item.item)
        return f"list_reader({place}, {key}, {_annotation(binding, handler)}, {constant(kind)}, {default})"
    kind = _kind(bare)
    annotation = "None" if bare == Scalar(kind) and kind in _OWN_GRAMMAR else _annotation(binding, handler)
    return f"scalar_reader({place}, {key}, {constant(kind)}, {annotation}, {default}, {optional})"


def refine_readers(route: Route, handler: str) -> list[str]:
    """Readers that say whether path values satisfy annotations that say more than the converter."""
    converters = path_converters(route)
    return [
        _path(binding, handler, converters)
        for binding in route.bindings or ()
        if binding.source == "path" and binding.refined
    ]


def _path(binding: Binding, handler: str, converters: dict[str, tuple[int, str]]) -> str:
    position, _ = converters[binding.key]
    bare, _ = strip_optional(binding.type)
    return f"path_reader({position}, {_annotation(binding, handler)}, {constant(_kind(bare))})"


def _annotation(binding: Binding, handler: str) -> str:
    return f"annotation_of({handler}, {constant(binding.parameter)})"


def _default(binding: Binding, handler: str) -> str:
    if binding.required:
        return "REQUIRED"
    if binding.default is None:
        return "None"
    return f"default_of({handler}, {constant(binding.parameter)})"


def _unconstrained(type_: Type) -> Type:
    while isinstance(type_, Constrained):
        type_ = type_.base
    return type_


def _kind(type_: Type) -> str:
    base = _unconstrained(strip_optional(_unconstrained(type_))[0])
    return base.kind if isinstance(base, Scalar) else "other"
