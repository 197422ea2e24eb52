"""One module, from Cython to a native module: runs in a process of its own, in a folder of its own.

Takes a pipe that its parent holds, the seconds it may work, the module's full name, and folders where Cython
and setuptools may be found; the text lies in ``NAME.pyx``. Leaves ``NAME`` with the suffix of native modules.
Configuration files play no part.
"""

import contextlib
import os
import signal
import sys
import sysconfig
import threading
from pathlib import Path
from typing import Any, cast

#: What the texts do not say themselves: the meaning of the same text under Python.
DIRECTIVES = {"language_level": 3, "binding": True, "annotation_typing": False, "embedsignature": False}

#: Floats are computed as Python computes them, whatever CFLAGS says: no fused or reordered operations.
_UNIX_COMPILE = ["-O2", "-g0", "-fvisibility=hidden", "-w", "-fno-fast-math", "-ffp-contract=off"]
_LINK = {"linux": ["-Wl,-s"], "darwin": ["-Wl,-x"]}
#: What no module of ours comes near: memory and the size of a file.
_MEMORY, _FILE = 8 << 30, 1 << 30


def main(life: str, seconds: str, name: str, *folders: str) -> int:
    if life:
        threading.Thread(target=_end_with_parent, args=(int(life),), daemon=True).start()
        _limit(int(seconds))
    sys.path += folders
    module = name.rpartition(".")[2]
    try:
        if not _to_c(name, f"{module}.pyx"):
            return 1
        return 0 if _to_native(module) else 1
    except OSError as error:
        print(error.strerror or type(error).__name__)
        return 1


def _end_with_parent(life: int) -> None:
    """The pipe ends when nobody holds its other end: then this process and the C compiler end too."""
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


def _limit(seconds: int) -> None:
    """For this process and those it starts."""
    import resource

    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, _FILE),
        (resource.RLIMIT_CORE, 0),
    ]
    for kind, most in limits:
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS knows no limit of memory
            resource.setrlimit(kind, (most, most))


def _to_c(name: str, source: str) -> bool:
    from Cython.Compiler import Options
    from Cython.Compiler.Main import CompilationOptions, compile_single  # type: ignore[attr-defined]

    Options.emit_code_comments = False  # type: ignore[attr-defined]
    options: Any = cast(Any, CompilationOptions)(compiler_directives=DIRECTIVES, include_path=[])
    return not cast(Any, compile_single)(source, options=options, full_module_name=name).num_errors


def _to_native(module: str) -> bool:
    import setuptools  # noqa: F401, I001  # brings its distutils
    from distutils.ccompiler import new_compiler
    from distutils.errors import CCompilerError, DistutilsExecError
    from distutils.sysconfig import customize_compiler

    windows = os.name == "nt"
    compiler: Any = new_compiler()
    customize_compiler(compiler)
    if not windows:
        # Where this Python's library lies stands there: a module does not need it, and it is a private path.
        compiler.linker_so = [option for option in compiler.linker_so if "-rpath" not in option]
    paths = sysconfig.get_paths()
    try:
        objects = compiler.compile(
            [f"{module}.c"],
            include_dirs=sorted({paths["include"], paths["platinclude"]}),
            extra_preargs=["/O2"] if windows else [],
            extra_postargs=[] if windows else _UNIX_COMPILE,
        )
        compiler.link_shared_object(
            objects,
            module + sysconfig.get_config_var("EXT_SUFFIX"),
            library_dirs=[str(Path(sys.base_prefix) / "libs")] if windows else [],
            export_symbols=[f"PyInit_{module}"],
            extra_postargs=_LINK.get(sys.platform, []),
        )
    except (CCompilerError, DistutilsExecError):
        print("the C compiler failed", flush=True)  # it has said why itself
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
