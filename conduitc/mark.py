"""``conduit-build.json``: what a build was made by, of and into. Sorted, without a path, a name or a time.

Inputs are noted before they are copied: what changes meanwhile is then noticed by the next build, which asks
``unchanged``.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from conduitc import __version__, copied, identity, places
from conduitc.codegen.wiring import ABI
from conduitc.frontend.project import Project
from conduitc.ir.nodes import App


class Inputs(Struct, frozen=True):
    """All that a build was made of.

    ``files``: sha256 by path from the root, None where a file was looked for and not found. ``names``: the
    file of each import name that was looked up, empty for a folder without ``__init__.py``, None where the
    project has none; those of ``extensions`` were found as native modules. ``packages`` are the folders whose
    Python files are copied whole.
    """

    files: dict[str, str | None]
    names: dict[str, str | None]
    extensions: tuple[str, ...]
    packages: tuple[str, ...]


def inputs_of(app: App, project: Project) -> Inputs:
    """What the frontend read and looked for, and what will be copied.

    Raises:
        CompileError: the settings are not usable.
    """
    root = project.root
    tops = [one for one in app.modules if one.package and "." not in one.name and one.file]
    packages = sorted({Path(one.file).parent.as_posix() for one in tops})
    copied.check_settings(project)
    home = places.home_of(root)
    settings = {places.seen_from(root, home / name) for name in (places.SETTINGS, places.PATTERNS)}
    looked_at = {*places.copied_whole(root, packages), *places.test_files(root)}
    paths = {*settings, *app.data_files, *looked_at}
    files = {path: places.sha256_of(root / path) for path in paths}
    read = {one.source.file: one.source.sha256 for one in project.scopes.values() if one.source.file}
    names = {name: None if found is None else found[0] for name, found in project.located.items()}
    missing = [name for name, found in names.items() if found is None and "." in name]
    return Inputs(
        files=dict(sorted((files | read).items())),
        names=dict(sorted(names.items())),
        extensions=tuple(sorted(name for name in missing if places.is_extension(root, name))),
        packages=tuple(packages),
    )


class Request(Struct, frozen=True):
    """What was asked for. ``named``: the command line said which variable is the app."""

    target: str
    options: dict[str, object]
    named: bool


def digests(files: Mapping[str, bytes], trees: Mapping[str, Path]) -> dict[str, str | None]:
    """sha256 by path, of contents and of files to copy."""
    made: dict[str, str | None] = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    return made | {path: places.sha256_of(file) for path, file in trees.items()}


def written(
    app: App,
    request: Request,
    inputs: Inputs,
    third_parties: Mapping[str, str],
    outputs: Mapping[str, str | None],
) -> bytes:
    """The mark. ``outputs`` are the digests of every other file of the build."""
    facts = {
        "compiler": __version__,
        "abi": ABI,
        "source": identity.compiler_digest(),
        "target": request.target,
        "options": dict(sorted(request.options.items())),
        "app": f"{app.module}:{app.variable}",
        "named": request.named,
        "toolchain": identity.told(native=request.target == "cython"),
        "third_parties": dict(third_parties),
        "inputs": inputs.files,
        "names": inputs.names,
        "extensions": list(inputs.extensions),
        "packages": list(inputs.packages),
        "outputs": dict(sorted(outputs.items())),
    }
    return (json.dumps(facts, indent=1) + "\n").encode()
