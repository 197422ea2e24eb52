"""Which app is meant: the variable or factory asked for, the only app of the entry, or one named like it."""

from __future__ import annotations

import ast

from msgspec import Struct

from conduitc.diagnostics import Label
from conduitc.frontend.conduit.choice import NO_SUCH_APP, WHICH_APP
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Call, Scope
from conduitc.frontend.values import Function, Instance, Later, Sequence, Unknown, Value, settled
from conduitc.frontend.web.dialect import WebDialect
from conduitc.frontend.web.records import Group, Mount
from conduitc.span import Span
from conduitc.suggest import did_you_mean

_NAMES = ("app", "application", "api")
_FACTORIES = (
    "create_app",
    "make_app",
    "build_app",
    "get_app",
    "create_application",
    "get_application",
    "app_factory",
)


class Chosen(Struct, frozen=True):
    """The module and variable that hold the app, and the app; a program may have none."""

    scope: Scope
    app: Group | None
    variable: str


def choose(project: Project, dialect: WebDialect, entry: Scope, variable: str | None) -> Chosen | None:
    """Which app of the program is meant; None, reported, where that cannot be told.

    Where nothing is asked for and the entry has no app, one that it leads to counts, if there is just one.
    """
    if variable is not None:
        return _named(dialect, entry, variable)
    if not _apps_in(entry):
        _look_behind(project, dialect, entry)
    if apps := _apps_in(entry):
        return _one_of(entry, apps, dialect)
    for name in _FACTORIES:
        value = entry.names.get(name)
        group = app_of(_called(dialect, value)) if isinstance(value, Function) else None
        if group is not None:
            return Chosen(entry, group, name)
    for scope in list(project.scopes.values()):
        apps = _apps_in(scope)
        if len({id(one) for one in apps.values()}) == 1:
            return Chosen(scope, next(iter(apps.values())), next(iter(apps)))
    return Chosen(entry, None, "")


def _look_behind(project: Project, dialect: WebDialect, scope: Scope) -> None:
    """Import what may be an app: re-exports are left for later as long as nothing needs them."""
    for name, value in list(scope.names.items()):
        if isinstance(value, Later) and (name in _NAMES or dialect.modules.declares(project, value.origin)):
            scope.names[name] = settled(value)


def _named(dialect: WebDialect, entry: Scope, variable: str) -> Chosen | None:
    value = settled(entry.names.get(variable) or Unknown(""))
    if isinstance(value, Function):
        value = _called(dialect, value)
    group = app_of(value)
    if group is not None:
        return Chosen(entry, group, variable)
    start = Span(entry.source.file, 1, 1, 1, 1)
    known = _apps_in(entry)
    help_ = did_you_mean(variable, known) or (f"it has {', '.join(known)}" if known else None)
    if isinstance(value, Unknown) and value.reason:
        help_ = value.reason
    entry.report(NO_SUCH_APP.at(start, module=entry.name, name=variable, help=help_))
    return None


def _called(dialect: WebDialect, factory: Function) -> Value:
    """What a factory gives without arguments."""
    name = ast.copy_location(ast.Name(factory.name, ast.Load()), factory.node)
    node = ast.copy_location(ast.Call(name, [], []), factory.node)
    return dialect.entering.enter(factory, Call(node, factory.scope, [], {}, False))


def app_of(value: Value | None, depth: int = 3) -> Group | None:
    """The app that a value is; one in an ASGI wrapper from outside counts."""
    match settled(value) if value is not None else None:
        case Instance(state=Group(kind="app") as group):
            return group
        case Instance(state=None, call=Call() as call) if depth:
            given = [*call.positional, *call.keywords.values()]
            found = [
                one
                for one in (app_of(each, depth - 1) for each in given if not isinstance(each, Later))
                if one
            ]
            return found[0] if len(found) == 1 else None
        case Sequence(items=items) if depth:
            found = [one for one in (app_of(each, depth - 1) for each in items) if one]
            return found[0] if len(found) == 1 else None
    return None


def _apps_in(scope: Scope) -> dict[str, Group]:
    found = {name: app_of(value) for name, value in scope.names.items() if isinstance(value, Instance)}
    return {name: one for name, one in found.items() if one is not None}


def _one_of(scope: Scope, apps: dict[str, Group], dialect: WebDialect) -> Chosen | None:
    """The app that the others are mounted in, else the one with the usual name."""
    inner = {
        id(entry.group)
        for group in dialect.groups
        for entry in group.entries
        if isinstance(entry, Mount) and entry.group is not None
    }
    outer = {name: one for name, one in apps.items() if id(one) not in inner} or apps
    name = next((one for one in _NAMES if one in outer), next(iter(outer)))
    if name in _NAMES or len({id(one) for one in outer.values()}) == 1:
        return Chosen(scope, outer[name], name)
    first = outer[name]
    labels = tuple(Label(one.span, other) for other, one in outer.items() if one is not first)
    help_ = f"say which, as in `{scope.name}:{name}`, or name one of them `app`"
    names = ", ".join(outer)
    scope.report(
        WHICH_APP.at(first.span, label=name, labels=labels, help=help_, module=scope.name, names=names)
    )
    return None
