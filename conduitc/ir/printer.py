"""App → stable text, for golden tests and for reading: what was understood, in declaration order.

``printed(app)`` leaves places out, so that text moves only when meaning does; ``places=True`` adds them.
"""

from collections.abc import Iterable, Iterator

from conduitc.ir.nodes import App, Binding, Computed, Constant, Function, Middleware, Route, Schema
from conduitc.ir.types import text
from conduitc.span import Span


def printed(app: App, *, places: bool = False) -> str:
    """The whole App, a declaration a line, what belongs to it indented below."""
    lines = [f"app {app.module}:{app.variable} {app.settings.title!r} {app.settings.version}"]
    for span, block in _blocks(app):
        head, *rest = block
        lines.append(f"{head}  @{span}" if places else head)
        lines.extend(f"  {line}" for line in rest)
    return "\n".join(lines) + "\n"


def _blocks(app: App) -> Iterator[tuple[Span, list[str]]]:
    functions = {function.id: function for function in app.functions}
    for one in app.middleware:
        yield one.span, [_middleware(one)]
    for hook in app.hooks:
        on = f" {hook.exception}" if hook.exception else ""
        yield hook.span, [f"{hook.kind}{on} -> {_name(hook.function)}"]
    for route in app.routes:
        yield route.span, list(_route(route, functions.get(route.handler)))
    for schema in app.schemas:
        yield schema.span, list(_schema(schema))
    for tool in app.tools:
        note = " (schema given)" if tool.schema is not None else ""
        told = f"tool {tool.name} {tool.description!r} -> {_name(tool.function)}{note}"
        yield tool.span, [told, *_scopes(tool.scopes)]
    for resource in app.resources:
        told = f"resource {resource.uri} -> {_name(resource.function)}"
        yield resource.span, [told, *_scopes(resource.scopes)]
    for prompt in app.prompts:
        told = f"prompt {prompt.name} -> {_name(prompt.function)}"
        yield prompt.span, [told, *_scopes(prompt.scopes)]
    for completion in app.completions:
        told = f"completion of {completion.argument} of {completion.of} -> {_name(completion.function)}"
        yield completion.span, [told]
    for block in app.blocks:
        ends = " -> ".join(text(end) if end is not None else "?" for end in (block.input, block.output))
        yield block.span, [f"block {block.name}: {block.kind} {ends}", *_arguments(block.arguments)]
    for pipeline in app.pipelines:
        yield pipeline.span, [f"{pipeline.kind} {pipeline.name}: {', '.join(map(_name, pipeline.blocks))}"]
    for model in app.models:
        file = f" from {model.file}" if model.file else ""
        yield model.span, [f"model {model.name}: {model.engine}{file}", *_arguments(model.arguments)]
    for endpoint in app.endpoints:
        yield endpoint.span, [f"endpoint {endpoint.path} {endpoint.model} -> {_name(endpoint.function)}"]
    if app.mcp is not None:
        yield app.span, ["mcp", *_arguments(app.mcp)]
    if (found := app.introspection) is not None:
        on = {True: "on", False: "off", None: "?"}[found.enabled]
        yield found.span, [f"introspection {on}{' (secret)' * found.secret}"]
    if (auth := app.mcp_auth) is not None:
        yield auth.span, [f"auth {auth.kind or '?'}{' (secret)' * auth.secret}", *_arguments(auth.facts)]
    for gap in app.unresolved:
        yield gap.span, [f"unresolved {gap.what}: {gap.reason}{' (blocks)' if gap.blocks_build else ''}"]


def _route(route: Route, function: Function | None) -> Iterator[str]:
    what = "fallback" if route.fallback else f"{','.join(route.methods)} {route.path.text}"
    flags = [flag for flag in (_conditional(route), route.placement) if flag]
    if function is not None and function.is_async:
        flags.insert(0, "async")
    shown = f" [{', '.join(flags)}]" if flags else ""
    yield f"{what} -> {_name(route.handler)}{shown}"
    for binding in route.bindings or ():
        yield _binding(binding)
    for one in route.middleware:
        yield _middleware(one)
    if route.placement_why is not None:
        yield f"because {route.placement_why.reason}"
    if route.folded is not None:
        yield f"always {route.folded.value!r}"


def _conditional(route: Route) -> str | None:
    return "conditional" if route.declaration.conditional else None


def _binding(one: Binding) -> str:
    if one.source == "request":
        return f"request {one.parameter}"
    key = f" as {one.key}" if one.key != one.parameter else ""
    marks = "".join(f" ({mark})" for mark, on in (("refined", one.refined), ("keyword", one.keyword)) if on)
    return f"{one.source} {one.parameter}{key}: {text(one.type)}{_default(one.required, one.default)}{marks}"


def _default(required: bool, default: Constant | Computed | None) -> str:
    if required:
        return ""
    return f" = {default.text if default is not None else 'None'}"


def _middleware(one: Middleware) -> str:
    return f"middleware {one.kind} {one.name}"


def _schema(schema: Schema) -> Iterator[str]:
    tag = f" tag {schema.tag[0]}={schema.tag[1]!r}" if schema.tag else ""
    yield f"{schema.kind} {_name(schema.id)}{tag}"
    for one in schema.fields:
        key = f" as {one.name}" if one.name != one.attribute else ""
        missing = not one.required and one.default is None
        default = " (may be missing)" if missing else _default(one.required, one.default)
        yield f"{one.attribute}{key}: {text(one.type)}{default}"
    for name, member in schema.members:
        yield f"{name} = {member.text}"


def _arguments(pairs: Iterable[tuple[str, Constant]]) -> list[str]:
    return [f"{name} = {value.text}" for name, value in pairs]


def _scopes(scopes: tuple[str, ...]) -> list[str]:
    return [f"for {' '.join(scopes)}"] if scopes else []


def _name(id_: str) -> str:
    return id_.partition(":")[2] or id_
