"""Import statements: executes the project's modules in Python's order and binds the names they give."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conduitc.diagnostics import CompileError
from conduitc.frontend.import_faults import absolute, circular, no_module, no_name, no_parent
from conduitc.frontend.scope import Frame, Scope
from conduitc.frontend.values import (
    Const,
    External,
    Later,
    Module,
    Sequence,
    Unknown,
    Value,
    attribute,
    settled,
)
from conduitc.span import Span

if TYPE_CHECKING:
    from conduitc.frontend.project import Project

#: Never the project's own, whatever stands in its folder.
LIBRARY = ("conduit", "_conduit")

#: Standard modules that are often imported whole.
_TYPING = ("typing", "dataclasses", "enum", "datetime", "decimal", "uuid", "collections")

#: A module with one of these may define names that its statements do not show.
DYNAMIC = ("globals()", "vars(", "locals()", "__dict__", "sys.modules", "exec(", "setattr(")

Execute = Callable[[Scope], None]


def import_statement(frame: Frame, node: ast.Import, execute: Execute) -> None:
    """``import a.b as c``."""
    for alias in node.names:
        top = alias.name.partition(".")[0]
        if _postponed(frame, alias.name, node):
            frame.bind(alias.asname or top, _module_later(frame, alias, node, execute), node.lineno)
            continue
        value = load_module(frame, alias.name, frame.scope.span(node), execute)
        if value is None:
            note_external(frame.scope, alias.name, frame.scope.span(node))
            value = External(alias.name if alias.asname else top)
        elif not alias.asname and top in frame.scope.project.scopes:
            value = Module(frame.scope.project.scopes[top])
        frame.bind(alias.asname or top, value, node.lineno)


def import_from(frame: Frame, node: ast.ImportFrom, execute: Execute) -> None:
    """``from a.b import c as d``, relative forms and ``*`` too."""
    scope = frame.scope
    span = scope.span(node)
    name = absolute(scope, node)
    if name and node.names[0].name != "*" and _postponed(frame, name, node):
        for alias in node.names:
            there = _name_later(frame, name, alias, span, execute)
            frame.bind(alias.asname or alias.name, there, node.lineno)
        return
    module = load_module(frame, name, span, execute) if name else None
    if module is None:
        if node.level:
            scope.report(no_parent(frame.scope, node, name))
        elif name != "__future__":
            note_external(scope, name, span)
        elif any(alias.name == "annotations" for alias in node.names):
            scope.deferred = True
    for alias in node.names:
        if alias.name == "*":
            _import_star(frame, module, name, node.lineno)
            continue
        value: Value
        if isinstance(module, Module):
            value = _member(frame, module.scope, alias, execute)
        elif module is not None:
            value = attribute(module, alias.name)
        elif node.level:
            value = Unknown(f"module {name} was not found")
        else:
            value = External(f"{name}.{alias.name}")
            scope.project.dialect.imported(name, alias.name, scope, alias)
        frame.bind(alias.asname or alias.name, value, node.lineno)


def _postponed(frame: Frame, name: str, node: ast.Import | ast.ImportFrom) -> bool:
    """Is this import left for later? Then what it says of its module is kept."""
    scope, project = frame.scope, frame.scope.project
    if project.load is None or project.locate(name.partition(".")[0]) is None:
        return False
    if isinstance(node, ast.Import):
        names = [name]
    else:
        names = [name, *(f"{name}.{alias.name}" for alias in node.names)]
    scope.imports.append((name, scope.span(node)))
    if not frame.conditional and (not scope.conditional or scope.name in project.certain):
        for one in names:
            parts = one.split(".")
            project.certain.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return all(project.dialect.postpones(project, one) for one in names)


def _module_later(frame: Frame, alias: ast.alias, node: ast.Import, execute: Execute) -> Value:
    there = Frame(frame.scope, {}, guards=frame.guards)
    top = alias.name.partition(".")[0]

    def work() -> Value:
        found = load_module(there, alias.name, there.scope.span(node), execute)
        scopes = there.scope.project.scopes
        if not alias.asname and top in scopes:
            return Module(scopes[top])
        return found or External(alias.name)

    return Later(work, alias.name, what=f"{alias.name} as {alias.asname}")


def _name_later(frame: Frame, name: str, alias: ast.alias, span: Span, execute: Execute) -> Value:
    there = Frame(frame.scope, {}, guards=frame.guards)

    def work() -> Value:
        module = load_module(there, name, span, execute)
        if isinstance(module, Module):
            return _member(there, module.scope, alias, execute)
        return attribute(module, alias.name) if module is not None else External(f"{name}.{alias.name}")

    return Later(work, name, what=f"{name}.{alias.name}")


def load_module(frame: Frame, name: str, span: Span, execute: Execute) -> Value | None:
    """The project module ``name``, executed if it has not been, parents first; None if it is external."""
    scope, project = frame.scope, frame.scope.project
    top = name.partition(".")[0]
    if top in LIBRARY or project.locate(top) is None:
        return None
    try:
        found = require(project, name, frame.conditional or scope.conditional, execute)
    except CompileError as error:
        # a file that cannot be opened has no place of its own: the import has
        project.diagnostics.extend(
            one if one.span.file else replace(one, span=span) for one in error.diagnostics
        )
        return Unknown(f"module {name} could not be read")
    except LookupError as error:
        missing = str(error.args[0])
        if project.is_extension(missing):
            return External(name)
        if not frame.conditional:
            scope.report(no_module(project, missing, span))
        return Unknown(f"module {missing} was not found")
    for one in found:
        one.imported_by(scope, frame.guards)
    if not frame.conditional:
        scope.needs.extend(found)
        if not scope.conditional:
            for one in found:
                one.settle()
    scope.imports.append((name, span))
    return Module(found[-1])


def require(project: Project, name: str, conditional: bool, execute: Execute) -> list[Scope]:
    """The scopes of a module and its parents, outermost first; they are executed if they have not been.

    Raises:
        CompileError: one cannot be read.
        LookupError: there is no such module; names it.
    """
    found: list[Scope] = []
    done = ""
    for part in name.split("."):
        done = f"{done}.{part}" if done else part
        scope = project.scopes.get(done)
        if scope is None:
            if project.locate(done) is None:
                raise LookupError(done)
            scope = project.open(done)
            scope.conditional = conditional
            execute(scope)
        if found:
            found[-1].names[part] = Module(scope)
        found.append(scope)
    return found


def note_external(scope: Scope, name: str, span: Span) -> None:
    """Remember a module of others; those that are not Python's own either are to be installed."""
    top = name.partition(".")[0]
    scope.imports.append((name, span))
    if top and top not in sys.stdlib_module_names and top not in LIBRARY:
        scope.project.externals.setdefault(top, span)


