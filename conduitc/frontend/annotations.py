"""Annotation syntax → ``ir.types``, with the marker an ``Annotated`` may carry.

Names are resolved where the annotation stands; nothing is imported or evaluated. What has no meaning here
becomes ``Unknown`` with the reason.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.frontend import limits
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Class, Const, External, Instance, TypeForm, Unknown, Value, attribute
from conduitc.ir import types as t

_SCALARS = {
    "builtins.bool": "bool", "builtins.int": "int", "builtins.float": "float", "builtins.str": "str",
    "builtins.bytes": "bytes", "builtins.object": "any", "typing.Any": "any", "uuid.UUID": "uuid",
    "datetime.date": "date", "datetime.time": "time", "datetime.datetime": "datetime",
    "datetime.timedelta": "timedelta", "decimal.Decimal": "decimal", "types.NoneType": "none",
    "typing.Text": "str",
}  # fmt: skip

_ARRAYS = {
    "builtins.list": "list", "builtins.set": "set", "builtins.frozenset": "frozenset", "typing.List": "list",
    "typing.Set": "set", "typing.FrozenSet": "frozenset", "typing.Sequence": "list",
    "typing.MutableSequence": "list", "typing.Collection": "list", "typing.Iterable": "list",
    "typing.AbstractSet": "set", "typing.MutableSet": "set", "collections.abc.Sequence": "list",
    "collections.abc.MutableSequence": "list", "collections.abc.Collection": "list",
    "collections.abc.Iterable": "list", "collections.abc.Set": "set", "collections.abc.MutableSet": "set",
}  # fmt: skip

_DICTS = frozenset(
    [
        "builtins.dict",
        "typing.Dict",
        "typing.Mapping",
        "typing.MutableMapping",
        "collections.abc.Mapping",
        "collections.abc.MutableMapping",
    ]
)
_TUPLES = frozenset(("builtins.tuple", "typing.Tuple"))
#: ``X[T]`` that means T.
_WRAPPERS = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("Final", "ClassVar", "Required", "NotRequired", "ReadOnly")
)
MARKERS = frozenset(["Query", "Body", "Header", "Cookie", "Form", "File", "Depends"])


class Reading(Struct, frozen=True):
    """A type and what stands around it: ``marker`` (``Query`` …), the ``name`` given there, ``wrappers``
    (``Required``, ``ClassVar`` …) and ``doc``."""

    type: t.Type
    marker: str | None = None
    name: str | None = None
    wrappers: tuple[str, ...] = ()
    doc: str | None = None


class Reader:
    """Reads annotations of one module. ``local`` are names of enclosing classes, nearest last; ``line`` is
    where the annotation stands, if later bindings of a name must not count."""

    def __init__(self, scope: Scope, local: tuple[Class, ...] = (), line: int | None = None) -> None:
        self.scope = scope
        self.local = local
        self.line = None if scope.deferred else line
        self.inside: tuple[tuple[str, int], ...] = ()
        self.levels = 0

    def read(self, node: ast.expr) -> Reading:
        """The whole annotation, its marker included."""
        if isinstance(node, ast.Name):
            return self._read_name(node)
        if isinstance(node, ast.Subscript):
            name = self._external(node.value)
            if name in ("typing.Annotated", "typing_extensions.Annotated"):
                return self._annotated(node)
            if name in _WRAPPERS:
                inner = self.read(node.slice)
                wrappers = (name.rpartition(".")[2], *inner.wrappers)
                return Reading(inner.type, inner.marker, inner.name, wrappers, inner.doc)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            parsed = self._parse(node.value)
            return (
                self.read(parsed)
                if parsed
                else Reading(self._unknown(repr(node.value), "it is not an expression"))
            )
        elif isinstance(node, ast.Attribute) and isinstance(value := self.value(node), TypeForm):
            return self._form(value)
        return Reading(self.type(node))

    def _read_name(self, node: ast.Name) -> Reading:
        """A plain name: most annotations are. What it means at module level is kept."""
        name, scope = node.id, self.scope
        if name in scope.history or (self.local and any(name in cls.names for cls in self.local)):
            return self._read_value(self.value(node), node)
        found = scope.readings.get(name)
        if found is None:
            found = scope.readings[name] = self._read_value(scope.lookup(name), node)
        return found

    def _read_value(self, value: Value, node: ast.expr) -> Reading:
        return self._form(value) if isinstance(value, TypeForm) else Reading(self._named(value, node))

    def _parse(self, words: str) -> ast.expr | None:
        """An annotation written as text; the same text gives the same node."""
        known = self.scope.project.parsed
        if words not in known:
            try:
                known[words] = ast.parse(words.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                known[words] = None
        return known[words]

    def _unknown(self, text: str, reason: str) -> t.Type:
        self.scope.project.doubtful = True
        return t.Unknown(text, reason)

    def _later(self) -> Reader:
        """Reads what is evaluated only when asked for."""
        if self.line is None:
            return self
        other = Reader(self.scope, self.local)
        other.inside, other.levels = self.inside, self.levels
        return other

    def type(self, node: ast.expr) -> t.Type:
        """The type alone."""
        if isinstance(node, ast.Name):
            return self._read_name(node).type
        if isinstance(node, ast.Subscript):
            self.levels += 1
            deep = self.levels > limits.LEVELS
            found = self._unknown("...", "it is nested too deeply") if deep else self._subscript(node)
            self.levels -= 1
            return found
        match node:
            case ast.Constant(value=None):
                return t.NONE
            case ast.Constant(value=str(words)):
                parsed = self._parse(words)
                return (
                    self._later().type(parsed)
                    if parsed
                    else self._unknown(repr(words), "it is not an expression")
                )
            case ast.Attribute():
                return self._named(self.value(node), node)
            case ast.BinOp(op=ast.BitOr()):
                return _union([self.type(one) for one in _alternatives(node)])
        return self._unknown(limits.written(node), "it is not a type")

    def value(self, node: ast.expr) -> Value:
        """What a name or dotted name means here."""
        if isinstance(node, ast.Name):
            for cls in reversed(self.local):
                if node.id in cls.names:
                    return cls.names[node.id]
            return self.scope.lookup(node.id, self.line)
        if isinstance(node, ast.Attribute):
            names = [node.attr]
            while isinstance(node.value, ast.Attribute):
                node = node.value
                names.append(node.attr)
            value = self.value(node.value)
            for name in reversed(names):
                value = attribute(value, name)
            return value
        return Unknown("it is not a name")

    def _external(self, node: ast.expr) -> str:
        value = self.value(node)
        return value.name if isinstance(value, External) else ""

    def _named(self, value: Value, node: ast.expr) -> t.Type:
        match value:
            case External(name=name):
                return self._of_name(name, node)
            case Class():
                return self.scope.project.schemas.reference(value)
            case TypeForm():
                return self._form(value).type
            case Const(value=None):
                return t.NONE
            case Const(value=str(words), enum=None) if parsed := self._parse(words):
                return self._form(TypeForm(None, parsed, self.scope)).type
            case Unknown(reason=reason):
                return self._unknown(limits.written(node), reason)
        return self._unknown(limits.written(node), "it is not a type")

    def _of_name(self, name: str, node: ast.expr) -> t.Type:
        if name in _SCALARS:
            return t.Scalar(_SCALARS[name])
        if name in _ARRAYS:
            return t.ArrayOf(_ARRAYS[name], t.ANY)
        if name in _DICTS:
            return t.BARE_DICT
        if name in _TUPLES:
            return t.ArrayOf("tuple", t.ANY)
        if name.startswith("builtins.") and name.rpartition(".")[2][:1].islower():
            return (
                t.External(name)
                if name in ("builtins.type", "builtins.complex")
                else self._unknown(limits.written(node), "it is not a type")
            )
        return t.External(_canonical(name))

    def _form(self, form: TypeForm) -> Reading:
        """An alias: read where it was written, unless it leads to itself."""
        key = (form.scope.name, id(form.node))
        if key in self.inside:
            return Reading(self._unknown(limits.written(form.node), "the alias refers to itself"))
        forms = self.scope.project.forms
        if id(form.node) not in forms:
            other = Reader(form.scope)
            other.inside = (*self.inside, key)
            found = other.read(form.node) if len(other.inside) <= limits.ALIASES else None
            if found is None or not _is_bounded(found.type):
                found = Reading(self._unknown(limits.written(form.node), "it is made of too many aliases"))
            forms[id(form.node)] = found
        return forms[id(form.node)]

    def _subscript(self, node: ast.Subscript) -> t.Type:
        value = self.value(node.value)
        inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if isinstance(value, Class):
            return self.scope.project.schemas.reference(value)
        name = value.name if isinstance(value, External) else ""
        short = name.removeprefix("typing_extensions.").removeprefix("typing.")
        if not inner and name not in _TUPLES:
            return self._unknown(limits.written(node), "nothing stands in its brackets")
        if name in _ARRAYS:
            return t.ArrayOf(_ARRAYS[name], self.type(inner[0]))
        if name in _DICTS:
            return t.DictOf(self.type(inner[0]), self.type(inner[1])) if len(inner) == 2 else t.BARE_DICT
        if name in _TUPLES:
            return self._tuple(inner)
        if name == "builtins.type" or short == "Type":
            return t.External("builtins.type")
        match short:
            case "Optional":
                return _union([self.type(inner[0]), t.NONE])
            case "Union":
                return _union([self.type(one) for one in inner])
            case "Literal":
                return self._literal(inner, node)
            case "Annotated":
                return self._annotated(node).type
        if name in _WRAPPERS:
            return self.type(inner[0])
        if name:
            return t.External(_canonical(name))
        reason = value.reason if isinstance(value, Unknown) else "it is not a generic type"
        return self._unknown(limits.written(node), reason)

    def _tuple(self, inner: list[ast.expr]) -> t.Type:
        if len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is ...:
            return t.ArrayOf("tuple", self.type(inner[0]))
        if len(inner) == 1 and isinstance(inner[0], ast.Tuple) and not inner[0].elts:
            return t.TupleOf(())
        return t.TupleOf(tuple(self.type(one) for one in inner))

    def _literal(self, inner: list[ast.expr], node: ast.expr) -> t.Type:
        values: list[t.Literal] = []
        for one in inner:
            if isinstance(one, ast.Constant):
                found: object = one.value
            elif isinstance(one, ast.UnaryOp) and isinstance(one.operand, ast.Constant):
                number = one.operand.value
                found = -number if isinstance(number, int) and isinstance(one.op, ast.USub) else ...
            else:
                value = self.value(one)
                found = value.value if isinstance(value, Const) and value.enum else ...
            if not isinstance(found, str | int | float | bool | None):
                return self._unknown(limits.written(node), f"{limits.written(one)} is not a literal")
            values.append(found)
        return t.LiteralOf(tuple(values))

    def _annotated(self, node: ast.Subscript) -> Reading:
        if not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) < 2:
            return Reading(
                self._unknown(limits.written(node), "Annotated takes a type and what annotates it")
            )
        first, *extras = node.slice.elts
        reading = self.read(first)
        type_, marker, name, doc = reading.type, reading.marker, reading.name, reading.doc
        for extra in extras:
            function = extra.func if isinstance(extra, ast.Call) else extra
            full = self._external(function)
            last = full.rpartition(".")[2]
            if full.startswith("conduit.") and last in MARKERS:
                marker, name = last, _marker_name(extra) or name
            elif (given := self._meta(extra, full)) is not None:
                words = given.pop("description", None)
                doc = words if isinstance(words, str) else doc
                pairs = [
                    (key, one) for key, one in given.items() if isinstance(one, str | int | float | bool)
                ]
                type_ = t.Constrained(type_, tuple(sorted(pairs))) if pairs else type_
        return Reading(type_, marker, name, reading.wrappers, doc)

    def _meta(self, node: ast.expr, function: str) -> dict[str, object] | None:
        """What ``Meta(...)`` says, written here or held by a name; None for anything else."""
        if isinstance(node, ast.Call):
            if function != "msgspec.Meta":
                return None
            return {keyword.arg: self._plain(keyword.value) for keyword in node.keywords if keyword.arg}
        match self.value(node):
            case Instance(cls=External(name="msgspec.Meta"), call=call) if call is not None:
                values = call.keywords.items()
                return {name: value.value for name, value in values if isinstance(value, Const)}
        return None

    def _plain(self, node: ast.expr) -> object:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self._plain(node.operand)
            return -inner if isinstance(inner, int | float) else None
        value = self.value(node)
        return value.value if isinstance(value, Const) and value.plain else None


def _marker_name(node: ast.expr) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    given = [
        *node.args[:1],
        *(keyword.value for keyword in node.keywords if keyword.arg in ("name", "alias")),
    ]
    found = given[0] if given else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else None


def _canonical(name: str) -> str:
    """Public names of the library's classes, whatever they were imported by."""
    return _SAME.get(name, name)


_SAME = {
    "conduit.HTTPRequest": "conduit.Request",
    "conduit.HTTPResponse": "conduit.Response",
    "starlette.websockets.WebSocket": "conduit.WebSocket",
}


#: Says that a field may be missing, which its default says too; no text stands for it.
_UNSET = t.External("msgspec.UnsetType")


def _is_bounded(type_: t.Type) -> bool:
    """Whether a type has no more levels and parts than the rest of the compiler wants to walk through."""
    waiting = [(type_, 1)]
    for one, level in waiting:
        waiting += [(inner, level + 1) for inner in t.children(one)]
        if level > limits.LEVELS or len(waiting) > limits.EXPANSIONS:
            return False
    return True


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """The parts of ``A | B | …``, of which there may be many."""
    found = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _union(items: list[t.Type]) -> t.Type:
    flat: list[t.Type] = []
    for item in items:
        for one in item.items if isinstance(item, t.UnionOf) else (item,):
            if one not in flat and one != _UNSET:
                flat.append(one)
    return flat[0] if len(flat) == 1 else t.UnionOf(tuple(flat))
