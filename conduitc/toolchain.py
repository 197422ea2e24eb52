"""Text → native module: with its child, the only place that knows Cython, setuptools and the C compiler.

Every module is made in a staging folder of its own, under a fixed name, by a child process in a cleaned
environment: what Cython and the C compiler embed or obey must not depend on where and by whom they are run.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from conduitc import toolchain_child
from conduitc.cache import Cache
from conduitc.diagnostics import CompileError, Rule
from conduitc.identity import c_compiler, c_compiler_digest, c_environment
from conduitc.span import NOWHERE
from conduitc.staging import refused, staging, sweep, temporary

NO_COMPILER = Rule(
    code="CDT510",
    slug="no-compiler",
    severity="error",
    message="the cython target cannot be built here: {why}",
    docs="The cython target needs Cython, setuptools, a C compiler and Python's header files. Without "
    "`--target`, a build falls back to the python target, which answers the same. `CC` names the compiler.",
    bad="",
    good="",
)
COMPILER_FAILED = Rule(
    code="CDT511",
    slug="compiler-failed",
    severity="error",
    message="`{module}` could not be compiled: {why}",
    docs="Cython or the C compiler refused a generated module. If the message speaks of a missing header or "
    "library, the toolchain is incomplete: build with `--target python` meanwhile. Anything else is a fault "
    "of conduitc: please report it with the message.",
    bad="",
    good="",
)

PACKAGE = "_conduit"
SECONDS = 900


def available() -> str | None:
    """Why native modules cannot be made here, or None where they can."""
    missing = [name for name in ("Cython", "setuptools") if find_spec(name) is None]
    if missing:
        return f"{' and '.join(missing)} not installed"
    if os.name == "nt":
        return (
            None
            if shutil.which("cl") or _visual_studio()
            else "no C compiler found (Visual Studio Build Tools)"
        )
    compiler = c_compiler()
    if not compiler or shutil.which(compiler[0]) is None:
        return f"no C compiler found ({compiler[0] if compiler else 'CC is empty'})"
    include = Path(sysconfig.get_path("include"))
    if not (include / "Python.h").is_file():
        return "Python's header files are not installed (Python.h)"
    return _probe(compiler, include)


def compile_modules(
    modules: Mapping[str, str], *, jobs: int = 2, cache: Cache | None = None
) -> dict[str, bytes]:
    """Native modules of a build by file name, from Cython texts by module name; ``jobs`` at a time.

    Raises:
        CompileError: one of them could not be compiled.
    """
    kept = cache or Cache()
    compiler = c_compiler_digest()
    running: set[subprocess.Popen[str]] = set()

    def one(item: tuple[str, str]) -> bytes:
        name, text = f"{PACKAGE}.{item[0]}", _uncommented(item[1])
        return kept.get("native", (compiler, name, text), lambda: _compile(name, text, running))

    with ThreadPoolExecutor(max(1, min(jobs, len(modules)))) as pool:
        try:
            made = list(pool.map(one, modules.items()))
        except BaseException:  # an interrupt, too, must not wait for a compiler, nor leave one behind
            pool.shutdown(wait=False, cancel_futures=True)
            for child in tuple(running):
                _end(child)
            raise
    with contextlib.suppress(OSError):
        sweep(temporary())
    return {file_name(name): data for name, data in zip(modules, made, strict=True)}


def _uncommented(text: str) -> str:
    """Without its comments, lines kept: they say where a route stands, and that moves more often than code.

    The first line may speak to Cython; a ``#`` without a space after it may speak to the C compiler.
    """
    first, *rest = text.split("\n")
    return "\n".join([first, *("" if line.lstrip().startswith("# ") else line for line in rest)])


def file_name(module: str) -> str:
    """What a native module is called on this machine."""
    return f"{module}{sysconfig.get_config_var('EXT_SUFFIX')}"


def natives_of(runtime: Path) -> list[Path]:
    """The native modules of the runtime in that folder, where its installation made them for this Python."""
    paths = [runtime / "http" / file_name("_speed"), runtime / "server" / file_name("_native")]
    return [path for path in paths if path.is_file()]


def _compile(name: str, text: str, running: set[subprocess.Popen[str]]) -> bytes:
    module = name.rpartition(".")[2]
    try:
        with staging(temporary()) as folder:
            (folder / f"{module}.pyx").write_text(text, encoding="utf-8", newline="\n")
            status, said = _run_child(name, folder, running)
            made = folder / file_name(module)
            if status == 0 and made.is_file():
                return made.read_bytes()
            said = said.replace(str(folder), "").strip()
    except OSError as error:
        raise refused("a temporary file", error) from None
    why = said.splitlines()[-1] if said else f"exit status {status}"
    raise CompileError(COMPILER_FAILED.at(NOWHERE, help=said[-4000:] or None, module=name, why=why))


def _run_child(name: str, folder: Path, running: set[subprocess.Popen[str]]) -> tuple[int, str]:
    """Exit status and output of the compiler's process; it is among ``running`` meanwhile."""
    with (
        _life() as life,
        subprocess.Popen(
            _command(life, name),
            cwd=folder,
            env=c_environment() | {"TMPDIR": str(folder)},  # so that nothing is left elsewhere
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=life,
        ) as child,
    ):
        running.add(child)
        try:
            said, _ = child.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            _end(child)
            return 1, f"not done after {SECONDS} s"
        finally:
            running.discard(child)
    return child.returncode, said


def _command(life: tuple[int, ...], name: str) -> list[str]:
    """No user's site-packages, no start-up files: what the child needs of ours it is told."""
    child = str(Path(toolchain_child.__file__).resolve())
    held = "".join(map(str, life))
    return [sys.executable, "-P", "-s", "-S", child, held, str(SECONDS), name, *_package_folders()]


@contextmanager
def _life() -> Iterator[tuple[int, ...]]:
    """The end of a pipe that nobody writes to: it ends when this process does, however that happens."""
    if os.name == "nt":
        yield ()
        return
    life, held = os.pipe()
    try:
        yield (life,)
    finally:
        os.close(life)
        os.close(held)


def _end(child: subprocess.Popen[str]) -> None:
    """Kill it, and the C compiler that it started."""
    with contextlib.suppress(ProcessLookupError):
        if os.name == "nt":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)


def _package_folders() -> list[str]:
    """Where this process finds what the child needs: it may be a place that only ``sys.path`` here knows."""
    specs = (find_spec(name) for name in ("Cython", "setuptools"))
    return sorted({str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin})


# -- the C compiler ------------------------------------------------------------------------------------------


def _probe(compiler: list[str], include: Path) -> str | None:
    """Does it compile what includes Python's headers? A compiler may be a stub, or lack those of C."""
    command = [*compiler, "-c", "probe.c", "-o", "probe.o", f"-I{include}"]
    command.append(f"-I{sysconfig.get_path('platinclude')}")
    try:
        with staging(temporary()) as folder:
            (folder / "probe.c").write_text("#include <Python.h>\n")
            done = subprocess.run(
                command,
                cwd=folder,
                env=c_environment() | {"TMPDIR": str(folder)},
                capture_output=True,
                timeout=60,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return f"the C compiler does not run ({compiler[0]}: {why})"
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").replace(f"{folder}/", "").split("\n")
        why = "; ".join(filter(None, said))[:400] or f"exit status {done.returncode}"
        return f"the C compiler does not compile ({compiler[0]}: {why})"
    return None


def _visual_studio() -> bool:
    programs = os.environ.get("PROGRAMFILES(X86)", "")
    return (Path(programs) / "Microsoft Visual Studio" / "Installer" / "vswhere.exe").is_file()
