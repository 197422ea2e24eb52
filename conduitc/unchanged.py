"""Is a build still what would be made now? Then there is nothing to do, and what it said is said again.

Asked before the frontend is imported; any doubt means no. That a compiler, a Python and its packages are the
same is known by the cache, which keeps what is to be said under all of them: no cache, no short way.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from conduitc import places
from conduitc.cache import Cache
from conduitc.diagnostics import CompileError, Diagnostic
from conduitc.identity import c_compiler_digest
from conduitc.options import Options
from conduitc.output import check_folder


class Told(Struct, frozen=True):
    """What there is to say about a build that was not made again."""

    app: str
    target: str
    routes: int
    diagnostics: tuple[Diagnostic, ...]
    notes: tuple[str, ...]


def find(target: str, folder: Path, kind: str | None, options: Options, cache: Cache) -> Told | None:
    """What the build in ``folder`` has to say, where making it again would give the same bytes."""
    try:
        mark = (folder / places.MARK).read_bytes()
        told = cache.recall("told", _key(mark))
        if told is None:
            return None
        facts = json.loads(mark)
        same = _same_request(facts, target, kind, options) and _same_inputs(facts, target)
        if not same or not _whole(facts, folder, target):
            return None
        return msgspec.json.decode(told, type=Told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CompileError):
        return None


def remember(mark: bytes, told: Told, cache: Cache) -> None:
    """Keep what a finished build has to say, under its mark."""
    with contextlib.suppress(UnicodeEncodeError):  # a file whose name is no text is spoken of
        cache.remember("told", _key(mark), msgspec.json.encode(told))


def _key(mark: bytes) -> tuple[str | bytes, ...]:
    native = b'"target": "cython"' in mark
    return mark, c_compiler_digest() if native else ""


def _same_request(facts: Mapping[str, Any], target: str, kind: str | None, options: Options) -> bool:
    if facts["options"] != msgspec.to_builtins(options):
        return False
    if kind is not None:
        return bool(facts["target"] == kind)
    if facts["target"] == "cython":
        return True
    from conduitc.toolchain import available

    return available() is not None


def _same_inputs(facts: Mapping[str, Any], target: str) -> bool:
    """Whether the same files would be found, and hold the same."""
    text, variable = places.split(target)
    file = places.entry_file(text)
    if file is None:
        return False
    root, names = places.root_and_names(file)
    module, _, known = facts["app"].rpartition(":")
    if ".".join(names) != module or facts["named"] != (variable is not None) or variable not in (None, known):
        return False
    inputs = facts["inputs"]
    return (
        all(_located(root, name) == place for name, place in facts["names"].items())
        and all(places.sha256_of(root / path) == digest for path, digest in inputs.items())
        and all(path in inputs for path in places.copied_whole(root, facts["packages"]))
        and all(path in inputs for path in places.test_files(root))
        and _extensions(root, facts["names"]) == facts["extensions"]
    )


def _located(root: Path, name: str) -> str | None:
    found = places.search(root, name)
    return None if found is None else found[0]


def _extensions(root: Path, names: Mapping[str, str | None]) -> list[str]:
    missing = (name for name, place in names.items() if place is None and "." in name)
    return sorted(name for name in missing if places.is_extension(root, name))


def _whole(facts: Mapping[str, Any], folder: Path, target: str) -> bool:
    """Whether the folder may be replaced and holds what was written there, and nothing else."""
    check_folder(folder, Path(places.split(target)[0]))
    found = set()
    for inner, folders, files in os.walk(folder):
        here = Path(inner)
        if not (folders or files) or any((here / one).is_symlink() for one in (*folders, *files)):
            return False
        found |= {(here / one).relative_to(folder).as_posix() for one in files}
    outputs = facts["outputs"]
    expected = {*outputs, places.MARK}
    return found == expected and all(places.sha256_of(folder / path) == outputs[path] for path in outputs)
