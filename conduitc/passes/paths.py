"""Joined paths are well formed, and every converter is settled.

In: routes whose dynamic segments may have no converter. Out: every ``Dynamic.converter`` is one of
``CONVERTERS`` and ``PathTemplate.text`` is in ``{name:conv}`` form.

``/users/:id`` and ``def f(id: int)``   →   ``/users/{id:int}``
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label
from conduitc.ir.nodes import App, Dynamic, Function, Parameter, PathTemplate, Route, Segment, Static
from conduitc.ir.types import Constrained, LiteralOf, Ref, Scalar, Type, strip_optional, text
from conduitc.passes import path_rules as rules
from conduitc.suggest import closest

CONVERTERS = ("int", "float", "uuid", "str", "path")

#: Annotations that have a converter of their own.
_OWN = {"int": "int", "float": "float", "uuid": "uuid"}
#: Converters of other frameworks.
_MEANT = {"integer": "int", "number": "float", "string": "str", "any": "str", "slug": "str", "UUID": "uuid"}
_FOREIGN = re.compile(r"<(?:(?P<conv>\w+):)?(?P<flask>\w+)>|\[(?P<next>\w+)\]|\$(?P<dollar>\w+)")
_GLUED = re.compile(r"\{\w+(?::\w+)?\}|:\w+|\*\w+")


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    functions = {function.id: function for function in app.functions}
    found: list[Diagnostic] = []
    routes = []
    for route in app.routes:
        handler = functions.get(route.handler)
        parameters = {parameter.name: parameter for parameter in handler.parameters} if handler else {}
        found.extend(_shape(route, handler))
        found.extend(_disagreements(route, parameters))
        routes.append(replace(route, path=settled(route.path, parameters)))
    return replace(app, routes=tuple(routes)), tuple(found)


def settled(path: PathTemplate, parameters: dict[str, Parameter]) -> PathTemplate:
    """``path`` with a known converter in every dynamic segment; an unknown one becomes ``str``."""
    segments = tuple(
        replace(segment, converter=_settle(segment, parameters)) if isinstance(segment, Dynamic) else segment
        for segment in path.segments
    )
    return replace(path, segments=segments, text=spelled(segments))


def spelled(segments: tuple[Segment, ...]) -> str:
    """The text of a path in ``{name:conv}`` form; ``str`` goes without saying."""
    return "".join(
        f"/{segment.text}"
        if isinstance(segment, Static)
        else f"/{{{segment.name}}}"
        if segment.converter in {"str", None}
        else f"/{{{segment.name}:{segment.converter}}}"
        for segment in segments
    )


def says_more(converter: str, type_: Type) -> bool:
    """Does an annotation refuse (or change) values that the converter accepts?"""
    bare = strip_optional(type_)[0]
    given = "str" if converter == "path" else converter
    return bare not in (Scalar(given), Scalar("any"))


def _settle(segment: Dynamic, parameters: dict[str, Parameter]) -> str:
    if segment.converter is not None:
        return segment.converter if segment.converter in CONVERTERS else "str"
    parameter = parameters.get(segment.name)
    return (_own(parameter.type) if parameter and parameter.type else None) or "str"


def _own(type_: Type) -> str | None:
    """The converter that an annotation stands for, where it has one of its own."""
    bare = strip_optional(type_)[0]
    while isinstance(bare, Constrained):
        bare = strip_optional(bare.base)[0]
    return _OWN.get(bare.kind) if isinstance(bare, Scalar) else None


def _shape(route: Route, handler: Function | None) -> Iterator[Diagnostic]:
    seen: dict[str, Dynamic] = {}
    for position, segment in enumerate(route.path.segments):
        if isinstance(segment, Static):
            yield from _static(route, segment, handler)
            continue
        if segment.name in seen:
            first = Label(seen[segment.name].span, "first here")
            yield rules.DUPLICATE.at(
                segment.span, labels=(first,), label="again here", name=segment.name, path=route.path.text
            )
        seen.setdefault(segment.name, segment)
        if segment.converter is not None and segment.converter not in CONVERTERS:
            yield _unknown(segment)
        if segment.converter == "path" and position != len(route.path.segments) - 1:
            yield rules.NOT_LAST.at(
                segment.span,
                label="takes the rest of the path",
                labels=tuple(Label(span, "included here") for span in route.via[-1:]),
                help=f"put it last, or take one segment with `{{{segment.name}}}`",
                name=segment.name,
                path=route.path.text,
            )


def _unknown(segment: Dynamic) -> Diagnostic:
    converter = segment.converter or ""
    meant = _MEANT.get(converter) or closest(converter, CONVERTERS)
    fixed = f"{{{segment.name}:{meant}}}"
    return rules.UNKNOWN.at(
        segment.span,
        help=f"did you mean `{meant}`?" if meant else f"converters are {', '.join(CONVERTERS)}",
        fix=Fix(f"write `{fixed}`", segment.span, fixed) if meant and _in_place(segment) else None,
        converter=converter,
    )


def _in_place(segment: Dynamic) -> bool:
    """Does the span cover the parameter alone (and not an expression that makes the path)?"""
    span = segment.span
    written = f"{{{segment.name}:{segment.converter}}}"  # as long as `:name<converter>`
    return span.line == span.end_line and span.end_column - span.column == len(written)


def _static(route: Route, segment: Static, handler: Function | None) -> Iterator[Diagnostic]:
    names = {parameter.name for parameter in handler.parameters} if handler else set()
    if match := _FOREIGN.fullmatch(segment.text):
        name = match["flask"] or match["next"] or match["dollar"]
        converter = _MEANT.get(match["conv"] or "", match["conv"])
        ours = f"{{{name}:{converter}}}" if converter else f"{{{name}}}"
        if name in names or match["flask"]:
            yield rules.FOREIGN.at(route.path.span, help=f"write `{ours}`", text=segment.text)
    elif (match := _GLUED.search(segment.text)) and (
        match[0].startswith("{") or match[0].strip(":*") in names
    ):
        yield rules.GLUED.at(
            route.path.span, label="a parameter takes a whole segment", text=segment.text, parameter=match[0]
        )


def _disagreements(route: Route, parameters: dict[str, Parameter]) -> Iterator[Diagnostic]:
    for segment in route.path.segments:
        if not isinstance(segment, Dynamic) or segment.converter not in CONVERTERS:
            continue
        parameter = parameters.get(segment.name)
        if parameter is None or parameter.type is None or agree(segment.converter, parameter.type):
            continue
        own = _own(parameter.type)
        gives = text(Scalar("str" if segment.converter == "path" else segment.converter))
        yield rules.DISAGREE.at(
            segment.span,
            label=f"gives {gives}",
            labels=(Label(parameter.span, f"expects `{text(parameter.type)}`"),),
            help="let the annotation decide: leave the converter away"
            if own
            else f"annotate `{segment.name}: {gives}`",
            fix=Fix("leave the converter to the annotation", segment.span, f"{{{segment.name}}}")
            if own and _in_place(segment)
            else None,
            name=segment.name,
            converter=segment.converter,
            annotation=text(parameter.type),
        )


def agree(converter: str, type_: Type) -> bool:
    """Can every value of the converter be of that type, as far as its kind goes?

    A converter of text (``str``, ``path``) agrees with whatever has no converter of its own; the others only
    with their own type, or with an enum or ``Literal`` that may hold such values.
    """
    bare = strip_optional(type_)[0]
    while isinstance(bare, Constrained):
        bare = strip_optional(bare.base)[0]
    own = _own(bare)
    if own is not None:
        return own == converter
    if converter in {"str", "path"}:
        return True
    if isinstance(bare, LiteralOf):
        return all(type(value).__name__ == converter for value in bare.values)
    return isinstance(bare, Ref) or bare == Scalar("any")
