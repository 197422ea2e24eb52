"""The cases of rules as files, what the compiler says about them, and fixes as texts."""

import re
from collections.abc import Iterable
from pathlib import Path

from conduitc.codegen.metadata import emit_metadata
from conduitc.contract.changes import compare
from conduitc.contract.offered import of_app
from conduitc.contract.read import of_metadata
from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.driver import analyse
from conduitc.frontend.edits import Offsets, Replacement, apply
from conduitc.report.rules import all_rules

RULES = all_rules()
#: Their cases need more than source text (another machine, a broken disk); their own tests raise them.
WITHOUT_CASES = [rule for rule in RULES if not rule.bad]
WITH_CASES = [rule for rule in RULES if rule.bad]


def files_of(case: str) -> dict[str, str]:
    """A case's text as files by name."""
    parts = re.split(r"^# file: (\S+)\n", case, flags=re.M)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    files.setdefault("app.py", parts[0])
    return files


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder, with these files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def said_of(folder: Path) -> tuple[Diagnostic, ...]:
    """Everything the compiler says about the program in ``folder``; if there is one in ``before``, about what
    that promised, too."""
    found = analyse(folder / "app.py")
    before = folder / "before/app.py"
    if not before.exists():
        return found.diagnostics
    old, new = analyse(before).app, found.app
    assert old is not None and new is not None
    promised = of_metadata(emit_metadata(old).encode())
    return (*found.diagnostics, *compare(promised, of_app(new), "metadata.json"))


def analysed(folder: Path, case: str) -> tuple[Diagnostic, ...]:
    """Everything the compiler says about a case, which is written to ``folder``."""
    return said_of(written(folder, files_of(case)))


def codes(found: Iterable[Diagnostic], rule: Rule) -> set[str]:
    """What was found, but for hints that are not the rule in question."""
    return {one.rule.code for one in found if one.severity != "info" or one.rule.code == rule.code}


def pasted(files: dict[str, str], fix: Fix) -> dict[str, str]:
    """The files with one fix made."""
    changed = dict(files)
    for file in {edit.span.file for edit in fix.edits}:
        places = Offsets(files[file])
        edits = [edit for edit in fix.edits if edit.span.file == file]
        changed[file] = apply(files[file], [Replacement(*places.of(e.span), e.replacement) for e in edits])
    return changed
