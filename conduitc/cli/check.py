"""``conduitc check``: analyse, print what was found; 1 where there is an error or a warning."""

import sys

from conduitc.cli.findings import from_here
from conduitc.cli.out import put, put_json
from conduitc.diagnostics import Diagnostic
from conduitc.driver import Analysis, analyse
from conduitc.report import json, text


def check_command(targets: list[str], format_: str, exit_zero: bool, quiet: bool, fix: bool = False) -> int:
    """Check each target as a program of its own; what two of them share is said once.

    ``fix`` applies what can safely be fixed; what is said, and the exit code, are of what is left.
    """
    found: dict[Diagnostic, None] = {}
    texts: dict[str, str] = {}
    for target in targets:
        analysis = _fixed(target, format_) if fix else analyse(target)
        diagnostics, read = from_here(analysis.diagnostics, target)
        found.update(dict.fromkeys(diagnostics))
        texts.update(read)
    shown = [one for one in found if not (quiet and one.severity == "info")]
    if format_ == "json":
        put_json(json.render(shown))
    elif shown or not quiet:
        put(text.render(shown, texts, color=text.wants_color(sys.stdout)))
    failed = any(one.severity != "info" for one in found)
    return 1 if failed and not exit_zero else 0


def _fixed(target: str, format_: str) -> Analysis:
    from conduitc.cli.fixed import fixed  # costs as much as the rest of a check

    analysis, lines = fixed(target)
    if lines:
        print("\n".join(lines), end="\n\n", file=sys.stdout if format_ == "text" else sys.stderr)
    return analysis
