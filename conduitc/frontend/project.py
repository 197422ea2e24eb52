"""Where a program's modules are: root, import name → file, and everything that was read on the way."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable
from os.path import isdir, isfile
from pathlib import Path

from msgspec import Struct

from conduitc import places
from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.frontend.annotations import Reading
from conduitc.frontend.dialect import Dialect
from conduitc.frontend.limits import BRANCHED, STEPS, WORK
from conduitc.frontend.newer import NEWER, VERSION, is_newer, without_syntax
from conduitc.frontend.schemas import Schemas
from conduitc.frontend.scope import Scope
from conduitc.frontend.source import MISSING, Refused, Source, read
from conduitc.frontend.values import Module, Unknown, Value
from conduitc.kept import Kept
from conduitc.span import NOWHERE, Span

NOT_A_PROGRAM = Rule(
    code="CDT103",
    slug="not-a-program",
    severity="error",
    message="{target} is {what}",
    docs=(
        "A program is named by its file (`app.py`), by a package (a folder with an `__init__.py`), or as "
        "`module:variable` relative to the current folder."
    ),
    bad="",
    good="",
)

RESERVED = Rule(
    code="CDT104",
    slug="reserved-module",
    severity="error",
    message="the project has a top-level module named `{name}`, which hides the library's own",
    docs=(
        "`conduit` is the library every app imports, `msgspec` what that reads and writes data with, and "
        "`_conduit` holds what a build generates. A project module of that name would be imported instead. "
        "Rename it."
    ),
    bad="""\
# file: app.py
from conduit import Conduit

app = Conduit()
# file: conduit.py
X = 1
""",
    good="""\
# file: app.py
from conduit import Conduit

app = Conduit()
# file: helpers.py
X = 1
""",
)

SHADOWS = Rule(
    code="CDT105",
    slug="hides-standard-module",
    severity="warning",
    message="the project's module `{name}` hides the standard library's own",
    docs=(
        "The project's folder is searched before the standard library, so every import of this name, also "
        "those inside other libraries, gets this file. Rename it."
    ),
    bad="""\
# file: app.py
import token

from conduit import Conduit

app = Conduit()
# file: token.py
X = 1
""",
    good="""\
# file: app.py
import tokens

from conduit import Conduit

