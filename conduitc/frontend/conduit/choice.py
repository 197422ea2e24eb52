"""Which app is meant: the variable asked for, the only ``Conduit``, or the one named ``app``."""

from __future__ import annotations

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.conduit.dialect import ConduitDialect
from conduitc.frontend.conduit.records import Owner
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Instance
from conduitc.span import Span

NO_SUCH_APP = Rule(
    code="CDT106",
    slug="no-such-app",
    severity="error",
    message="module {module} has no app named {name}",
    docs="`module:variable` names a module-level variable that holds a `Conduit`.",
    bad="",
    good="",
)

WHICH_APP = Rule(
    code="CDT107",
    slug="which-app",
    severity="error",
    message="module {module} has several apps: {names}",
    docs=(
        "A build is made of one app: the only `Conduit` of the module, else the one named `app`. Say which "
        "with `module:variable`."
    ),
    bad="""\
from conduit import Conduit

one = Conduit()
two = Conduit()
""",
    good="""\
from conduit import Conduit

one = Conduit()
app = Conduit()
""",
)


def choose(
    project: Project, dialect: ConduitDialect, entry: Scope, variable: str | None, line: int | None = None
) -> tuple[Scope, Owner | None, str]:
    """The module and variable that hold the app, and the app; None, where there is none to be found.

    ``line`` picks the app whose ``Conduit(...)`` stands there: a running app knows its place.
    """
    named = apps_in(entry)
    if variable is not None:
        found = named.get(variable)
        if found is None:
            start = Span(entry.source.file, 1, 1, 1, 1)
            help_ = f"it has {', '.join(named)}" if named else None
            entry.report(NO_SUCH_APP.at(start, module=entry.name, name=variable, help=help_))
        return entry, found, variable if found else ""
    if line is not None:
        named = {name: one for name, one in named.items() if one.own.line == line}
    if not named:
        for scope in project.scopes.values():
            entry, named = scope, apps_in(scope)
            if named:
                break
    if not named:
        return next(iter(project.scopes.values())), None, ""
    if len({id(one) for one in named.values()}) == 1:
        name = "app" if "app" in named else next(iter(named))
        return entry, named[name], name
    if "app" in named:
        return entry, named["app"], "app"
    labels = tuple(Label(one.own.span, name) for name, one in named.items())
    first = next(iter(named.values()))
    names = ", ".join(named)
    help_ = f"name one: {entry.name}:{next(iter(named))}"
    entry.report(WHICH_APP.at(first.own.span, module=entry.name, names=names, labels=labels[1:], help=help_))
    return entry, None, ""


def apps_in(scope: Scope) -> dict[str, Owner]:
    """The apps that a module's names hold."""
    return {
        name: value.state
        for name, value in scope.names.items()
        if isinstance(value, Instance) and isinstance(value.state, Owner) and value.state.kind == "app"
    }
