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
from conduitc.span import Span
from conduitc.suggest import closest

CONVERTERS = ("int", "float", "uuid", "str", "path")

#: Annotations that have a converter of their own.
_OWN = {"int": "int", "float": "float", "uuid": "uuid"}
#: Converters of other frameworks.
_MEANT = {"integer": "int", "number": "float", "string": "str", "any": "str", "slug": "str", "UUID": "uuid"}
_WIDER = ("any", "slug", "number")
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
                segment.span,
                labels=(first,),
                label="again here",
                help="give one of them another name",
                name=segment.name,
                path=route.path.text,
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
                fix=_one_segment(segment),
                name=segment.name,
                path=route.path.text,
            )


def _one_segment(segment: Dynamic) -> Fix | None:
    if not segment.written:
        return None
    return Fix("take one segment", segment.span, f"{{{segment.name}}}")


def _unknown(segment: Dynamic) -> Diagnostic:
    converter = segment.converter or ""
    meant = _MEANT.get(converter) or closest(converter, CONVERTERS)
    fixed = rewritten(segment, segment.name, meant)
    return rules.UNKNOWN.at(
        segment.span,
        help=f"did you mean `{meant}`?" if meant else f"converters are {', '.join(CONVERTERS)}",
        # no build takes it as it is; what `slug` and the like let through is wider here, so say it first
        fix=Fix(f"write `{fixed}`", segment.span, fixed, safe=converter not in _WIDER) if fixed else None,
        converter=converter,
    )


def rewritten(segment: Dynamic, name: str, converter: str | None) -> str:
    """The parameter in the notation it is written in; empty where it cannot be changed in place."""
    if not segment.written or converter == "path":
        return ""
    if segment.written[0] == ":":
        return f":{name}<{converter}>" if converter else f":{name}"
    return f"{{{name}:{converter}}}" if converter else f"{{{name}}}"


def _static(route: Route, segment: Static, handler: Function | None) -> Iterator[Diagnostic]:
    names = {parameter.name for parameter in handler.parameters} if handler else set()
    if match := _FOREIGN.fullmatch(segment.text):
        name = match["flask"] or match["next"] or match["dollar"]
        converter = _MEANT.get(match["conv"] or "", match["conv"])
        ours = f"{{{name}:{converter}}}" if converter else f"{{{name}}}"
        if name in names or match["flask"]:
            place = _place_of(route, segment)
            # with a handler that takes the name, nothing else can be meant
            fix = Fix(f"write `{ours}`", place, ours, safe=name in names) if place else None
            yield rules.FOREIGN.at(
                place or route.path.span, help=None if fix else f"write `{ours}`", fix=fix, text=segment.text
            )
    elif (match := _GLUED.search(segment.text)) and (
        match[0].startswith("{") or match[0].strip(":*") in names
    ):
        yield rules.GLUED.at(
            _place_of(route, segment) or route.path.span,
            label="a parameter takes a whole segment",
            help="take the segment as one parameter, and split it in the handler",
            text=segment.text,
            parameter=match[0],
        )


def _place_of(route: Route, segment: Static) -> Span | None:
    """Where a segment stands in the path as the declaration writes it, if that is a plain literal."""
    written, span = route.declaration.key.partition(" ")[2], route.path.span
    at = f"{written}/".find(f"/{segment.text}/")
    if at < 0 or span.line != span.end_line or span.end_column - span.column != len(written) + 2:
        return None
    start = span.column + at + 2
    return Span(span.file, span.line, start, span.line, start + len(segment.text))


def _disagreements(route: Route, parameters: dict[str, Parameter]) -> Iterator[Diagnostic]:
    for segment in route.path.segments:
        if not isinstance(segment, Dynamic) or segment.converter not in CONVERTERS:
            continue
        parameter = parameters.get(segment.name)
        if parameter is None or parameter.type is None or agree(segment.converter, parameter.type):
            continue
        own = _own(parameter.type)
        gives = text(Scalar("str" if segment.converter == "path" else segment.converter))
        plain = rewritten(segment, segment.name, None)
        if own and plain:
            fix = Fix("let the annotation decide", segment.span, plain)
        elif parameter.marker is None and not own:
            fix = Fix("let the path decide", parameter.span, f"{segment.name}: {gives}")
        else:
            fix = None
        yield rules.DISAGREE.at(
            segment.span,
            label=f"gives `{gives}`",
            labels=(Label(parameter.span, f"expects `{text(parameter.type)}`"),),
            help=f"annotate `{segment.name}: {gives}`, or leave the converter out"
            if own
            else f"annotate `{segment.name}: {gives}`",
            fix=fix,
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