app = Conduit()
# file: tokens.py
X = 1
""",
)

#: From Python 3.14 on, annotations are evaluated only when asked for.
_LATE = sys.version_info >= (3, 14)

_EMPTY = Source("", "", "", ast.Module([], []), [""], False)


class Target(Struct, frozen=True):
    """What the command line names: root folder, import name of the entry, and the variable if it says so."""

    root: Path
    module: str
    variable: str | None


class Project(Struct, eq=False):
    """One program. ``scopes`` are its modules in the order in which they are first imported; ``externals``
    the top-level names of what it imports from elsewhere; ``doubtful`` is set where an annotation has no
    meaning; ``parsed`` are annotations written as text; ``broken`` the modules that cannot be read, ``newer``
    those among them in a later Python's syntax; ``steps``, ``work`` and ``branched`` what was spent;
    ``forms`` what aliases mean, by the expression they stand for; ``assumed`` how often something was read
    that the environment may change. ``only`` is the one top-level name that is the project's own, where its
    root holds other packages too; ``stepwise`` says whether what is tried may stop between two statements;
    ``certain`` are the modules that are imported whatever happens, though perhaps not yet; ``load`` imports
    one, where that is left for later; ``kept`` is what earlier analyses in this process left."""

    root: Path
    scopes: dict[str, Scope]
    diagnostics: list[Diagnostic]
    externals: dict[str, Span]
    located: dict[str, tuple[str, bool] | None]
    identities: dict[str, dict[tuple[ast.AST, str | None], int]]
    unresolved: list[tuple[str, str, Span]]
    dialect: Dialect
    schemas: Schemas
    parsed: dict[str, ast.expr | None]
    steps: int = 0
    doubtful: bool = False
    tests: int = 0
    work: int = 0
    branched: int = 0
    broken: dict[str, CompileError] = {}
    newer: dict[str, Diagnostic] = {}
    forms: dict[int, Reading] = {}
    assumed: int = 0
    only: str | None = None
    stepwise: bool = True
    certain: set[str] = set()
    load: Callable[[str], Value] | None = None
    kept: Kept | None = None

    def afford(self, steps: int) -> bool:
        """Whether loops may still be unrolled by so much: all of them together are bounded."""
        self.steps += steps
        return self.steps <= STEPS

    def branch(self, names: int) -> bool:
        """Whether so many names may still be kept aside."""
        self.branched += names
        return self.branched <= BRANCHED

    def compute(self, size: int) -> bool:
        """Whether a value of so many characters or items may still be computed."""
        self.work += size
        return self.work <= WORK

    def new_test(self) -> int:
        """A number for something undecided."""
        self.tests += 1
        return self.tests

    def locate(self, name: str) -> tuple[str, bool] | None:
        """The file of an import name below the root, and whether it is a package; a namespace has no file."""
        if self.only is not None and name.partition(".")[0] != self.only:
            return None
        if name not in self.located:
            self.located[name] = places.search(self.root, name)
        return self.located[name]

    def is_extension(self, name: str) -> bool:
        """Whether a module is there, but not as Python source."""
        return places.is_extension(self.root, name)

    def open(self, name: str) -> Scope:
        """A new scope for module ``name``, its file read.

        Raises:
            CompileError: the file cannot be read or parsed.
        """
        found = self.locate(name)
        if found is None:
            raise CompileError(NOT_A_PROGRAM.at(NOWHERE, target=name, what="no module of this project"))
        file, package = found
        source = self._read(name, file) if file else _EMPTY
        scope = Scope(name, source, package, self, {}, {}, set(), {}, [], [], [], [], [], {}, _LATE)
        if name in self.newer:
            scope.names["__getattr__"] = Unknown(
                f"the syntax of module {name} is newer than the running Python"
            )
        self.scopes[name] = scope
        return scope

    def _read(self, name: str, file: str) -> Source:
        """The source of a module; one in a later Python's syntax says nothing, and is listed."""
        if name in self.broken:
            raise self.broken[name]
        try:
            return read(self.root / file, file, self.kept)
        except Refused as error:
            if not is_newer(error):
                self.broken[name] = error
                raise
            fault = error.diagnostics[0]
            self.newer[name] = fault
            found = NEWER.at(fault.span, name=name, version=VERSION, why=fault.message)
            self.diagnostics.append(found)
            self.unresolved.append((f"module {name}", found.message, fault.span))
            return without_syntax(error, file)
        except CompileError as error:
            self.broken[name] = error
            raise

    def name_of(self, path: Path) -> str | None:
        """The import name of a file below the root; None for any other."""
        full = path.resolve()
        for base in (self.root / "src", self.root):
            if full.is_relative_to(base) and full.suffix == ".py":
                parts = full.relative_to(base).with_suffix("").parts
                return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        return None

    def submodule(self, scope: Scope, name: str) -> Value | None:
        """The module ``scope.name`` + ``name``, where it has been imported."""
        full = f"{scope.name}.{name}"
        found = self.scopes.get(full)
        if found is None and self.load is not None and scope.package and self.locate(full):
            return self.load(full)
        return Module(found) if found is not None else None

    def identify(
        self, kind: str, module: str, qualname: str, node: ast.AST, variant: str | None = None
    ) -> str:
        """An id no other node has: ``kind:module.qualname``, with ``@2``, ``@3`` for further definitions."""
        plain = f"{kind}:{module}.{qualname}"
        known = self.identities.setdefault(plain, {})
        rank = known.setdefault((node, variant), len(known))
        return plain if rank == 0 else f"{plain}@{rank + 1}"

    def check_names(self) -> None:
        """Report modules whose names hide others."""
        for name, scope in self.scopes.items():
            if scope.source.file and "." not in name and name in sys.stdlib_module_names:
                start = Span(scope.source.file, 1, 1, 1, 1)
                self.diagnostics.append(SHADOWS.at(start, help="rename it", name=name))
        for name in ("conduit", "_conduit", "msgspec"):
            if (found := self.locate(name)) and found[0]:
                self.diagnostics.append(RESERVED.at(Span(found[0], 1, 1, 1, 1), help="rename it", name=name))


def new_project(root: Path, dialect: Dialect, kept: Kept | None = None) -> Project:
    return Project(root, {}, [], {}, {}, {}, [], dialect, Schemas(), {}, kept=kept)


def find_target(target: str | Path, variable: str | None = None) -> Target:
    """What ``target`` names: a file, a package, ``file:variable`` or ``module:variable``.

    Raises:
        CompileError: there is no such program.
    """
    text, named = places.split(str(target))
    file = places.entry_file(text)
    if file is not None:
        return _target_of(file, named or variable)
    path = Path(text)
    if text and isdir(path):
        help_ = f"give the file: {path / 'app.py'}" if isfile(path / "app.py") else None
        fault = NOT_A_PROGRAM.at(NOWHERE, target=text, what="a folder, not a package", help=help_)
        raise CompileError(fault)
    raise CompileError(MISSING.at(NOWHERE, path=text or "an empty name", why=_why_missing(text)))


def _why_missing(text: str) -> str:
    try:
        os.stat(text)
    except FileNotFoundError:
        return "no such file or module"
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or "no such file or module").lower()
    return "it is no regular file"


def _target_of(path: Path, variable: str | None) -> Target:
    if path.suffix != ".py":
        raise CompileError(NOT_A_PROGRAM.at(NOWHERE, target=path.name, what="no Python file (`.py`)"))
    folder, names = places.root_and_names(path)
    for name in names:
        if "." in name:
            what = "no name to import by, because of its dot: rename it"
            raise CompileError(NOT_A_PROGRAM.at(NOWHERE, target=name, what=what))
    return Target(folder, ".".join(names), variable)


def as_imported(found: Target, module: str) -> Target:
    """The module below the root from which it was imported as ``module``: packages may be mere folders."""
    extra = module.removesuffix(f".{found.module}").split(".")
    if module == found.module or not module.endswith(f".{found.module}"):
        return found
    if list(found.root.parts[-len(extra) :]) != extra:
        return found
    return Target(found.root.parents[len(extra) - 1], module, found.variable)
