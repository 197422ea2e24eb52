"""``conduitc check``: analyse, print what was found; 1 where there is an error or a warning."""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from conduitc.analysis import Analysis, analyse
from conduitc.cli.findings import Found, from_here, seen_from_here
from conduitc.cli.out import Refused, put, put_json
from conduitc.diagnostics import Diagnostic
from conduitc.report import text
from conduitc.span import LINE_END, Span
from conduitc.suppress import UNUSED

#: The target is what is wrong, not the program.
_WHICH = ("which-app", "no-such-app")


def check_command(
    targets: list[str],
    format_: str = "text",
    exit_zero: bool = False,
    quiet: bool = False,
    fix: bool = False,
    baseline: Path | None = None,
    write_baseline: Path | None = None,
    against: Path | None = None,
) -> int:
    """Check each target as a program of its own; what two of them share is said once.

    ``fix`` applies what can safely be fixed; what is said, and the exit code, are of what is left. 0 is fine,
    1 an error or a warning, 2 where it cannot be told what is to be checked, or against what. ``against`` is
    the metadata of an earlier build, whose promises to MCP's clients must hold.
    """
    if baseline and write_baseline:
        return _refuse("--baseline and --write-baseline exclude each other")
    if against and len(targets) > 1:
        return _refuse("--against is for one app at a time")
    try:
        found, note = (
            _new(targets, format_, fix, baseline, against)
            if baseline
            else (_found(targets, format_, fix, against), "")
        )
        if write_baseline:
            return _write(write_baseline, found)
    except Refused as error:
        return _refuse(str(error))
    shown = [one for one in found.diagnostics if not (quiet and one.severity == "info")]
    _report(shown, found, format_, "" if quiet else note, baseline is not None, quiet)
    if any(one.rule.slug in _WHICH for one in found.diagnostics):
        return 2
    failed = any(one.severity != "info" for one in found.diagnostics)
    return 1 if failed and not exit_zero else 0


def _new(
    targets: list[str], format_: str, fix: bool, baseline: Path, against: Path | None
) -> tuple[Found, str]:
    """What the baseline does not list, and a line about what it does."""
    from conduitc.cli import baseline as kept  # the plain check does not pay for it

    making = f"conduitc check {shlex.join(targets)} --write-baseline {shlex.quote(str(baseline))}"
    known = kept.load(baseline, making)
    found = _found(targets, format_, fix, against)
    compared = kept.against(known, baseline, found)
    note = f"known from {baseline}: {compared.known}"
    if compared.gone:
        note += f"; no longer found: {compared.gone} ({making} drops them)"
    return structs.replace(found, diagnostics=compared.new), note


def _write(file: Path, found: Found) -> int:
    from conduitc.cli.baseline import save

    save(file, found)
    put(f"{file}: {text.counted(found.diagnostics)}")
    return 0


def _found(targets: list[str], format_: str, fix: bool, against: Path | None) -> Found:
    broken = _promises(against)
    diagnostics: dict[Diagnostic, None] = {}
    texts: dict[str, str] = {}
    files: set[str] = set()
    heeded: set[Span] = set()
    for target in targets:
        analysis = _fixed(target, format_) if fix else analyse(target, compiled=True)
        moved, read = from_here((*analysis.diagnostics, *broken(analysis)), target)
        diagnostics.update(dict.fromkeys(moved))
        texts.update(read)
        if analysis.project is not None:
            root, scopes = analysis.project.root, analysis.project.scopes.values()
            files |= {seen_from_here(root, scope.source.file) for scope in scopes if scope.source.file}
            heeded |= {structs.replace(one, file=seen_from_here(root, one.file)) for one in analysis.heeded}
    # a comment in a module of two programs may have its finding in one of them only
    left = [one for one in diagnostics if not (one.rule.code == UNUSED.code and one.span in heeded)]
    return Found(left, {file: LINE_END.split(source) for file, source in texts.items()}, texts, files)


def _promises(against: Path | None) -> Callable[[Analysis], tuple[Diagnostic, ...]]:
    """What finds the promises of an earlier build that a program breaks."""
    if against is None:
        return lambda analysis: ()
    from conduitc.cli.against import broken, promised  # the plain check does not pay for it

    before = promised(against)
    return lambda analysis: broken(before, analysis, against)


def _report(
    shown: list[Diagnostic], found: Found, format_: str, note: str, compared: bool, quiet: bool
) -> None:
    if format_ == "text":
        if shown or not quiet:
            color, width = text.wants_color(sys.stdout), text.width_for(sys.stdout)
            put("\n".join([text.render(shown, found.texts, color=color, width=width), *filter(None, [note])]))
        return
    if format_ == "json":
        from conduitc.report import json

        put_json(json.render(shown))
    elif format_ == "sarif":
        from conduitc.report import sarif

        put_json(sarif.render(shown, found.lines, state="new" if compared else None))
    else:
        from conduitc.report import github

        if shown or not quiet:
            put_json(github.render(shown, _in_workspace))
    if note:
        print(note, file=sys.stderr)


def _in_workspace(file: str) -> str:
    """A file as a workflow names it: relative to its workspace, where it is in there."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if not workspace:
        return file
    path = Path(os.path.abspath(file))
    for base in (Path(os.path.abspath(workspace)), Path(workspace).resolve()):
        for one in (path, path.resolve()):
            if one.is_relative_to(base):
                return one.relative_to(base).as_posix()
    return file


def _refuse(why: str) -> int:
    print(f"conduitc check: {why}", file=sys.stderr)
    return 2


def _fixed(target: str, format_: str) -> Analysis:
    from conduitc.cli.fixed import fixed  # costs as much as the rest of a check

    analysis, lines = fixed(target)
    if lines:
        print("\n".join(lines), end="\n\n", file=sys.stdout if format_ == "text" else sys.stderr)
    return analysis
