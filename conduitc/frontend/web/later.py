"""Which modules of a program must run when they are imported, by their text; the others wait to be needed.

A module whose declarations go to what it imports (``from .app import app``, ``@app.get``) has its effect on
others, so it runs with the modules on the way to it. Text decides: at worst a module runs that need not.
"""

from __future__ import annotations

import re

from conduitc.frontend.dialects import imports_of
from conduitc.frontend.project import Project
from conduitc.frontend.source import peek

_VERBS = "get|post|put|delete|patch|head|options|route|api_route|websocket|websocket_route|middleware"
_HOOKS = "before_request|after_request|errorhandler|exception_handler|on_event"
_ACTS = "include_router|add_api_route|add_route|mount|add_url_rule|register_blueprint|add_middleware"
_DECORATED = re.compile(rf"\n@(\w+)(?:\.\w+)*\.(?:{_VERBS}|{_HOOKS})\b")
_CALLED = re.compile(rf"\n(?: {{4}})?(\w+)(?:\.\w+)*\.(?:{_ACTS})\(")
_ANY = re.compile(rf"\.(?:{_ACTS}|api_route|route)\(|@\w+\.(?:{_VERBS})\(")


class Modules:
    """Texts of modules, and what is known by them. ``eager`` are those that run when they are imported."""

    def __init__(self) -> None:
        self.eager: set[str] = set()
        self._texts: dict[str, str] = {}

    def text(self, project: Project, name: str) -> str:
        """The source text of a module; nothing where there is none."""
        if name not in self._texts:
            found = project.locate(name)
            self._texts[name] = peek(project.root / found[0]) if found is not None and found[0] else ""
        return self._texts[name]

    def declares(self, project: Project, name: str) -> bool:
        """Whether anything is declared in a module, in its functions too."""
        return _ANY.search(self.text(project, name)) is not None

    def find_eager(self, project: Project, entry: str) -> None:
        """Follow the imports from ``entry``, and mark those that must run, with the way to them."""
        importer: dict[str, str] = {entry: ""}
        for name in (waiting := [entry]):
            if name != entry and self._reaches_out(project, name):
                self._mark(name, importer)
            for inner in imports_of(self.text(project, name), _package(project, name), project.locate):
                if inner not in importer:
                    importer[inner] = name
                    waiting.append(inner)

    def _mark(self, name: str, importer: dict[str, str]) -> None:
        while name and name not in self.eager:
            self.eager.add(name)
            name = importer[name]

    def _reaches_out(self, project: Project, name: str) -> bool:
        """Does it declare, at its top level, on something that it did not make?"""
        text = "\n" + self.text(project, name)
        owners = {*_DECORATED.findall(text), *_CALLED.findall(text)}
        return any(not re.search(rf"\n{owner}[ ]*(?::[^=\n]+)?=[^=]", text) for owner in owners)


def _package(project: Project, name: str) -> str:
    found = project.locate(name)
    return name if found is not None and found[1] else name.rpartition(".")[0]
