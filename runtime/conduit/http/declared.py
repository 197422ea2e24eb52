"""A declared return type → the filter that keeps a value to it.

In: an annotation. Out: a function of the value. A ``User`` returned as ``-> Public`` gives the fields of
``Public``, at any depth; a value of exactly the declared class, with nothing to filter below, is passed on as
it is. Filters are closures made once; ``None`` stands for "nothing to do".
"""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    MutableSequence,
    MutableSet,
    Sequence,
    Set,
)
from copy import copy
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from msgspec import Struct, ValidationError
from msgspec.json import decode
from msgspec.structs import force_setattr

from conduit.http.classes import FieldOf, bare, fields_of, has_fields, members
from conduit.http.encode import encode_plain, type_name
from conduit.http.sets import sort_items

Filter = Callable[[Any], Any]

_ARRAYS = (list, tuple, set, frozenset)
#: Beside them, what annotations call collections; iterators are streams.
_COLLECTIONS = (*_ARRAYS, Sequence, MutableSequence, Set, MutableSet, Collection, Iterable)


def filter_of(annotation: Any, *, validate: bool = False) -> Filter:
    """The filter for a handler's whole answer; in ``(value, status)`` it is the value's."""
    arguments = get_args(annotation)
    pair = get_origin(annotation) is tuple and len(arguments) == 2 and arguments[1] is not Ellipsis
    inner = arguments[0] if pair else annotation
    keep = _Maker().make(inner)

    def apply(value: Any) -> Any:
        if keep is not None:
            value = keep(value)
        return checked(value, inner) if validate else value

    def answer(value: Any) -> Any:
        if isinstance(value, tuple) and len(value) == 2 and not hasattr(value, "_fields"):
            return value if value[0] is None else (apply(value[0]), value[1])
        return apply(value)

    if not validate and keep is not None and hasattr(keep, "flat"):
        answer.flat = keep.flat  # type: ignore[attr-defined]  # values of exactly these pass whole
    return answer


def keeper(annotation: Any) -> Filter | None:
    """The filter for a value that comes with no status; None where there is nothing to do."""
    return _Maker().make(annotation)


def checked(value: Any, annotation: Any) -> Any:
    """``value`` where it is what the annotation says.

    Raises:
        TypeError: it is not; this is the handler's fault, not the client's.
    """
    try:
        decode(encode_plain(value), type=annotation)  # an instance's own fields are checked only this way
    except ValidationError as error:
        raise TypeError(f"the answer is not what response= declares: {error}") from None
    return value


class _Maker:
    """Makes the filters of one annotation; classes that contain themselves are met again in ``known``."""

    def __init__(self) -> None:
        self.known: dict[Any, Filter] = {}

    def make(self, annotation: Any) -> Filter | None:
        several = members(annotation)
        if len(several) != 1:
            filters = [(bare(one), self.make(one)) for one in several]
            return _one_of(filters) if any(keep for _, keep in filters) else None
        keep = self._one(bare(several[0]))
        optional = get_origin(bare(annotation)) in (Union, UnionType)
        return _or_none(keep) if optional and keep is not None else keep

    def _one(self, one: Any) -> Filter | None:
        """The filter of what is no union."""
        origin, arguments = get_origin(one), get_args(one)
        if origin is None:
            if hasattr(one, "_fields") and issubclass(one, tuple):
                hints = get_type_hints(one, include_extras=True)
                of_items = [self.make(hints.get(name, Any)) for name in one._fields]
                return _each(of_items, True) if any(of_items) else None
            return self._class(one) if has_fields(one) else None
        if origin is Literal:
            return None
        if origin in _COLLECTIONS:
            fixed = origin is tuple and arguments[-1:] != (Ellipsis,)
            filters_of_items = [self.make(each) for each in arguments if each is not Ellipsis]
            return _each(filters_of_items, fixed) if any(filters_of_items) else None
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return _values(self.make(arguments[1]))
        return None

    def _class(self, kind: Any) -> Filter:
        if kind not in self.known:
            later: list[Filter] = []
            self.known[kind] = lambda value: later[0](value)  # noqa: PLW0108  # it may contain itself
            filters = {field.name: self.make(field.annotation) for field in fields_of(kind)}
            later.append(_typeddict(filters) if is_typeddict(kind) else _instance(kind, filters))
            self.known[kind] = later[0]
        return self.known[kind]


def _or_none(inner: Filter) -> Filter:
    """``X | None``; what passes as it is does so here too."""

    def keep(value: Any) -> Any:
        return None if value is None else inner(value)

    return keep


