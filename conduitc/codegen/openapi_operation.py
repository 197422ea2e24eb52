"""A route in → its operation object: parameters, body, answers, words."""

from http import HTTPStatus

from conduitc.codegen.schema_json import Components, Json, default_of, docstring
from conduitc.ir.nodes import App, Binding, Dynamic, Function, Route
from conduitc.ir.secrets import redact
from conduitc.ir.types import NONE, External, Scalar, TupleOf, Type, UnionOf, strip_optional

#: What the runtime's answers are sent as; None where only the handler knows.
_MEDIA = {
    "HTML": "text/html",
    "Text": "text/plain",
    "JSON": "application/json",
    "EventStream": "text/event-stream",
}
#: The type of an answer of which nothing is known.
_UNKNOWN = External("")
_NO_BODY = {"204", "205", "304"}
_PROBLEM: Json = {
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 says it.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "in": {"type": "string"},
                    "path": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "required": ["title", "status"],
}


class Operations:
    """Makes operations of one document; ``problem`` is the component that they came to refer to."""

    def __init__(self, app: App, components: Components) -> None:
        self._functions = {function.id: function for function in app.functions}
        self._components = components
        self._problem = components.free_name("Problem")
        self._problems = False

    def operation(self, route: Route, method: str, id_: str, names: list[str]) -> Json:
        """``names`` are what the path's parameters are called in this document, from left to right."""
        handler = self._functions.get(route.handler)
        bindings = {binding.parameter: binding for binding in route.bindings or ()}
        parameters = [*self._in_path(route, names), *map(self._outside, bindings.values())]
        body = next((b for b in bindings.values() if b.source == "body"), None)
        made: Json = {
            "operationId": id_,
            **_words(route, handler),
            **({"tags": list(route.options.tags)} if route.options.tags else {}),
            **({"deprecated": True} if route.options.deprecated else {}),
            "parameters": [parameter for parameter in parameters if parameter],
            **({"requestBody": self._body(body)} if body else {}),
            "responses": {**self._answers(route, method, handler), **self._problems_of(route)},
        }
        return {key: value for key, value in made.items() if value != []}

    def problem(self) -> Json:
        return {self._problem: _PROBLEM} if self._problems else {}

    def _in_path(self, route: Route, names: list[str]) -> list[Json]:
        """Every dynamic segment, bound to a parameter or read from the request."""
        bound = {b.key: b.type for b in route.bindings or () if b.source == "path"}
        dynamic = (segment for segment in route.path.segments if isinstance(segment, Dynamic))
        made = []
        for name, segment in zip(names, dynamic, strict=True):
            kind = segment.converter if segment.converter in {"int", "float", "uuid"} else "str"
            schema = self._components.of(bound.get(segment.name, Scalar(kind)))
            made.append({"name": name, "in": "path", "required": True, "schema": schema})
        return made

    def _outside(self, binding: Binding) -> Json:
        """A parameter in the query, a header or a cookie; empty for anything else."""
        if binding.source not in {"query", "header", "cookie"}:
            return {}
        schema = self._components.of(strip_optional(binding.type)[0])
        shown, default = default_of(binding.default, binding.parameter)
        if shown and default is not None:
            schema["default"] = default
        required: Json = {"required": True} if binding.required else {}
        return {"name": binding.key, "in": binding.source, **required, "schema": schema}

    def _body(self, binding: Binding) -> Json:
        schema = self._components.of(binding.type)
        required: Json = {"required": True} if binding.required else {}
        return {**required, "content": {"application/json": {"schema": schema}}}

    def _answers(self, route: Route, method: str, handler: Function | None) -> Json:
        """What the handler returns; a ``None`` among it is a 204 of its own."""
        type_, nothing = strip_optional(_returned(route, handler) or _UNKNOWN)
        if type_ == NONE:
            type_, nothing = _UNKNOWN, True
        stated = route.options.status or _constant_status(handler)
        status = str(stated or (204 if nothing and type_ == _UNKNOWN else 200))
        content = {} if method == "head" or status in _NO_BODY else self._content(type_, handler)
        answers: Json = {
            status: {"description": _phrase(status), **({"content": content} if content else {})}
        }
        if nothing and stated is None:
            answers.setdefault("204", {"description": _phrase("204")})
        return answers

    def _content(self, type_: Type, handler: Function | None) -> Json:
        """By media type; empty where only the handler knows."""
        if handler and handler.is_generator:
            return {}
        if isinstance(type_, TupleOf) and len(type_.items) == 2:
            type_ = type_.items[0]  # always (value, status)
        if type_ == Scalar("bytes"):
            return {"application/octet-stream": {}}
        items = type_.items if isinstance(type_, UnionOf) else (type_,)
        made: Json = {}
        for item in (item for item in items if isinstance(item, External)):
            media = _MEDIA.get(item.name.rpartition(".")[2])
            made |= {media: {}} if media else {}
        plain = tuple(item for item in items if not isinstance(item, External))
        if plain:
            schema = self._components.of(plain[0] if len(plain) == 1 else UnionOf(plain))
            made["application/json"] = {"schema": schema} if schema else {}
        return made

    def _problems_of(self, route: Route) -> Json:
        """404 where a value in the path can be refused, 422 where another one can."""
        sources = {binding.source for binding in route.bindings or ()}
        refined = any(binding.refined for binding in route.bindings or ())
        converters = {s.converter for s in route.path.segments if isinstance(s, Dynamic)}
        refusing = bool(converters & {"int", "float", "uuid"}) or refined
        codes = ["404"] * refusing + ["422"] * bool(sources & {"query", "header", "cookie", "body"})
        self._problems |= bool(codes)
        schema = {"$ref": f"#/components/schemas/{self._problem}"}
        content = {"application/problem+json": {"schema": schema}}
        return {code: {"description": _phrase(code), "content": content} for code in codes}


def _words(route: Route, handler: Function | None) -> Json:
    """Summary and description: as given, else the docstring's first line and the rest of it."""
    first, _, rest = docstring(handler.doc if handler and handler.doc else "").partition("\n")
    summary = redact(route.options.summary) if route.options.summary else first.strip()
    description = docstring(route.options.description) if route.options.description else rest.strip()
    said = {"summary": summary, "description": description}
    return {key: value for key, value in said.items() if value}


def _returned(route: Route, handler: Function | None) -> Type | None:
    """The declared type of the answer, else what the body proves."""
    if route.options.response is not None or handler is None:
        return route.options.response
    return handler.returns or (None if handler.opaque else handler.effects.returned)


def _constant_status(handler: Function | None) -> int | None:
    """The status of a handler whose every answer is the same ``(value, status)``."""
    match handler and handler.effects.constant and handler.effects.constant.value:
        case (_, int(status)):
            return status
    return None


def _phrase(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Response"
