"""Programs through the whole compiler in a process of their own: what becomes of each, death and hanging too.

``outcomes(items, run)`` forks one child for many items; where the child dies or is silent for too long, the
item it was at is to blame, and another child goes on with the next.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import select
import shutil
import signal
import struct
import tempfile
import tokenize
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import NoReturn, TypeVar

from conduitc.analysis import analyse
from conduitc.cli.findings import from_here
from conduitc.diagnostics import CompileError, Diagnostic, has_errors
from conduitc.driver import build, in_memory
from conduitc.report import github, json, sarif, text

T = TypeVar("T")

#: Beyond what the child already has: the limit of a hostile source.
MEMORY = 1 << 30
SOAK = os.environ.get("CONDUIT_SOAK") == "1"


class Outcome:
    """``problems`` are what must not happen, ``errors`` codes; ``built``: it compiled."""

    def __init__(self, problems: list[str], errors: list[str], built: bool) -> None:
        self.problems, self.errors, self.built = problems, errors, built


def outcome(folder: Path, target: str = "app.py", *, whole: bool = True) -> Outcome:
    """``check`` in every format, then ``build`` with the Python target; the compiler's faults are told.

    Not ``whole``: of the build only what is emitted.
    """
    os.chdir(folder)
    try:
        return _outcome(folder, target, whole)
    except Exception:
        return Outcome([traceback.format_exc(limit=-6)], [], False)


def _outcome(folder: Path, target: str, whole: bool) -> Outcome:
    found = analyse(target).diagnostics
    problems = [fault for one in found if (fault := misplaced(one, folder))]
    shown, texts = from_here(found, target)
    for rendered in (text.render(shown, texts), text.render(shown, texts, color=True)):
        rendered.encode()
    lines = {file: words.split("\n") for file, words in texts.items()}
    for rendered in (json.render(shown), sarif.render(shown, lines), github.render(shown)):
        str(rendered).encode()
    errors = [one.rule.code for one in found if one.severity == "error"]
    if not whole:
        if errors:
            return Outcome(problems, errors, False)
        try:
            for made in in_memory(target, None).values():
                if not made.startswith("{"):
                    compile(made, "emitted", "exec")
        except CompileError as error:
            return Outcome(problems, [one.rule.code for one in error.diagnostics], False)
        return Outcome(problems, [], True)
    out = Path(tempfile.mkdtemp(dir=folder.parent)) / "dist"
    try:
        built = build(target, out, kind="python")
    except CompileError as error:
        problems += [fault for one in error.diagnostics if (fault := misplaced(one, folder))]
        if not has_errors(error.diagnostics):
            problems.append("build failed without an error")
        return Outcome(problems, errors or [one.rule.code for one in error.diagnostics], False)
    finally:
        shutil.rmtree(out.parent, ignore_errors=True)
    if errors:
        problems.append(f"built in spite of {errors}")
    for made in (built.emitted.dispatch, built.emitted.adapters, built.emitted.wiring):
        compile(made, "emitted", "exec")
    return Outcome(problems, [], True)


def misplaced(one: Diagnostic, folder: Path) -> str | None:
    """What is wrong with the places of a finding: they must lie inside of the program's files."""
    if one.message.startswith(("something in this program", "this program needs")):
        return f"the net below the limits: {one.message}"
    spans = [
        one.span,
        *(label.span for label in one.labels),
        *(e.span for e in (one.fix.edits if one.fix else ())),
    ]
    if not one.span.file and one.rule.code != "CDT103":
        return f"{one.rule.code} has no place: {one.message[:200]}"
    for span in spans:
        lines = _lines(folder, span.file)
        if not (1 <= span.line <= span.end_line <= len(lines)):
            return f"{one.rule.code} at {span}-{span.end_line} of {len(lines)} lines: {one.message[:200]}"
        first, last = lines[span.line - 1], lines[span.end_line - 1]
        if not (1 <= span.column <= len(first) + 1 and 1 <= span.end_column <= len(last) + 2):
            return f"{one.rule.code} at {span}, column of {len(first) + 1}: {one.message[:200]}"
        if (span.line, span.column) > (span.end_line, span.end_column):
            return f"{one.rule.code} at {span} ends before it starts"
    return None


def _lines(folder: Path, file: str) -> list[str]:
    if not file:
        return [""]
    data = (folder / file).read_bytes()
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        words = data.decode(encoding, "replace")
    except (SyntaxError, LookupError, ValueError):
        words = data.decode("latin-1")
    return words.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def outcomes(
    items: Sequence[T], run: Callable[[T], Outcome], *, seconds: float = 120.0, memory: int = MEMORY
) -> Iterator[tuple[T, Outcome]]:
    """What ``run`` makes of each item; ``seconds`` without an answer are a hang."""
    done = 0
    while done < len(items):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _serve(items[done:], run, writing, memory)
        os.close(writing)
        try:
            while done < len(items):
                answer = _answer(reading, seconds)
                if answer is None:
                    break
                yield items[done], answer
                done += 1
        finally:
            os.close(reading)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        if done < len(items):
            number = os.waitstatus_to_exitcode(status)
            how = f"silent for {seconds:g} s" if number == -signal.SIGKILL else f"ended with {number}"
            yield items[done], Outcome([how], [], False)
            done += 1


def _serve(items: Sequence[T], run: Callable[[T], Outcome], writing: int, memory: int) -> NoReturn:
    """The child: answers to the pipe, one after the other; never comes back."""
    try:
        pages = (
            int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
        )
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.environ["XDG_CACHE_HOME"] = tempfile.gettempdir()
        for item in items:
            data = pickle.dumps(run(item))
            gc.collect()  # a project is a circle
            os.write(writing, struct.pack("<I", len(data)))
            while data:
                data = data[os.write(writing, data) :]
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _answer(reading: int, seconds: float) -> Outcome | None:
    head = _read(reading, 4, seconds)
    data = _read(reading, struct.unpack("<I", head)[0], seconds) if head else None
    return pickle.loads(data) if data else None


def _read(reading: int, size: int, seconds: float) -> bytes | None:
    data = b""
    while len(data) < size:
        if not select.select([reading], [], [], seconds)[0]:
            return None
        more = os.read(reading, size - len(data))
        if not more:
            return None
        data += more
    return data
