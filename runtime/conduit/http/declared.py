"""A declared return type → the filter that keeps a value to it.

In: an annotation. Out: a function of the value. A ``User`` returned as ``-> Public`` gives the fields of
``Public``, at any depth; a value of exactly the declared class, with nothing to filter below, is passed on as
it is. Filters are closures made once; ``None`` stands for "nothing to do".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from msgspec import NODEFAULT, Struct, ValidationError, convert
from msgspec.structs import fields as struct_fields
from msgspec.structs import force_setattr

from conduit.http.encode import encode_plain, type_name
from conduit.http.sets import sort_items

Filter = Callable[[Any], Any]
#: Wire name, attribute, filter, how a default is made (None: required).
_Field = tuple[str, str, "Filter | None", "Callable[[], Any] | None"]

_ARRAYS = (list, tuple, set, frozenset)


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

    return answer


def checked(value: Any, annotation: Any) -> Any:
    """``value`` where it is what the annotation says.

    Raises:
        TypeError: it is not; this is the handler's fault, not the client's.
    """
    try:
        convert(value, annotation, from_attributes=True)
    except ValidationError as error:
        raise TypeError(f"the answer is not what response= declares: {error}") from None
    return value


class _Maker:
    """Makes the filters of one annotation; classes that contain themselves are met again in ``known``."""

    def __init__(self) -> None:
        self.known: dict[Any, Filter] = {}

    def make(self, annotation: Any) -> Filter | None:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self.make(arguments[0])
        if origin in (Union, UnionType):
            return self._union([one for one in arguments if one is not NoneType])
        if origin is Literal:
            return None
        if origin in _ARRAYS:
            fixed = origin is tuple and arguments[-1:] != (Ellipsis,)
            filters = [self.make(one) for one in arguments if one is not Ellipsis]
            if not any(filters):
                return None
            return _each(filters, fixed)
        if origin is not None and issubclass(origin, Mapping):
            return _values(self.make(arguments[1]))
        if hasattr(annotation, "__supertype__"):
            return self.make(annotation.__supertype__)
        return self._class(annotation)

    def _class(self, kind: Any) -> Filter | None:
        if not has_fields(kind):
            return None
        if kind not in self.known:
            later: list[Filter] = []
            self.known[kind] = lambda value: later[0](value)  # noqa: PLW0108  # it may contain itself
            typed = is_typeddict(kind)
            later.append(_typeddict(self._hints(kind)) if typed else _instance(kind, self._fields(kind)))
        return self.known[kind]

    def _hints(self, kind: Any) -> dict[str, Filter | None]:
        return {name: self.make(_unrequired(one)) for name, one in get_type_hints(kind).items()}

    def _fields(self, kind: Any) -> list[_Field]:
        if issubclass(kind, Struct):
            return [
                (one.encode_name, one.name, self.make(one.type), default_maker(one, NODEFAULT))
                for one in struct_fields(kind)
            ]
        from dataclasses import MISSING, fields

        hints = get_type_hints(kind)
        return [
            (one.name, one.name, self.make(hints[one.name]), default_maker(one, MISSING))
            for one in fields(kind)
        ]

    def _union(self, members: list[Any]) -> Filter | None:
        if len(members) == 1:
            return self.make(members[0])
        filters = [(one, self.make(one)) for one in members]
        return _one_of(filters) if any(keep for _, keep in filters) else None


def has_fields(kind: Any) -> bool:
    """Whether it is a dataclass, a Struct or a TypedDict."""
    if not isinstance(kind, type):
        return False
    return issubclass(kind, Struct) or hasattr(kind, "__dataclass_fields__") or is_typeddict(kind)


def default_maker(field: Any, missing: object) -> Callable[[], Any] | None:
    """How a field's default is made; None where there is none."""
    if field.default is not missing:
        return lambda: field.default
    factory: Callable[[], Any] | None = None if field.default_factory is missing else field.default_factory
    return factory


def _unrequired(annotation: Any) -> Any:
    """``NotRequired[X]`` and ``Required[X]`` as ``X``."""
    from typing import NotRequired, Required

    return get_args(annotation)[0] if get_origin(annotation) in (NotRequired, Required) else annotation


