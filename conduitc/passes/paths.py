"""Joined paths are well formed, and every converter is settled.

In: routes whose dynamic segments may have no converter. Out: every ``Dynamic.converter`` is one of
``CONVERTERS`` and ``PathTemplate.text`` is in ``{name:conv}`` form.

``/users/:id`` and ``def f(id: int)``   →   ``/users/{id:int}``
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule
from conduitc.ir.nodes import App, Dynamic, Function, Parameter, PathTemplate, Route, Segment, Static
from conduitc.ir.types import Constrained, LiteralOf, Ref, Scalar, Type, strip_optional, text
from conduitc.passes.suggest import closest, did_you_mean

CONVERTERS = ("int", "float", "uuid", "str", "path")

#: Annotations that have a converter of their own.
_OWN = {"int": "int", "float": "float", "uuid": "uuid"}
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
            yield DUPLICATE.at(
                segment.span, labels=(first,), label="again here", name=segment.name, path=route.path.text
            )
        seen.setdefault(segment.name, segment)
        if segment.converter is not None and segment.converter not in CONVERTERS:
            yield _unknown(segment)
        if segment.converter == "path" and position != len(route.path.segments) - 1:
            yield NOT_LAST.at(
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
    return UNKNOWN.at(
        segment.span,
        help=did_you_mean(meant or "", CONVERTERS) or f"converters are {', '.join(CONVERTERS)}",
        fix=Fix(f"write `{meant}`", segment.span, f"{{{segment.name}:{meant}}}") if meant else None,
        converter=converter,
    )


_MEANT = {"integer": "int", "number": "float", "string": "str", "any": "str", "slug": "str", "UUID": "uuid"}


def _static(route: Route, segment: Static, handler: Function | None) -> Iterator[Diagnostic]:
    names = {parameter.name for parameter in handler.parameters} if handler else set()
    if match := _FOREIGN.fullmatch(segment.text):
        name = match["flask"] or match["next"] or match["dollar"]
        converter = _MEANT.get(match["conv"] or "", match["conv"])
        ours = f"{{{name}:{converter}}}" if converter else f"{{{name}}}"
        if name in names or match["flask"]:
            yield FOREIGN.at(route.path.span, help=f"write `{ours}`", text=segment.text)
    elif (match := _GLUED.search(segment.text)) and match[0].strip("{}:*").partition(":")[0] in names:
        yield GLUED.at(route.path.span, text=segment.text, parameter=match[0])


def _disagreements(route: Route, parameters: dict[str, Parameter]) -> Iterator[Diagnostic]:
    for segment in route.path.segments:
        if not isinstance(segment, Dynamic) or segment.converter not in CONVERTERS:
            continue
        parameter = parameters.get(segment.name)
        if parameter is None or parameter.type is None or agree(segment.converter, parameter.type):
            continue
        own = _own(parameter.type)
        yield DISAGREE.at(
            segment.span,
            label=f"gives {_GIVES[segment.converter]}",
            labels=(Label(parameter.span, f"expects `{text(parameter.type)}`"),),
            help="let the annotation decide: leave the converter away"
            if own
            else f"annotate `{segment.name}: {_GIVES[segment.converter]}`",
            fix=Fix("leave the converter to the annotation", segment.span, f"{{{segment.name}}}")
            if own and segment.converter != "path"
            else None,
            name=segment.name,
            converter=segment.converter,
            annotation=text(parameter.type),
        )


_GIVES = {"int": "int", "float": "float", "uuid": "UUID", "str": "str", "path": "str"}


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


DUPLICATE = Rule(
    code="CDT230",
    slug="duplicate-path-parameter",
    severity="error",
    message="the path parameter `{name}` appears twice in `{path}`",
    docs="""A path parameter is handed over by name, so each name can stand in a path only once.
Prefixes of routers and of `include` count: the path is what they make together.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}/posts/{id}")
def post(id: int):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{user}/posts/{id}")
def post(user: int, id: int):
    return {"user": user, "id": id}
""",
)

NOT_LAST = Rule(
    code="CDT231",
    slug="path-converter-not-last",
    severity="error",
    message="`{name}` takes the rest of the path, but `{path}` goes on after it",
    docs="""A parameter with the converter `path` (or `*name`) takes everything up to the end, slashes
included. Nothing after it could ever match.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name:path}/raw")
def raw(name: str):
    return {"name": name}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/raw/{name:path}")
def raw(name: str):
    return {"name": name}
""",
)

UNKNOWN = Rule(
    code="CDT232",
    slug="unknown-converter",
    severity="error",
    message="there is no converter `{converter}`",
    docs="""Converters are `int`, `float`, `uuid`, `str` (one segment, the default) and `path` (the
rest). For anything else annotate the handler's parameter: dates, enums, `Literal` and `Meta(...)`
bounds are checked before the handler runs, and what fails is a 404.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:integer}")
def user(id: int):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:int}")
def user(id: int):
    return {"id": id}
""",
)

DISAGREE = Rule(
    code="CDT233",
    slug="converter-annotation-disagree",
    severity="error",
    message="path and annotation disagree: `{name}` is `{converter}` there, `{annotation}` here",
    docs="""Where both the path and the handler say what a parameter is, they must say the same. One of
the two is enough: `{id:int}` with an unannotated parameter, or `{id}` with `id: int`.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id:int}")
def user(id: str):
    return {"id": id}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def user(id: int):
    return {"id": id}
""",
)

GLUED = Rule(
    code="CDT234",
    slug="parameter-within-segment",
    severity="error",
    message="`{parameter}` is only a part of the segment `{text}`",
    docs="""A path parameter takes a whole segment, from slash to slash. Take the segment and split it
in the handler, or give each part a segment of its own.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name}.txt")
def file(name: str):
    return {"name": name}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/files/{name}")
def file(name: str):
    return {"name": name.removesuffix(".txt")}
""",
)

FOREIGN = Rule(
    code="CDT235",
    slug="foreign-parameter-syntax",
    severity="warning",
    message="`{text}` is plain text here, not a path parameter",
    docs="""Path parameters are written `{name}`, `{name:int}`, `:name` or `:name<int>`. The way of
other frameworks would be a segment that only matches itself.""",
    bad="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/<id>")
def user(request):
    return {"id": request.params["id"]}
""",
    good="""\
from conduit import Conduit

app = Conduit()

@app.get("/users/{id}")
def user(request):
    return {"id": request.params["id"]}
""",
)
