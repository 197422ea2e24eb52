"""Target → ``Loaded``, for FastAPI, Starlette and Flask: executed module by module, as far as it matters."""

from __future__ import annotations

from msgspec import Struct

from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.frontend.conduit.choice import NO_SUCH_APP, WHICH_APP
from conduitc.frontend.dialects import INSTALLED
from conduitc.frontend.imports import require
from conduitc.frontend.interpret import execute
from conduitc.frontend.limits import TOO_DEEP, TOO_LARGE
from conduitc.frontend.newer import VERSION
from conduitc.frontend.project import Project, Target, new_project
from conduitc.frontend.schemas import Schemas
from conduitc.frontend.source import MISSING, NOT_TEXT, SYNTAX, no_collections
from conduitc.frontend.values import Module, Unknown, Value
from conduitc.frontend.web.app import build
from conduitc.frontend.web.choice import choose
from conduitc.frontend.web.dialect import WebDialect
from conduitc.frontend.web.later import Modules
from conduitc.frontend.web.schemas import Foreign
from conduitc.ir.nodes import App
from conduitc.kept import Kept

#: What may be wrong with a program whatever its framework; all else that the executor finds is about Conduit.
_ANYWHERE = (MISSING, NOT_TEXT, SYNTAX, TOO_DEEP, TOO_LARGE, NO_SUCH_APP, WHICH_APP)


class Read(Struct, frozen=True):
    """As ``frontend.Loaded``."""

    project: Project
    app: App | None
    diagnostics: tuple[Diagnostic, ...]


def read(found: Target, framework: str, kept: Kept | None = None) -> Read:
    """Read the program that ``found`` names; ``kept`` as for ``frontend.load``.

    Raises:
        CompileError: the entry cannot be read or parsed.
    """
    modules = Modules()
    dialect = WebDialect(modules)
    project = new_project(found.root, dialect, kept)
    project.schemas = Schemas(Foreign())
    project.stepwise = False
    if found.root.name in INSTALLED:
        project.only = found.module.partition(".")[0]

    def load(name: str) -> Value:
        try:
            return Module(require(project, name, False, execute)[-1])
        except (CompileError, LookupError):
            return Unknown(f"module {name} could not be read")

    project.load = load
    with no_collections():
        modules.find_eager(project, found.module)
        parts = found.module.split(".")
        project.certain.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        entry = require(project, found.module, False, execute)[-1]
        if (refused := project.newer.get(entry.name)) is not None:
            why = f"{refused.message}; a Python newer than {VERSION} may accept it"
            raise CompileError(SYNTAX.at(refused.span, why=why))
        chosen = choose(project, dialect, entry, found.variable)
        app = build(project, chosen, framework, dialect.missed) if chosen is not None else None
    told = [one for one in project.diagnostics if one.rule in _ANYWHERE]
    return Read(project, app, tuple(dict.fromkeys(told)))