def _member(frame: Frame, module: Scope, alias: ast.alias, execute: Execute) -> Value:
    """One name of a project module: what it defines, else its submodule."""
    found = module.names.get(alias.name)
    if found is not None and not (isinstance(found, Later) and found.busy):
        return found
    inner = f"{module.name}.{alias.name}"
    span = frame.scope.span(alias)
    project = frame.scope.project
    if module.package and (project.locate(inner) or project.is_extension(inner)):
        return load_module(frame, inner, span, execute) or Unknown(f"module {inner} was not found")
    if alias.name in module.typing_only:
        return Unknown(f"{alias.name} is imported only under TYPE_CHECKING")
    if isinstance(computed := module.names.get("__getattr__"), Unknown):
        return computed
    if "__getattr__" in module.names:
        return Unknown(f"{module.name} computes {alias.name} when asked")
    if frame.conditional:
        return Unknown(f"module {module.name} has no {alias.name}")
    if module.stars:
        return External(f"{module.stars[-1]}.{alias.name}")
    if any(word in module.source.text for word in DYNAMIC):
        return Unknown(f"{module.name} may set {alias.name} by other means")
    if not module.complete:
        frame.scope.report(circular(frame.scope, module, alias.name, span))
    elif not re.search(rf"\b{re.escape(alias.name)}\b", module.source.text):
        frame.scope.report(no_name(module, alias.name, span))
    return Unknown(f"module {module.name} has no {alias.name}")


def _import_star(frame: Frame, module: Value | None, name: str, line: int) -> None:
    if not isinstance(module, Module):
        if not isinstance(module, Unknown):
            frame.scope.stars.append(name)
            for one in (*frame.scope.project.dialect.exports(name), *_standard_exports(name)):
                frame.bind(one, External(f"{name}.{one}"), line)
        return
    names = module.scope.names
    frame.scope.stars.extend(module.scope.stars)
    listed = settled(names["__all__"]) if "__all__" in names else None
    if isinstance(listed, Sequence):
        chosen = [one.value for one in listed.items if isinstance(one, Const) and isinstance(one.value, str)]
    else:
        chosen = [one for one in names if not one.startswith("_")]
    for one in chosen:
        if one in names:
            frame.bind(one, names[one], line)


def _standard_exports(name: str) -> list[str]:
    """What Python's own modules that annotations come from give: several stars can then be told apart."""
    if name not in _TYPING:
        return []
    module = import_module(name)
    return list(getattr(module, "__all__", None) or [one for one in vars(module) if not one.startswith("_")])