def _each(filters: list[Filter | None], fixed: bool) -> Filter:
    flat: frozenset[type] | None = getattr(filters[0], "flat", None)

    def keep(value: Any) -> Any:
        if not isinstance(value, _ARRAYS):
            return value
        if fixed:
            pairs = zip(filters, value, strict=False)
            return [one if keep_one is None else keep_one(one) for keep_one, one in pairs]
        if flat is not None and flat.issuperset(map(type, value)):
            return value
        assert filters[0] is not None
        kept = [filters[0](one) for one in value]
        return sort_items(kept, encode_plain) if isinstance(value, set | frozenset) else kept

    return keep


def _values(inner: Filter | None) -> Filter | None:
    if inner is None:
        return None

    def keep(value: Any) -> Any:
        return {key: inner(one) for key, one in value.items()} if isinstance(value, dict) else value

    return keep


def _chosen(value: Any, filters: dict[str, Filter | None]) -> dict[str, Any]:
    """The keys of a dictionary that a type declares."""
    return {
        key: value[key] if inner is None else inner(value[key])
        for key, inner in filters.items()
        if key in value
    }


def _typeddict(filters: dict[str, Filter | None]) -> Filter:
    def keep(value: Any) -> Any:
        if not isinstance(value, dict):
            value = {key: getattr(value, key) for key in filters if hasattr(value, key)}
        return _chosen(value, filters)

    return keep


def _instance(kind: Any, filters: dict[str, Filter | None]) -> Filter:
    """Keeps objects and dictionaries to the fields of a dataclass or Struct."""
    fields = fields_of(kind)
    deep = [(name, inner) for name, inner in filters.items() if inner is not None]
    on_wire = {field.wire: filters[field.name] for field in fields}
    tag = getattr(getattr(kind, "__struct_config__", None), "tag_field", None)
    if tag is not None:
        on_wire = {tag: None, **on_wire}

    def keep(value: Any) -> Any:
        if type(value) is kind:
            if not deep:
                return value
            kept = {name: inner(getattr(value, name)) for name, inner in deep if hasattr(value, name)}
            same = all(getattr(value, name) is one for name, one in kept.items())
            return value if same else _with(copy(value), kept)
        if isinstance(value, dict):
            return _chosen(value, on_wire)
        return _made(kind, {field.name: _taken(value, field, filters, kind) for field in fields})

    if not deep:
        keep.flat = frozenset([kind])  # type: ignore[attr-defined]  # collections of exactly these pass whole
    return keep


def _taken(value: Any, field: FieldOf, filters: dict[str, Filter | None], kind: Any) -> Any:
    """A field's value out of an object of another class."""
    if not hasattr(value, field.name):
        if field.default is None:
            raise TypeError(f"a {type_name(value)} is no {kind.__qualname__}: it has no {field.name}")
        return field.default()
    inner = filters[field.name]
    one = getattr(value, field.name)
    return one if inner is None else inner(one)


def _made(kind: Any, values: dict[str, Any]) -> Any:
    """An instance of the declared class; a dataclass's own ``__init__`` is not asked."""
    return kind(**values) if issubclass(kind, Struct) else _with(object.__new__(kind), values)


def _with(instance: Any, values: dict[str, Any]) -> Any:
    put: Callable[[Any, str, Any], None] = object.__setattr__
    if isinstance(instance, Struct):
        put = force_setattr
    for name, value in values.items():
        put(instance, name, value)
    return instance


def _one_of(options: list[tuple[Any, Filter | None]]) -> Filter:
    """The filter of the member that a value belongs to: by class, nearest first, else by its fields."""
    classes = {one: keep for one, keep in options if has_fields(one)}
    others = [(get_origin(one) or one, keep) for one, keep in options if not has_fields(one)]

    def choose(value: Any) -> Filter | None:
        for base in type(value).__mro__:
            if base in classes:
                return classes[base]
        for base, keep in others:
            if isinstance(base, type) and isinstance(value, base):
                return keep
        if not classes or isinstance(value, (str, int, float, *_ARRAYS)):
            return None
        for kind, keep in classes.items():
            if _fits(value, kind):
                return keep
        raise TypeError(f"a {type_name(value)} is none of the declared types")

    def keep(value: Any) -> Any:
        chosen = None if value is None else choose(value)
        return value if chosen is None else chosen(value)

    return keep


def _fits(value: Any, kind: Any) -> bool:
    """Whether ``value`` has what a class of a union requires; a tag decides alone."""
    required = [field for field in fields_of(kind) if field.default is None]
    if not isinstance(value, dict):
        return all(hasattr(value, field.name) for field in required)
    config = getattr(kind, "__struct_config__", None)
    if config is not None and config.tag_field is not None:
        return bool(value.get(config.tag_field) == config.tag)
    return all(field.wire in value for field in required)
