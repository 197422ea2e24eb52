"""Made-up tables for the verdicts about routes: every converter, annotations, methods, tails, conditions.

A row is the route as the compiler sees it and, beside it, what the reference matcher needs to know. What an
annotation refuses is written here in plain Python, apart from the compiler's own idea of it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from conduitc.ir.nodes import App, Dynamic, Guard, PathTemplate, Schema, Static
from conduitc.ir.types import Constrained, LiteralOf, Ref, Scalar, Type
from conduitc.passes import bind, paths
from tests.dispatch.reference import Case, Part
from tests.passes import build

INT, FLOAT, STR = Scalar("int"), Scalar("float"), Scalar("str")

#: Every one is a witness too (``witnesses``), so any may be used.
STATICS = ("a", "a", "b", "", "1", "7", "-0", "1.5", "true", "2000-01-31", "a/b", "x")

Takes = Callable[[Any], bool]


@dataclass(frozen=True)
class Annotation:
    """A handler's annotation: as a type of the compiler, and what it takes of a converted value."""

    type: Type
    takes: Takes


def _bounded(base: Type, **bounds: Any) -> Type:
    return Constrained(base, tuple(sorted(bounds.items())))


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, limit: value >= limit,
    "gt": lambda value, limit: value > limit,
    "le": lambda value, limit: value <= limit,
    "lt": lambda value, limit: value < limit,
    "multiple_of": lambda value, limit: value % limit == 0,
    "min_length": lambda value, limit: len(value) >= limit,
    "max_length": lambda value, limit: len(value) <= limit,
}


def _meta(base: Type, bounds: dict[str, Any]) -> Annotation:
    return Annotation(
        _bounded(base, **bounds), lambda value: all(_HOLDS[key](value, bounds[key]) for key in bounds)
    )


def _literal(*values: Any) -> Annotation:
    return Annotation(LiteralOf(values), lambda value: value in values)


def _date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


WORD, NUMBER = build.enum("Word", "a", "1"), build.enum("Number", 0, 7)
SCHEMAS: tuple[Schema, ...] = (WORD, NUMBER)

#: Limits of ints are among these, of floats among quarters from -1 to 2, of lengths from 1 to 3.
_LIMITS = st.integers(-2, 9)
_QUARTERS = st.integers(-4, 8).map(lambda number: number / 4)


