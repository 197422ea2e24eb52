"""Source → ``Loaded``: the project, its App, and what is wrong. Nothing of the program is imported or run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, structs

from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.frontend.bodies import inner_imports
from conduitc.frontend.conduit.app import build
from conduitc.frontend.conduit.choice import choose
from conduitc.frontend.conduit.dialect import ConduitDialect
from conduitc.frontend.conduit.inside import check_functions
from conduitc.frontend.dialects import dialect_of
from conduitc.frontend.imports import load_module, require
from conduitc.frontend.interpret import execute
from conduitc.frontend.newer import VERSION
from conduitc.frontend.project import Project, as_imported, find_target, new_project
from conduitc.frontend.scope import Frame
from conduitc.frontend.source import SYNTAX, no_collections
from conduitc.ir.nodes import App
from conduitc.kept import Kept


class Loaded(Struct, frozen=True):
    """A program as read. A program without an app has an App whose ``variable`` is empty; ``app`` is None
    where it cannot be told which app is meant."""

    project: Project
    app: App | None
    diagnostics: tuple[Diagnostic, ...]


def load(
    target: str | Path,
    variable: str | None = None,
    *,
    module: str | None = None,
    line: int | None = None,
    also: Sequence[Path] = (),
    kept: Kept | None = None,
) -> Loaded:
    """Read the program that ``target`` names: a file, a package, or ``module:variable``.

    An app that is running already knows more: what its ``module`` was imported as, the ``line`` its
    ``Conduit(...)`` stands on, and the files of other modules that declare on it though its own does not
    import them (``also``). ``kept`` is what earlier analyses in this process left.

    Raises:
        CompileError: the entry cannot be found, read or parsed.
    """
    found = find_target(target, variable)
    if module is not None:
        found = as_imported(found, module)
    elif (framework := dialect_of(found)) != "conduit":
        from conduitc.frontend.web.load import read  # what another framework needs, no other program pays for

        return Loaded(*structs.astuple(read(found, framework, kept)))
    dialect = ConduitDialect()
    project = new_project(found.root, dialect, kept)
    with no_collections():
        entry = require(project, found.module, False, execute)[-1]
        if (refused := project.newer.get(entry.name)) is not None:
            raise CompileError(
                SYNTAX.at(refused.span, why=f"{refused.message}; a Python newer than {VERSION} may accept it")
            )
        for name in filter(None, map(project.name_of, also)):
            load_module(Frame(entry, {}), name, entry.source.whole(), execute)
        inner_imports(project, execute)
        project.check_names()
        chosen = choose(project, entry, found.variable, line)
        check_functions(project, dialect.entries, made=chosen is None or chosen.owner is not None)
        app = build(project, dialect, chosen) if chosen is not None else None
    return Loaded(project, app, _once(project.diagnostics))


def _once(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, in the order of the source: a loop finds the same thing at every turn."""
    found = {(one.rule.code, one.span, one.message): one for one in diagnostics}
    return tuple(sorted(found.values(), key=lambda one: (one.span, one.rule.code, one.message)))
