"""The native walker, compiled once a run without routes of its own: tables are given to it as data."""

from collections.abc import Callable
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from conduitc import toolchain
from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.plan import lower


def native(name: str, text: str, folder: Path) -> ModuleType:
    """The module that a Cython text makes."""
    ((file, data),) = toolchain.compile_modules({name: text}).items()
    (folder / file).write_bytes(data)
    return load_native(name, folder / file)


def load_native(name: str, file: Path) -> ModuleType:
    """A module that the toolchain made."""
    loader = ExtensionFileLoader(name, str(file))
    spec = spec_from_file_location(name, file, loader=loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def compiler() -> None:
    """Skips where native modules cannot be made."""
    if reason := toolchain.available():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def walker(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any] | None:
    """``Walker.from_bytes``, or None without a C compiler."""
    if toolchain.available():
        return None
    module = native("walker", emit_cython(lower([]), []), tmp_path_factory.mktemp("walker"))
    made: Callable[..., Any] = module.Walker.from_bytes
    return made