def _bounds(limits: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    low = st.one_of(st.just({}), st.builds(lambda k, v: {k: v}, st.sampled_from(("ge", "gt")), limits))
    high = st.one_of(st.just({}), st.builds(lambda k, v: {k: v}, st.sampled_from(("le", "lt")), limits))
    return st.builds(lambda one, other: one | other, low, high).filter(bool)


_STEPS = st.sampled_from(({}, {}, {"multiple_of": 2}, {"multiple_of": 3}))
_SUBSETS = st.lists(st.sampled_from(("a", "b", "1")), min_size=1, max_size=3, unique=True)
ANNOTATED: dict[str, st.SearchStrategy[Annotation]] = {
    "int": st.one_of(
        st.builds(lambda one, step: _meta(INT, one | step), _bounds(_LIMITS), _STEPS),
        st.lists(st.sampled_from((0, 1, 7)), min_size=1, max_size=2, unique=True).map(
            lambda values: _literal(*values)
        ),
        st.just(Annotation(Ref(NUMBER.id), lambda value: value in (0, 7))),
    ),
    "float": _bounds(_QUARTERS).map(lambda bounds: _meta(FLOAT, bounds)),
    "str": st.one_of(
        _SUBSETS.map(lambda values: _literal(*values)),
        st.just(Annotation(Ref(WORD.id), lambda value: value in ("a", "1"))),
        st.just(Annotation(Scalar("bool"), lambda value: value.lower() in ("true", "false", "1", "0"))),
        st.just(Annotation(Scalar("date"), _date)),
        st.builds(
            lambda low, high: _meta(STR, {"min_length": low, "max_length": high}),
            st.integers(1, 3),
            st.integers(1, 3),
        ),
        st.integers(1, 3).map(lambda length: _meta(STR, {"min_length": length})),
    ),
    "path": st.lists(st.sampled_from(("", "a", "a/b")), min_size=1, max_size=3, unique=True).map(
        lambda values: _literal(*values)
    ),
}

#: What a route depends on: nothing, arms of an ``if`` and of one within it, a ``try``, or nobody knows what.
OUTER, INNER, TRIED = 1, 2, 3
_CONDITIONS = st.sampled_from(
    (
        *[((), False)] * 8,
        ((Guard(OUTER, 0, 2),), True),
        ((Guard(OUTER, 1, 2),), True),
        ((Guard(OUTER, 0, 2), Guard(INNER, 0, 2)), True),
        ((Guard(OUTER, 0, 2), Guard(INNER, 1, 2)), True),
        ((Guard(TRIED, 0, 0, 0),), True),
        ((Guard(TRIED, 0, 0, 1),), True),
        ((), True),
    )
)
_METHODS = st.sampled_from(
    (*[("GET",)] * 6, ("POST",), ("HEAD",), ("*",), ("GET", "POST"), ("GET", "HEAD"), ("PUT", "POST"))
)


@dataclass(frozen=True)
class Row:
    """One route; ``annotations`` are those of its dynamic segments, in order, or None."""

    methods: tuple[str, ...]
    parts: tuple[Part, ...]
    annotations: tuple[Annotation | None, ...]
    guards: tuple[Guard, ...] = ()
    conditional: bool = False

    def case(self) -> Case:
        """As the reference matcher takes it."""
        checks = self.annotations

        def refuses(values: tuple[Any, ...]) -> bool:
            return not all(one is None or one.takes(value) for one, value in zip(checks, values, strict=True))

        return Case(self.methods, self.parts, refuses if any(checks) else None)

    def takes(self, place: int, text: str) -> bool:
        """Does one of its segments take a text?"""
        dynamic = [at for at, part in enumerate(self.parts) if part.kind != "static"]
        mine = (self.annotations[dynamic.index(place)],) if place in dynamic else ()
        return Row(self.methods, (self.parts[place],), mine).case().values([text]) is not None


@st.composite
def _row(draw: st.DrawFn) -> Row:
    kinds = draw(
        st.lists(st.sampled_from(("static", "static", "int", "float", "uuid", "str", "str")), max_size=2)
    )
    kinds.append(draw(st.sampled_from(("static", "int", "float", "uuid", "str", "str", "path", "path"))))
    parts, annotations = [], []
    for kind in kinds:
        if kind == "static":
            parts.append(Part("static", draw(st.sampled_from(STATICS))))
            continue
        parts.append(Part(kind))
        annotated = kind in ANNOTATED and draw(st.booleans())
        annotations.append(draw(ANNOTATED[kind]) if annotated else None)
    guards, conditional = draw(_CONDITIONS)
    return Row(draw(_METHODS), tuple(parts), tuple(annotations), guards, conditional)


ROWS = st.lists(_row(), min_size=2, max_size=7)


def app_of(rows: list[Row], precedence: str) -> App:
    """The App of a table, as it stands before the passes about conflicts."""
    routes = []
    for number, row in enumerate(rows):
        segments, types, at = [], {}, 0
        for place, part in enumerate(row.parts):
            if part.kind == "static":
                segments.append(Static(part.text))
                continue
            name = f"p{place}"
            annotation = row.annotations[at]
            at += 1
            segments.append(Dynamic(name, part.kind, build.span(1)))
            plain = STR if part.kind == "path" else Scalar(part.kind)
            types[name] = plain if annotation is None else annotation.type
        route, function = build.route(f"{','.join(row.methods)} /", **types)
        declaration = replace(route.declaration, conditional=row.conditional, guards=row.guards)
        path = PathTemplate(str(number), tuple(segments), route.path.span)
        routes.append((replace(route, path=path, declaration=declaration, id=str(number)), function))
    app = replace(build.app(*routes, schemas=SCHEMAS), precedence=precedence)
    for one in (paths, bind):
        app, _ = one.run(app)
    return app