def _each(filters: list[Filter | None], fixed: bool) -> Filter:
    def keep(value: Any) -> Any:
        if not isinstance(value, _ARRAYS):
            return value
        if fixed:
            pairs = zip(filters, value, strict=False)
            return [one if keep_one is None else keep_one(one) for keep_one, one in pairs]
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


def _typeddict(filters: dict[str, Filter | None]) -> Filter:
    def keep(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: value[key] if inner is None else inner(value[key])
                for key, inner in filters.items()
                if key in value
            }
        if isinstance(value, str | int | float | list):
            raise TypeError(f"a {type_name(value)} was returned where a dictionary is declared")
        return {
            key: getattr(value, key) if inner is None else inner(getattr(value, key))
            for key, inner in filters.items()
            if hasattr(value, key)
        }

    return keep


def _instance(kind: Any, fields: list[_Field]) -> Filter:
    """Keeps objects and dictionaries to the fields of a dataclass or Struct."""
    inner = [(attribute, keep) for _, attribute, keep, _ in fields if keep is not None]
    names = {wire: keep for wire, _, keep, _ in fields}
    tag = getattr(getattr(kind, "__struct_config__", None), "tag_field", None)
    if tag is not None:
        names = {tag: None, **names}

    def keep(value: Any) -> Any:
        if type(value) is kind:
            changed = {
                name: keep_one(getattr(value, name)) for name, keep_one in inner if hasattr(value, name)
            }
            same = all(getattr(value, name) is one for name, one in changed.items())
            return value if same else made(value, changed)
        if isinstance(value, dict):
            return {
                key: value[key] if one is None else one(value[key])
                for key, one in names.items()
                if key in value
            }
        return made(value, {})

    def made(value: Any, changed: dict[str, Any]) -> Any:
        new: Any = kind.__new__(kind)
        put: Callable[[Any, str, Any], None] = object.__setattr__
        if issubclass(kind, Struct):
            put = force_setattr
        for _, name, keep_one, default in fields:
            if name in changed:
                one = changed[name]
            elif hasattr(value, name):
                one = getattr(value, name) if keep_one is None else keep_one(getattr(value, name))
            elif default is not None:
                one = default()
            else:
                raise TypeError(f"a {type_name(value)} is no {kind.__qualname__}: it has no {name}")
            put(new, name, one)
        return new

    return keep


def _one_of(members: list[tuple[Any, Filter | None]]) -> Filter:
    """The filter of the member that a value belongs to: by class, nearest first, else by its fields."""
    classes = {one: keep for one, keep in members if has_fields(one)}
    others = [(get_origin(one) or one, keep) for one, keep in members if not has_fields(one)]

    def choose(value: Any) -> Filter | None:
        for base in type(value).__mro__:
            if base in classes:
                return classes[base]
        for base, keep in others:
            if isinstance(base, type) and isinstance(value, base):
                return keep
        if isinstance(value, (str, int, float, *_ARRAYS)) or not classes:
            return None
        for kind, keep in classes.items():
            if fits(value, kind):
                return keep
        raise TypeError(f"a {type_name(value)} is none of the declared types")

    def keep(value: Any) -> Any:
        if value is None:
            return None
        chosen = choose(value)
        return value if chosen is None else chosen(value)

    return keep


def fits(value: Any, kind: Any) -> bool:
    """Whether ``value`` has what a class of a union requires; a tag decides alone."""
    config = getattr(kind, "__struct_config__", None)
    has = value.__contains__ if isinstance(value, dict) else lambda name: hasattr(value, name)
    if config is not None and config.tag_field is not None and isinstance(value, dict):
        return bool(value.get(config.tag_field) == config.tag)
    if is_typeddict(kind):
        return all(map(has, kind.__required_keys__))
    if issubclass(kind, Struct):
        return all(has(one.encode_name) for one in struct_fields(kind) if one.required)
    from dataclasses import MISSING, fields

    return all(has(one.name) for one in fields(kind) if default_maker(one, MISSING) is None)
