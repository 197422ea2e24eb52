"""What is wrong with an import statement, told with what was probably meant."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule
from conduitc.frontend.scope import Scope
from conduitc.span import Span
from conduitc.suggest import closest, did_you_mean

if TYPE_CHECKING:
    from conduitc.frontend.project import Project

NO_SUCH_NAME = Rule(
    code="CDT110",
    slug="no-such-name",
    severity="error",
    message="module `{module}` has no `{name}`",
    docs="Python would raise ImportError here: the module is found, and does not define the name.",
    bad="""\
# file: app.py
from conduit import Conduit
from settings import PREFIX

app = Conduit()
# file: settings.py
PREFIXES = []
""",
    good="""\
# file: app.py
from conduit import Conduit
from settings import PREFIXES

app = Conduit()
# file: settings.py
PREFIXES = []
""",
)

NO_SUCH_MODULE = Rule(
    code="CDT111",
    slug="no-such-module",
    severity="error",
    message="the project has no module `{name}`{why}",
    docs="A relative import, or an import from a package of the project, names a file that is not there.",
    bad="""\
# file: app.py
from conduit import Conduit

from . import routes

app = Conduit()
# file: routes.py
NAMES = ["users", "orders"]
""",
    good="""\
# file: app.py
from conduit import Conduit

import routes

app = Conduit()
# file: routes.py
NAMES = ["users", "orders"]
""",
)

CIRCULAR = Rule(
    code="CDT112",
    slug="circular-import",
    severity="error",
    message="`{name}` is imported from `{module}`, which has not defined it yet: they import each other",
    docs=(
        "While a module is being executed, others see only what it has defined so far. Import the module "
        "instead of the name, move the import below, or move what both need into a third module."
    ),
    bad="""\
# file: app.py
from conduit import Conduit
from a import one

app = Conduit()
# file: a.py
from b import two

one = 1
# file: b.py
from a import one

two = 2
""",
    good="""\
# file: app.py
from conduit import Conduit
from a import one

app = Conduit()
# file: a.py
from b import two

one = 1
# file: b.py
two = 2
""",
)


def absolute(scope: Scope, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = scope.name.split(".")
    parts = parts[: max(0, len(parts) - node.level + (1 if scope.package else 0))]
    return ".".join([*parts, node.module] if parts and node.module else parts)


def no_parent(scope: Scope, node: ast.ImportFrom, name: str) -> Diagnostic:
    """A relative import that leads out of the project, or to a module that is not there."""
    project, span = scope.project, scope.span(node)
    dots = "." * node.level
    parts = len(scope.name.split(".")) - (0 if scope.package else 1)
    if name and node.level <= parts:
        return no_module(project, name, span)
    written = f"{dots}{node.module or ''}"
    why = f": {scope.source.file} is in no package" if parts == 0 else ": it leads out of the package"
    tops = [node.module] if node.module else [one.name for one in node.names]
    fix = None
    if parts == 0 and node.level == 1 and all(project.locate(one.partition(".")[0]) for one in tops):
        # safe: Python refuses the import as it stands, and the module is there
        fix = _absolute_fix(scope, node)
    return NO_SUCH_MODULE.at(span, name=written, why=why, fix=fix)


def _absolute_fix(scope: Scope, node: ast.ImportFrom) -> Fix | None:
    span = scope.span(node)
    text = scope.source.segment(node)
    if node.module:
        found = re.match(r"from(\s*)\.\s*", text)
        return (
            None
            if found is None
            else Fix("leave the dot out", _part(span, found[0]), f"from{found[1] or ' '}", safe=True)
        )
    listed = re.fullmatch(r"from\s*\.\s*import\s+([\w, ]+)", text)
    if listed is None:
        return None
    return Fix(f"write `import {listed[1]}`", span, f"import {listed[1]}", safe=True)


def _part(span: Span, text: str) -> Span:
    """The beginning of ``span`` that has this text (of one line)."""
    return replace(span, end_line=span.line, end_column=span.column + len(text))


def no_module(project: Project, name: str, span: Span) -> Diagnostic:
    folder, _, last = name.rpartition(".")
    meant = closest(last, _modules_in(project, folder))
    help_ = f"did you mean `{folder}.{meant}`?" if folder and meant else None
    return NO_SUCH_MODULE.at(span, name=name, why="", help=help_)


def circular(scope: Scope, module: Scope, name: str, span: Span) -> Diagnostic:
    """The label is the import by which ``module`` waits for ``scope``, where it is a direct one."""
    waiting = [
        module.span(one)
        for one in module.source.tree.body
        if (isinstance(one, ast.ImportFrom) and absolute(module, one) == scope.name)
        or (isinstance(one, ast.Import) and any(alias.name == scope.name for alias in one.names))
    ]
    return CIRCULAR.at(
        span,
        labels=tuple(Label(one, f"`{module.name}` has come this far") for one in waiting[:1]),
        help=f"import the module (`import {module.name}`), or move what both need into a third one",
        module=module.name,
        name=name,
    )


def no_name(module: Scope, name: str, span: Span) -> Diagnostic:
    """A name that a module of the project does not define."""
    inner = _modules_in(module.project, module.name) if module.package else []
    help_ = did_you_mean(name, [*module.names, *inner])
    return NO_SUCH_NAME.at(span, help=help_, module=module.name, name=name)


def _modules_in(project: Project, package: str) -> list[str]:
    """The names of the modules in a package of the project."""
    inner = package.replace(".", "/")
    folders = [folder for base in ("", "src") if (folder := project.root / base / inner).is_dir()]
    files = [path for folder in folders for path in folder.iterdir()]
    return [path.stem for path in files if path.suffix == ".py" or path.is_dir()]
