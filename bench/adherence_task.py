"""A task of bench/adherence.py, and how what a model wrote for it is judged. Nothing that it wrote is run."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conduit.introspect import Codebase

from conduitc.diagnostics import Diagnostic
from conduitc.driver import analyse
from conduitc.ir.nodes import App
from conduitc.mining.rematch import rematch

ROOT = Path(__file__).resolve().parents[1]
TASKS = Path(__file__).with_name("adherence_tasks.toml")


class Task(NamedTuple):
    """What to write, and how it is judged.

    ``file`` is what the model writes, ``wire`` what is added to the entry so that the app has it; ``gives``
    (``METHOD /path``, or the id of a schema or of what models can ask for) must be there then. ``follow`` are
    the conventions that it should follow: category, and text in the template.
    """

    name: str
    code: str
    entry: str
    file: str
    task: str
    ask: str
    follow: tuple[tuple[str, str], ...]
    wire: str = ""
    gives: str = ""


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
    """Errors and warnings of `check` that it does not have of the code base as it is."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield f"{task.file} is no Python: {error}"
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "code"
        shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        entry = copy / task.entry
        known = {_told(finding) for finding in analyse(entry).diagnostics}
        (copy / task.file).write_text(text, "utf-8")
        entry.write_text(wired(entry.read_text("utf-8"), task.wire), "utf-8")
        analysis = analyse(entry)
        for finding in analysis.diagnostics:
            if finding.severity != "info" and _told(finding) not in known:
                yield f"{finding.span.file}:{finding.span.line} {_told(finding)}"
        if task.gives and (analysis.app is None or task.gives not in _given(analysis.app)):
            yield f"the app has no {task.gives}"


def wired(entry: str, wire: str) -> str:
    """The entry with ``wire`` where its declarations end: before it runs the app."""
    at = re.search(r"^(app\.run\(|if __name__)", entry, re.MULTILINE)
    end = at.start() if at else len(entry)
    return f"{entry[:end]}\n{wire}\n{entry[end:]}"


def _given(app: App) -> set[str]:
    routes = {f"{method} {one.path.text}" for one in app.routes for method in one.methods}
    return routes | {one.id for one in (*app.offers, *app.schemas)}


def _told(finding: Diagnostic) -> str:
    return f"{finding.rule.code} {finding.message}"


def codebase_of(target: str) -> Codebase:
    """The metadata of a source file, as the command line makes it."""
    command = [sys.executable, "-m", "conduitc", "introspect", target, "export", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")])}
    return Codebase(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout)
