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


def load_native(name: str, file: Path) -> ModuleType:
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
    folder = tmp_path_factory.mktemp("walker")
    file = toolchain.compile_module("walker", emit_cython(lower([]), []), folder)
    made: Callable[..., Any] = load_native("walker", file).Walker.from_bytes
    return made
