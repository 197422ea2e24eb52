"""A module's text → the same module twice: as it stands, and as a build has it, with its loops compiled."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from msgspec import Struct

from conduitc import frontend, toolchain
from conduitc.codegen.numeric_cython import emit_loops
from conduitc.frontend.numeric import read_loops
from conduitc.frontend.numeric.headers import with_loops
from conduitc.ir.loops import NumericLoops

LOOPS = "_conduit.loops"


class Both(Struct):
    """``ours`` is the copy; ``loops`` what the compiler says of it."""

    python: ModuleType
    ours: ModuleType
    loops: NumericLoops
    copy: str


def read(text: str, folder: Path) -> NumericLoops:
    """What the compiler makes of a module."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "app.py"
    file.write_text(text, "utf-8")
    project = frontend.load(file).project
    return read_loops(project)


def both(text: str, folder: Path) -> Both:
    """The module as it stands, and the module as it is built."""
    loops = read(text, folder / "python")
    assert len(loops.modules) == 1, loops.left
    copy = with_loops(text, loops.modules[0])
    native = emit_loops(loops)
    assert native is not None
    (folder / "ours").mkdir()
    (folder / "ours" / "app.py").write_text(copy, "utf-8")
    ((name, data),) = toolchain.compile_modules({"loops": native}).items()
    (folder / "ours" / name).write_bytes(data)
    python = imported(folder / "python" / "app.py")
    sys.modules[LOOPS] = _native(folder / "ours" / name)
    try:
        ours = imported(folder / "ours" / "app.py")
    finally:
        del sys.modules[LOOPS]
    return Both(python, ours, loops, copy)


def imported(file: Path) -> ModuleType:
    """The module of a file, under no name that others could see."""
    spec = importlib.util.spec_from_file_location("app", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _native(file: Path) -> ModuleType:
    loader = importlib.machinery.ExtensionFileLoader(LOOPS, str(file))
    spec = importlib.util.spec_from_loader(LOOPS, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
