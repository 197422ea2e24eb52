"""What a build copies: the user's modules and data, and the parts of the runtime in use.

The user's files come as bytes, with their slots; everything else as a path to copy from.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from conduitc import places
from conduitc.cache import Cache
from conduitc.diagnostics import CompileError, Rule
from conduitc.frontend.project import Project
from conduitc.frontend.rewrite import REWRITE_FAILED, insert_slots
from conduitc.frontend.source import MISSING, encoding_of
from conduitc.ir.nodes import App, Module, SlotSite
from conduitc.span import NOWHERE, Span
from conduitc.toolchain import natives_of

CHANGED = Rule(
    code="CDT502",
    slug="changed-during-build",
    severity="error",
    message="{file} changed while it was being built",
    docs="The file on disk is no longer the one that was checked. Build again.",
    bad="",
    good="",
)

OUTSIDE = Rule(
    code="CDT503",
    slug="data-outside-project",
    severity="error",
    message="{path} in [tool.conduit] include leads out of the project",
    docs="Only files below the project's root can be copied into a build. Move the data into the project.",
    bad="",
    good="",
)

BAD_SETTINGS = Rule(
    code="CDT504",
    slug="bad-settings",
    severity="error",
    message="pyproject.toml cannot be used: {why}",
    docs="`[tool.conduit]` in pyproject.toml holds the build's settings, so the file must be valid TOML.",
    bad="",
    good="",
)

#: Parts of the runtime that every build uses; others are copied where the app imports them.
_ALWAYS = ("http", "server")
_ON_IMPORT = ("blocks", "compute_provider", "ml", "runtime")


def user_sources(app: App, project: Project, cache: Cache | None = None) -> dict[str, bytes]:
    """The project's Python files by their path under ``src/``, slots put in.

    Raises:
        CompileError: a file changed since it was checked, or its slots could not be put in.
    """
    texts: dict[str, tuple[str, Sequence[SlotSite]]] = {}
    encodings: dict[str, str] = {}
    originals: dict[str, bytes] = {}
    whole: dict[str, bytes] = {}
    for module in app.modules:
        if not module.file:
            continue
        data = _checked(project.root, module)
        if module.slots:
            encoding = encodings[module.file] = encoding_of(data)
            originals[module.file] = data
            texts[module.file] = data.decode(encoding), module.slots
        else:
            whole[placed(module)] = data
    rewritten = insert_slots(texts, cache)
    _check_encodings(texts, encodings)
    names = {placed(module): module.file for module in app.modules if module.slots}
    slotted = {
        path: _encoded(originals[file], texts[file][0], rewritten[file], encodings[file])
        for path, file in names.items()
    }
    return {**_rest_of_packages(app, project), **whole, **slotted}


def _checked(root: Path, module: Module) -> bytes:
    data = _read(root, module.file)
    if hashlib.sha256(data).hexdigest() != module.sha256:
        raise CompileError(CHANGED.at(Span(module.file, 1, 1, 1, 1), file=module.file))
    return data


def _check_encodings(
    texts: Mapping[str, tuple[str, Sequence[SlotSite]]], encodings: Mapping[str, str]
) -> None:
    """Refuse encodings that can be read and not written, as ``idna``."""
    for file, (text, _) in texts.items():
        try:
            text.encode(encodings[file])
        except UnicodeError as error:
            why = f"it cannot be written in its encoding again: {error}"
            raise CompileError(REWRITE_FAILED.at(Span(file, 1, 1, 1, 1), file=file, why=why)) from None


def _encoded(data: bytes, before: str, after: str, encoding: str) -> bytes:
    """``after`` as bytes, where ``before`` was ``data``: lines that did not change keep their bytes.

    Some encodings write the same text in several ways (UTF-7, ISO-2022-JP).
    """
    if before.encode(encoding) == data:
        return after.encode(encoding)
    lines = data.splitlines(keepends=True)  # of bytes: at CR and LF alone
    old, new = (
        before.encode(encoding).splitlines(keepends=True),
        after.encode(encoding).splitlines(keepends=True),
    )
    if not len(lines) == len(old) == len(new):
        return after.encode(encoding)
    return b"".join(kept if was == now else now for kept, was, now in zip(lines, old, new, strict=True))


def placed(module: Module) -> str:
    """Where a module goes under ``src/``: by its import name."""
    return module.name.replace(".", "/") + ("/__init__.py" if module.package else ".py")


def _rest_of_packages(app: App, project: Project) -> dict[str, bytes]:
    """Python files of the packages reached that no static import names: they may be imported at run time."""
    found = {}
    for module in app.modules:
        if module.package and "." not in module.name and module.file:
            folder = (project.root / module.file).parent
            for path in places.python_files(folder):
                file = path.relative_to(project.root).as_posix()
                found[f"{module.name}/{path.relative_to(folder).as_posix()}"] = _read(project.root, file)
    return found


def _read(root: Path, file: str) -> bytes:
    try:
        return (root / file).read_bytes()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise CompileError(MISSING.at(NOWHERE, path=file, why=why)) from None


def data_files(app: App, project: Project) -> dict[str, Path]:
    """Target path in the build → file to copy, of data."""
    root = project.root
    data = {f"src/{path}": root / path for path in app.data_files if (root / path).is_file()}
    home = places.home_of(root)
    for path in places.included(home, _patterns(home)):
        base = root if path.is_relative_to(root) else home
        data[f"src/{path.relative_to(base).as_posix()}"] = path
    return data


def check_settings(project: Project) -> None:
    """Refuse settings that cannot be followed.

    Raises:
        CompileError: pyproject.toml is no TOML, or names data outside of the project.
    """
    _patterns(places.home_of(project.root))


def _patterns(root: Path) -> list[str]:
    try:
        patterns = places.patterns_of(root)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CompileError(BAD_SETTINGS.at(Span(places.SETTINGS, 1, 1, 1, 1), why=error)) from None
    except AttributeError:
        patterns = None
    if not isinstance(patterns, list) or not all(isinstance(one, str) and one for one in patterns):
        why = "[tool.conduit] include must be a list of paths"
        raise CompileError(BAD_SETTINGS.at(Span(places.SETTINGS, 1, 1, 1, 1), why=why))
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise CompileError(OUTSIDE.at(NOWHERE, path=pattern))
    return patterns


def runtime_files(app: App) -> dict[str, Path]:
    """Target path in the build → file to copy, of the runtime's parts in use."""
    spec = find_spec("conduit")
    assert spec is not None and spec.submodule_search_locations is not None
    root = Path(next(iter(spec.submodule_search_locations)))
    imported = {name for module in app.modules for name, _ in module.imports}
    more = any(name.startswith(f"conduit.{part}") for name in imported for part in _ON_IMPORT)
    asked = ("introspect",) if app.introspection is not None else ()
    offered = asked or app.mcp is not None or any(name.startswith("conduit.mcp") for name in imported)
    mcp = ("mcp",) if offered else ()
    auth = ("auth",) if any(name.startswith("conduit.auth") for name in imported) else ()
    folders = [root / part for part in (*_ALWAYS, *mcp, *auth, *asked, *(_ON_IMPORT if more else ()))]
    files = [*sorted(root.glob("*.py")), *(path for one in folders for path in sorted(one.rglob("*.py")))]
    files += natives_of(root)
    return {f"conduit/{path.relative_to(root).as_posix()}": path for path in files}
