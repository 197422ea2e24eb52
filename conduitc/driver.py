"""The story of a build: read → parse → passes → emit → compile → write.

``analyse`` (in ``conduitc.analysis``) stops after the passes, ``in_memory`` after emitting; ``build`` goes
all the way.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct, to_builtins

from conduitc import altered, bundle, bytecode, copied, mark, output, places, requirements, toolchain
from conduitc.analysis import Analysis, analyse, bounded
from conduitc.cache import Cache
from conduitc.codegen.emit import Emitted, Target, emit_service
from conduitc.diagnostics import CompileError, Diagnostic, Rule, has_errors
from conduitc.frontend.project import Project
from conduitc.ir.loops import NO_LOOPS, NumericLoops
from conduitc.ir.nodes import App
from conduitc.kept import Kept
from conduitc.options import PLAIN, Options
from conduitc.span import NOWHERE

__all__ = ["NO_APP", "Analysis", "Built", "Clock", "analyse", "build", "in_memory", "serves", "unserved"]

NO_APP = Rule(
    code="CDT500",
    slug="no-app",
    severity="error",
    message="{file} declares no Conduit app, so there is nothing to build",
    docs="A build needs a module-level `app = Conduit()`. `conduitc check` works on modules without one.",
    bad="",
    good="",
)

NOT_YET = Rule(
    code="CDT506",
    slug="not-built-yet",
    severity="error",
    message="this is a {framework} app, which can be checked and asked about, but not built yet",
    docs=(
        "`conduitc check` and `conduitc introspect` read the declarations of FastAPI, Starlette and Flask "
        "apps. A build is made of Conduit apps only; docs/migration-fastapi.md and docs/migration-flask.md "
        "say how to come from there to here."
    ),
    bad="",
    good="",
)


class Built(Struct, frozen=True):
    """A finished build: where it is, what it was made of, and how long each stage took (seconds).

    ``sizes`` are those of generated files; ``work`` says, by kind, how many pieces were reused and how many
    made; ``mark`` is the content of ``conduit-build.json``.
    """

    folder: Path
    app: App
    emitted: Emitted
    loops: NumericLoops
    target: Target
    notes: tuple[str, ...]
    sizes: dict[str, int]
    copied: int
    seconds: dict[str, float]
    work: dict[str, tuple[int, int]]
    diagnostics: tuple[Diagnostic, ...]
    mark: bytes


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


@bounded
def in_memory(
    file: str,
    variable: str | None,
    *,
    module: str | None = None,
    line: int | None = None,
    also: Sequence[str] = (),
) -> dict[str, str]:
    """Sources of ``dispatch``, ``adapters``, ``wiring``, and their map, for an app that is already imported.

    ``module`` is what its module was imported as, ``line`` that of its ``Conduit(...)``; ``also`` are the
    files that declared something on it.

    Raises:
        CompileError: the app has errors.
    """
    target = file if variable is None else f"{file}:{variable}"
    line = line if variable is None else None
    analysis = analyse(target, module=module, line=line, also=[Path(one) for one in also])
    if not serves(analysis) or has_errors(analysis.diagnostics):
        raise CompileError(*_errors(analysis, file))
    assert analysis.app is not None
    emitted = emit_service(analysis.app, "python", _texts(analysis))
    sources = {
        "dispatch": emitted.dispatch,
        "adapters": emitted.adapters,
        "wiring": emitted.wiring,
        "sourcemap": emitted.sourcemap,
    }
    return sources if emitted.mcp is None else {**sources, "mcp": emitted.mcp}


@bounded
def metadata_in_memory(
    file: str,
    variable: str | None,
    *,
    module: str | None = None,
    line: int | None = None,
    also: Sequence[str] = (),
) -> bytes:
    """The metadata.json of an app that is already imported; as ``in_memory``.

    Raises:
        CompileError: the app has errors.
    """
    from conduitc.codegen.metadata import emit_metadata
    from conduitc.mined import patterns_of

    target = file if variable is None else f"{file}:{variable}"
    line = line if variable is None else None
    analysis = analyse(target, module=module, line=line, also=[Path(one) for one in also])
    if analysis.app is None:
        raise CompileError(*analysis.diagnostics)
    return emit_metadata(analysis.app, analysis.diagnostics, patterns_of(analysis)).encode()


@bounded
def build(
    target: str | Path,
    folder: Path,
    *,
    kind: Target | None = None,
    options: Options = PLAIN,
    jobs: int = 2,
    cache: Cache | None = None,
    kept: Kept | None = None,
) -> Built:
    """Compile ``target`` into ``folder``; what ``cache`` knows is not made again, nor what was ``kept`` by an
    earlier build in this process.

    ``kind`` None means cython where there is a C compiler.

    Raises:
        CompileError: the program has errors, the folder is not ours, or the C compiler failed.
    """
    clock, store = Clock(), cache or Cache()
    text, variable = places.split(str(target))
    output.check_folder(folder, Path(text))
    with clock.stage("analyse"):
        analysis = analyse(target, fold=options.fold, compiled=True, kept=kept)
    app, project = analysis.app, analysis.project
    if not serves(analysis) or has_errors(analysis.diagnostics):
        raise CompileError(*_errors(analysis, str(target)))
    assert app is not None and project is not None
    from conduitc.mined import patterns_of  # neither `check` nor an app in memory mines

    chosen, note = _target(kind)
    with clock.stage("emit"):
        inputs = mark.inputs_of(app, project)
        app, lazily = altered.grouped(app, project, options)
        emitted = emit_service(app, chosen, _texts(analysis), kept)
        loops, typed = _loops(project) if options.typed and chosen == "cython" else (NO_LOOPS, None)
        sources = altered.sources(copied.user_sources(app, project, store), app, lazily, loops, options)
        files = bundle.texts(
            app,
            emitted,
            chosen,
            analysis.diagnostics,
            sources,
            patterns=patterns_of(analysis),
            stripped=options.strip,
            loops=typed,
            kept=kept,
        )
        needs = requirements.in_use(app)
        files["requirements.txt"] = needs.text().encode()
    with clock.stage("compile"):
        if chosen == "cython":
            native = {"dispatch": emitted.dispatch, "adapters": emitted.adapters}
            native |= {"loops": typed} if typed is not None else {}
            for name, made in toolchain.compile_modules(native, jobs=jobs, cache=store).items():
                files[f"_conduit/{name}"] = made
        python = {path: file.read_bytes() for path, file in copied.runtime_files(app).items()}
        compiled = bytecode.of_modules({**files, **python}, store)
    with clock.stage("write"):
        data = copied.data_files(app, project)
        written = {**files, **python, **compiled}
        outputs = mark.digests(written, data)
        asked = mark.Request(chosen, to_builtins(options), variable is not None)
        facts = mark.written(app, asked, inputs, needs.versions, outputs)
        files[places.MARK] = written[places.MARK] = facts
        output.write(folder, written, data)
    return Built(
        folder=folder,
        app=app,
        emitted=emitted,
        loops=loops,
        target=chosen,
        notes=(*_notes(note, needs.absent), *altered.notes(lazily)),
        sizes={path: len(made) for path, made in files.items()},
        copied=len(python) + len(data),
        seconds=clock.seconds,
        work=store.counts(),
        diagnostics=analysis.diagnostics,
        mark=facts,
    )


def _notes(target: str | None, absent: Sequence[str]) -> tuple[str, ...]:
    lacking = (f"requirements.txt lacks {one}: it is not installed here" for one in absent)
    return (*([target] if target else []), *lacking)


_SPELLED = {"fastapi": "FastAPI", "starlette": "Starlette", "flask": "Flask"}


def serves(analysis: Analysis) -> bool:
    """Whether there is an app: a program without one can be checked and asked about, not served. Nor can one
    of another framework."""
    app = analysis.app
    return app is not None and app.dialect == "conduit" and app.variable != ""


def _texts(analysis: Analysis) -> dict[str, str]:
    """The sources that were read, by file."""
    assert analysis.project is not None
    sources = [scope.source for scope in analysis.project.scopes.values()]
    return {source.file: source.text for source in sources if source.file}


def _errors(analysis: Analysis, file: str) -> tuple[Diagnostic, ...]:
    """All that was found; where nothing is wrong, why there is nothing to build."""
    if has_errors(analysis.diagnostics):
        return analysis.diagnostics
    return (*analysis.diagnostics, unserved(analysis, file))


def unserved(analysis: Analysis, file: str) -> Diagnostic:
    """Why a program that has no errors cannot be served: it has no app, or one of another framework."""
    app = analysis.app
    if app is not None and app.dialect != "conduit":
        return NOT_YET.at(app.span, framework=_SPELLED[app.dialect])
    span = NOWHERE if app is None else app.span
    return NO_APP.at(span, file=span.file or Path(file).name)


def _loops(project: Project) -> tuple[NumericLoops, str | None]:
    """The numeric loops, and the text of their module. Imported here: most runs compile none."""
    from conduitc.codegen.numeric_cython import emit_loops
    from conduitc.frontend.numeric import read_loops

    loops = read_loops(project)
    return loops, emit_loops(loops)


def _target(kind: Target | None) -> tuple[Target, str | None]:
    if kind == "python":
        return kind, None
    missing = toolchain.available()
    if missing is None:
        return "cython", None
    if kind == "cython":
        raise CompileError(toolchain.NO_COMPILER.at(NOWHERE, why=missing))
    return "python", f"built the Python target: {missing}"
