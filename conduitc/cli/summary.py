"""A finished build → what ``conduitc build`` prints about it.

It quotes the program: what could steer a terminal is replaced, secrets are masked.
"""

from collections.abc import Iterable, Iterator

from conduitc.driver import Built
from conduitc.ir.loops import NumericLoops
from conduitc.ir.nodes import App, Prompt, Resource, Route, Tool
from conduitc.ir.secrets import masked
from conduitc.ir.types import text
from conduitc.passes.served import NOT_SERVED
from conduitc.report.cells import printable

#: Kinds of work whose results are kept.
_KINDS = {"native": "native modules", "slotted": "modules given slots", "bytecode": "bytecode files"}


#: Loops left to Python that are listed.
_MOST_LEFT = 12


def summary(built: Built) -> str:
    """Routes, schemas, tools, blocks, the dispatch tables' figures, files with sizes, times per stage."""
    app = built.app
    lines = [f"{app.settings.title} {app.settings.version}: {app.module}:{app.variable}"]
    lines += _section("Routes", _routes(app.routes))
    lines += _section("Tools", map(_offered, app.tools))
    lines += _section("Resources", map(_offered, app.resources))
    lines += _section("Prompts", map(_offered, app.prompts))
    lines += _section(
        "Schemas", (f"{s.name} ({s.kind}: {len(s.fields) or len(s.members)})" for s in app.schemas)
    )
    lines += _section("Blocks", (f"{block.name}  {block.kind.rpartition('.')[2]}" for block in app.blocks))
    lines += _section("Pipelines", (f"{one.name}  {' >> '.join(one.blocks)}" for one in app.pipelines))
    lines += _section("Models", (f"{model.name}  {model.engine}" for model in app.models))
    lines += _section("Endpoints", (f"POST {one.path} → {one.model}" for one in app.endpoints))
    lines += ["", *_linked(app)]
    lines += _section("Dispatch", _dispatch(built))
    lines += _section("Typed loops", _loops(built.loops))
    lines += _section(f"Files in {built.folder}", _files(built))
    lines += _section("Work", _work(built))
    lines += _section(
        "Times", (f"{name:<10} {seconds * 1000:8.1f} ms" for name, seconds in built.seconds.items())
    )
    lines += [f"note: {note}" for note in notes(built)]
    return "\n".join(masked(printable(line)) for line in lines)


def notes(built: Built) -> list[str]:
    """What is worth a line at the end."""
    return [*(one.message for one in built.diagnostics if one.rule == NOT_SERVED), *built.notes]


def _section(title: str, rows: Iterable[str]) -> list[str]:
    listed = list(rows)
    return ["", title, *(f"  {row}" for row in listed)] if listed else []


def _offered(offer: Tool | Resource | Prompt) -> str:
    name = offer.uri if isinstance(offer, Resource) else offer.name
    return f"{name}  {offer.description or ''}".rstrip()


def _routes(routes: Iterable[Route]) -> Iterator[str]:
    for route in routes:
        parameters = ", ".join(
            f"{b.parameter}: {_type(b.source, text(b.type))}" for b in route.bindings or ()
        )
        path = "(fallback)" if route.fallback else route.path.text
        where = "constant" if route.folded is not None else route.placement
        methods = ",".join(route.methods)
        yield f"{methods:<7} {path} → {route.handler.partition(':')[2]} ({parameters})  [{where}]"


def _type(source: str, type_: str) -> str:
    return "request" if source == "request" else f"{source} {type_}"


def _linked(app: App) -> list[str]:
    all_ = (*app.routes, *app.offers)
    linked = sum(one.bindings is not None and one.placement is not None for one in all_)
    return [f"handlers linked {linked}/{len(all_)}"]


def _dispatch(built: Built) -> Iterator[str]:
    yield f"{built.emitted.shapes} adapter shapes for {len(built.app.routes)} routes"
    yield from built.emitted.plan.summary()


def _loops(loops: NumericLoops) -> Iterator[str]:
    """What was compiled; what was not, and why."""
    for module in loops.modules:
        for one in module.loops:
            names = [f"{name.name}: {name.kind}" for name in one.variables]
            place = f"{module.file}:{one.span.line} {one.function}"
            yield f"{place} — {len(names)} locals typed ({', '.join(names)})"
    for left in loops.left[:_MOST_LEFT]:
        yield f"left as Python: {left.span.file}:{left.span.line} {left.function} — {left.reason}"
    if len(loops.left) > _MOST_LEFT:
        yield f"left as Python: {len(loops.left) - _MOST_LEFT} more"


def _files(built: Built) -> Iterator[str]:
    user = 0
    for path, size in sorted(built.sizes.items()):
        if path.startswith("src/"):
            user += 1
        else:
            yield f"{path:<52} {size:>9,} bytes"
    yield f"src/: {user} modules of yours; conduit/ and data: {built.copied} files"


def _work(built: Built) -> Iterator[str]:
    for kind, name in _KINDS.items():
        reused, made = built.work.get(kind, (0, 0))
        if reused or made:
            yield f"{name:<24} {made:>4} made {reused:>5} from the cache"
