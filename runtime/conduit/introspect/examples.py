"""A resource → a text that can be copied: its declaration, rebuilt from what the metadata says of it.

The metadata has no bodies and no arguments of calls, so this is what a declaration like it looks like, not
the source. All of it comes from the metadata, which holds no secrets.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from conduit.introspect.store import Row, Store

#: So many fields or parameters are shown.
MOST = 12
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "websocket", "route", "api_route")


def example(store: Store, row: Row) -> str:
    """A few lines; a name at least."""
    body = store.body(row)
    if row.kind == "route":
        return _route(store, row, body)
    if row.kind == "schema":
        return _schema(body)
    if row.kind == "middleware":
        return _middleware(store, row, body)
    function = _function_of(store, body)
    if row.kind == "provider":
        name = _last(row.id)
        signature = _signature(store, function, function) if function else ""
        return "\n".join(one for one in (signature, f"value = Depends({name})") if one)
    if row.kind == "module":
        return f"import {row.name}"
    route = _route_of(store, row) if row.kind == "function" else None
    if route is not None:
        return _route(store, route, store.body(route))
    if row.kind == "function" or function or body.get("parameters"):
        own = function or body
        return "\n".join([*_decorators(own), _signature(store, own, own)])
    return f"{body.get('facts', {}).get('class', {}).get('value', row.kind)}  # {row.name}"


def _function_of(store: Store, body: dict[str, Any]) -> dict[str, Any] | None:
    """The function that is behind a route, a tool, a provider or a middleware."""
    facts = body.get("facts", {})
    for name in ("handler", "function"):
        number = store.number(str(facts[name].get("value"))) if name in facts else None
        if number is not None:
            return store.body(store.rows[number])
    return None


def _route_of(store: Store, row: Row) -> Row | None:
    """The route that a function answers."""
    users = (store.rows[one] for one in store.graph.backward[row.number])
    return next((one for one in users if one.kind == "route" and one.handler == row.id), None)


def _route(store: Store, row: Row, body: dict[str, Any]) -> str:
    """On a group the path is left open: what the group is reached by stands before it."""
    handler = _function_of(store, body)
    called = (handler or {}).get("decorators", ())
    name = next((one for one in called if one.rpartition(".")[2] in _VERBS), "")
    app = store.about.variable or "app"
    if not name:
        method = row.methods[0].lower() if row.methods else "route"
        name = f"{app}.{method if method in _VERBS else 'route'}"
    own = name.startswith(f"{app}.")
    given = [f'"{row.pattern}"' if own else "..."]
    status = body.get("facts", {}).get("status", {}).get("value")
    if status and store.about.dialect != "flask":
        given.append(f"{'status' if store.about.dialect == 'conduit' else 'status_code'}={status}")
    if name.endswith("route"):
        given.append(f"methods={row.methods!r}")
    full = "" if own else f"  # {','.join(row.methods)} {row.pattern}"
    others = [f"@{one}" for one in called if one != name and one.rpartition(".")[2] not in _VERBS]
    return "\n".join(
        [f"@{name}({', '.join(given)}){full}", *others, _signature(store, handler or body, body)]
    )


def _last(id_: str) -> str:
    """``place`` of ``function:shop.orders.place``, and of a route's id."""
    return id_.partition("#")[0].partition(":")[2].rpartition(".")[2]


def _signature(store: Store, function: dict[str, Any], shown: dict[str, Any]) -> str:
    facts = function.get("facts", {})
    name = _last(str(function["id"]))
    name = name if name.isidentifier() else "handler"  # one of the framework's own
    listed = function.get("parameters", ())
    injected = [one for one in listed if one.get("marker") == "Depends"]
    providers = _providers(store, shown, injected)
    parts = [_parameter(one, providers.get(one["name"], "...")) for one in listed[:MOST]]
    parts += ["..."] if len(listed) > MOST else []
    returns = facts.get("returns", {}).get("value")
    arrow = f" -> {returns}" if returns else ""
    word = "async def" if facts.get("async", {}).get("value") else "def"
    return f"{word} {name}({', '.join(parts)}){arrow}: ..."


def _providers(store: Store, shown: dict[str, Any], injected: list[dict[str, Any]]) -> dict[str, str]:
    """What is injected, by parameter; only where there is one, or one that gives a parameter's type."""
    number = store.number(str(shown["id"]))
    if not injected or number is None:
        return {}
    found = [store.rows[one.other] for one in store.graph.out_of(number) if one.kind == "depends"]
    if len(found) == len(injected) == 1:
        return {injected[0]["name"]: _last(found[0].id)}
    given: dict[str, list[str]] = {}
    for row in found:
        function = _function_of(store, store.body(row)) or {}
        returns = function.get("facts", {}).get("returns", {}).get("value")
        given.setdefault(str(returns), []).append(_last(row.id))
    fitting = {one["name"]: given.get(one.get("type", ""), ()) for one in injected}
    return {name: names[0] for name, names in fitting.items() if len(names) == 1}


def _parameter(one: dict[str, Any], provider: str) -> str:
    said = f"{one['name']}: {one['type']}" if "type" in one else str(one["name"])
    equals = " = " if "type" in one else "="
    if one.get("marker") == "Depends":
        return f"{said}{equals}Depends({provider})"
    if "default" in one:
        return f"{said}{equals}{one['default']!r}"
    return said if one.get("required", True) else f"{said}{equals}..."


def _schema(body: dict[str, Any]) -> str:
    facts = {name: fact.get("value") for name, fact in body.get("facts", {}).items()}
    form = str(facts.get("form", ""))
    bases = ", ".join(str(one).rpartition(".")[2] for one in facts.get("bases") or ())
    model = "BaseModel" in bases
    lines = ["@dataclass"] if form == "dataclass" else []
    lines.append(f"class {body['name']}({bases}):" if bases else f"class {body['name']}:")
    listed = body.get("fields", ())
    lines += [f"    {_field(one, model)}" for one in listed[:MOST]]
    members = facts.get("members") or ()
    lines += [f"    {one['name']} = {one['value']!r}" for one in members[:MOST]]
    if max(len(listed), len(members)) > MOST or len(lines) == 1:
        lines.append("    ...")
    return "\n".join(lines)


def _field(one: dict[str, Any], model: bool) -> str:
    type_ = one.get("type", "Any")
    bounds = ", ".join(f"{key}={value!r}" for key, value in sorted(one.get("constraints", {}).items()))
    given = f"{one['default']!r}" if "default" in one else "" if one.get("required", True) else "..."
    if bounds and model:
        return f"{one['name']}: {type_} = Field({', '.join(part for part in (given, bounds) if part)})"
    if bounds:
        type_ = f"Annotated[{type_}, Meta({bounds})]"
    return f"{one['name']}: {type_}" + (f" = {given}" if given else "")


def _middleware(store: Store, row: Row, body: dict[str, Any]) -> str:
    function = _function_of(store, body)
    name = _last(row.id)
    if function is None:
        add = "use" if store.about.dialect == "conduit" else "add_middleware"
        return f"{store.about.variable or 'app'}.{add}({name})"
    return "\n".join([*_decorators(function), _signature(store, function, function)])


def _decorators(function: dict[str, Any]) -> list[str]:
    return [f"@{one}" for one in function.get("decorators", ())]


__all__ = ["example"]
