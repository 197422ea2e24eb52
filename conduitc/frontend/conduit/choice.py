"""Which app is meant: the variable asked for, the only ``Conduit``, or the one named ``app``."""

from __future__ import annotations

from msgspec import Struct

from conduitc.diagnostics import Label, Rule
from conduitc.frontend.conduit.records import Owner
from conduitc.frontend.project import Project
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Instance
from conduitc.span import Span
from conduitc.suggest import did_you_mean

NO_SUCH_APP = Rule(
    code="CDT106",
    slug="no-such-app",
    severity="error",
    message="module `{module}` has no app named `{name}`",
    docs="`module:variable` names a module-level variable that holds a `Conduit`.",
    bad="",
    good="",
)

WHICH_APP = Rule(
    code="CDT107",
    slug="which-app",
    severity="error",
    message="module `{module}` has several apps: {names}",
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


class Chosen(Struct, frozen=True):
    """The module and variable that hold the app, and the app; a program may have none (``owner`` is None)."""

    scope: Scope
    owner: Owner | None
    variable: str


def choose(project: Project, entry: Scope, variable: str | None, line: int | None = None) -> Chosen | None:
    """Which app of the program is meant; None, reported, where that cannot be told.

    ``line`` picks the app whose ``Conduit(...)`` stands there: a running app knows its place.
    """
    named = apps_in(entry)
    if variable is not None:
        if variable not in named:
            start = Span(entry.source.file, 1, 1, 1, 1)
            help_ = did_you_mean(variable, named) or (f"it has {', '.join(named)}" if named else None)
            entry.report(NO_SUCH_APP.at(start, module=entry.name, name=variable, help=help_))
            return None
        return Chosen(entry, named[variable], variable)
    if line is not None:
        named = {name: one for name, one in named.items() if one.own.line == line}
    scope = entry
    for other in project.scopes.values():
        if named:
            break
        scope, named = other, apps_in(other)
    if not named:
        return Chosen(entry, None, "")
    if "app" in named or len({id(one) for one in named.values()}) == 1:
        name = "app" if "app" in named else next(iter(named))
        return Chosen(scope, named[name], name)
    first = next(iter(named.values()))
    labels = tuple(Label(one.own.span, name) for name, one in named.items() if one is not first)
    help_ = f"say which, as in `{scope.name}:{next(iter(named))}`, or name one of them `app`"
    names = ", ".join(named)
    scope.report(
        WHICH_APP.at(
            first.own.span, label=next(iter(named)), labels=labels, help=help_, module=scope.name, names=names
        )
    )
    return None


def apps_in(scope: Scope) -> dict[str, Owner]:
    """The apps that a module's names hold."""
    return {
        name: value.state
        for name, value in scope.names.items()
        if isinstance(value, Instance) and isinstance(value.state, Owner) and value.state.kind == "app"
    }
