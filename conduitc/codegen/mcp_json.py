"""App in → the text of mcp.json: its tools, each with name, description and both schemas; None without tools.

A hand-given input schema is passed on untouched, but for secrets. An answer that is no object is wrapped as
``{"result": …}``, since structured content is always an object.
"""

import msgspec

from conduitc.codegen.schema_json import Components, Json, default_of, docstring
from conduitc.ir.mirrors import KEY, header_of
from conduitc.ir.nodes import App, Auth, Function, Prompt, Resource, Tool
from conduitc.ir.secrets import redact_within
from conduitc.ir.types import DictOf, External, LiteralOf, Ref, Type

_PRIMITIVES = {str: "string", int: "integer", bool: "boolean"}


def emit_mcp(app: App) -> str | None:
    """The document, as indented JSON."""
    if not (app.tools or app.resources or app.prompts):
        return None
    functions = {function.id: function for function in app.functions}
    tools = [
        tool_entry(app, tool, functions.get(tool.function))
        for tool in sorted(app.tools, key=lambda t: t.name)
    ]
    found: Json = {"tools": tools}
    if app.resources:
        found["resources"] = [resource_entry(one) for one in app.resources if not one.template]
        found["resourceTemplates"] = [resource_entry(one) for one in app.resources if one.template]
    if app.prompts:
        found["prompts"] = [prompt_entry(one) for one in app.prompts]
    if app.mcp_auth is not None:
        found["auth"] = _auth(app.mcp_auth)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _auth(auth: Auth) -> Json:
    """Who may call, as far as it is known and nobody's secret. Keys are left out, whatever they are."""
    known = {name: redact_within(one.value) for name, one in auth.facts if name != "keys"}
    return {"scheme": "bearer", **known}


def tool_entry(app: App, tool: Tool, function: Function | None) -> Json:
    """A tool as ``tools/list`` shows it."""
    said = tool.description or (function.doc if function else None)
    output = _output(app, function) if function else None
    return {
        "name": tool.name,
        **({"title": tool.title} if tool.title else {}),
        **({"description": docstring(said)} if said else {}),
        "inputSchema": redact_within(tool.schema.value) if tool.schema else _input(app, function),
        **({"outputSchema": output} if output else {}),
    }


def resource_entry(resource: Resource) -> Json:
    """A resource as ``resources/list`` or ``resources/templates/list`` shows it."""
    return {
        "uriTemplate" if resource.template else "uri": resource.uri,
        "name": resource.name,
        **({"title": resource.title} if resource.title else {}),
        **({"description": docstring(resource.description)} if resource.description else {}),
        **({"mimeType": resource.media_type} if resource.media_type else {}),
    }


def prompt_entry(prompt: Prompt) -> Json:
    """A prompt as ``prompts/list`` shows it."""
    taken = [one for one in prompt.bindings or () if one.source == "text"]
    return {
        "name": prompt.name,
        **({"title": prompt.title} if prompt.title else {}),
        **({"description": docstring(prompt.description)} if prompt.description else {}),
        "arguments": [{"name": one.key, "required": one.required} for one in taken],
    }


def texts_taken(app: App, offer: Resource | Prompt) -> Json:
    """A schema of what a resource's URI or a prompt's arguments, which are text, must say."""
    components = Components(app)
    taken = [one for one in offer.bindings or () if one.source == "text"]
    if not taken:
        return {}
    properties: Json = {one.key: components.of(one.type) for one in taken}
    required = [one.key for one in taken if one.required]
    schema: Json = {"type": "object", "properties": properties}
    return _with_definitions({**schema, "required": required} if required else schema, components)


def _input(app: App, function: Function | None) -> Json:
    """An object with a property for each parameter that a caller gives."""
    components = Components(app)
    properties: Json = {}
    required = []
    for parameter in function.parameters if function else ():
        if parameter.kind in {"varargs", "varkw"} or parameter.marker == "Depends":
            continue
        given = isinstance(parameter.type, External) or (
            parameter.type is None and parameter.name == "request"
        )
        if given:
            continue  # by the server: the request, the context
        one = components.of(parameter.type) if parameter.type else {}
        if (header := header_of(parameter)) is not None:
            one = {**_primitive(parameter.type, components), **one, KEY: header}
        shown, default = default_of(parameter.default, parameter.name)
        if shown:
            one["default"] = default
        properties[parameter.name] = one
        if parameter.default is None:
            required.append(parameter.name)
    schema: Json = {"type": "object", "properties": properties}
    return _with_definitions({**schema, "required": required} if required else schema, components)


def _primitive(type_: Type | None, components: Components) -> Json:
    """The ``type`` of listed values, which clients must know to write them into a header."""
    values: list[object] = []
    match type_:
        case LiteralOf(values=listed):
            values = list(listed)
        case Ref(id=id_) if schema := components.get(id_):
            values = [constant.value for _, constant in schema.members]
    kinds = {_PRIMITIVES.get(type(value)) for value in values}
    return {"type": kind} if len(kinds) == 1 and (kind := kinds.pop()) else {}


def _output(app: App, function: Function) -> Json | None:
    """The schema of the answer; None where its type is not known."""
    type_ = function.returns
    components = Components(app)
    schema = components.of(type_) if type_ is not None else {}
    if type_ is None or not schema:
        return None
    if not _is_object(app, type_):
        schema = {"type": "object", "properties": {"result": schema}, "required": ["result"]}
    elif isinstance(type_, Ref):
        schema = {"type": "object", **schema}
    return _with_definitions(schema, components)


def structured(app: App, function: Function) -> str:
    """How a tool's answers are structured content: ``object`` as they are, ``wrapped`` in one, or not."""
    if _output(app, function) is None:
        return ""
    assert function.returns is not None
    return "object" if _is_object(app, function.returns) else "wrapped"


def _is_object(app: App, type_: Type) -> bool:
    if isinstance(type_, Ref):
        return any(schema.id == type_.id and schema.kind != "enum" for schema in app.schemas)
    return isinstance(type_, DictOf)


def _with_definitions(schema: Json, components: Components) -> Json:
    definitions = components.definitions()
    return {**schema, "$defs": definitions} if definitions else schema
