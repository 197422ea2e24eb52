"""A task of bench/adherence.py, and how what a model wrote for it is judged. Nothing that it wrote is run."""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conduit.introspect import Codebase

from conduitc.driver import analyse
from conduitc.mining.rematch import rematch

ROOT = Path(__file__).resolve().parents[1]
TASKS = Path(__file__).with_name("adherence_tasks.toml")


class Task(NamedTuple):
    """What to write, and how it is judged.

    ``file`` is what the model writes, ``wire`` what is added to the entry so that the app has it; ``route``
    must be there then. ``follow`` are the conventions that it should follow: category, and text in the
    template.
    """

    name: str
    code: str
    entry: str
    file: str
    task: str
    ask: str
    follow: tuple[tuple[str, str], ...]
    wire: str = ""
    route: str = ""


class Judged(NamedTuple):
    """One answer: the conventions that it should follow and does not, and what `check` finds."""

    total: int
    missing: tuple[dict[str, Any], ...]
    findings: tuple[str, ...]

    @property
    def done(self) -> bool:
        return not self.missing and not self.findings


def tasks(path: Path = TASKS) -> list[Task]:
    """As written."""
    read = tomllib.loads(path.read_text("utf-8"))["task"]
    return [Task(**{**one, "follow": tuple(map(tuple, one["follow"]))}) for one in read]


def called_for(codebase: Codebase, task: Task) -> list[dict[str, Any]]:
    """The conventions of a task: of each, the most certain one that has the text in its template.

    Raises:
        LookupError: none has it.
    """
    found = []
    for category, text in task.follow:
        among = codebase.patterns(category)["patterns"]
        first = next((one for one in among if text in one["template"]), None)
        if first is None:
            raise LookupError(f"{task.name}: no pattern of {category} has {text!r}")
        found.append(codebase.pattern(first["id"]))
    return found


def judge(task: Task, text: str, wanted: Sequence[dict[str, Any]], source: Path) -> Judged:
    """Match the templates, and check a copy of the code base with the text in it."""
    missing = tuple(one for one in wanted if rematch(one["template"], text) is None)
    return Judged(len(wanted), missing, tuple(_found(task, text, source)))


def _found(task: Task, text: str, source: Path) -> Iterator[str]:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield f"{task.file} is no Python: {error}"
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "code"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        (copy / task.file).write_text(text, "utf-8")
        entry = copy / task.entry
        entry.write_text(f"{entry.read_text('utf-8')}\n{task.wire}", "utf-8")
        analysis = analyse(entry)
        for finding in analysis.diagnostics:
            yield f"{finding.span.file}:{finding.span.line} {finding.rule.code} {finding.message}"
        routes = analysis.app.routes if analysis.app is not None else ()
        there = {f"{method} {one.path.text}" for one in routes for method in one.methods}
        if task.route and task.route not in there:
            yield f"the app has no route {task.route}"


def codebase_of(target: str) -> Codebase:
    """The metadata of a source file, as the command line makes it."""
    command = [sys.executable, "-m", "conduitc", "introspect", target, "export", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}
    return Codebase(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout)
