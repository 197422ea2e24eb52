"""``conduitc check``: analyse, print what was found; 1 where there is an error or a warning."""

import sys

from conduitc.cli.findings import from_here
from conduitc.cli.out import put, put_json
from conduitc.diagnostics import Diagnostic
from conduitc.driver import analyse
from conduitc.report import json, text


def check_command(targets: list[str], format_: str, exit_zero: bool, quiet: bool) -> int:
    """Check each target as a program of its own; what two of them share is said once."""
    found: dict[Diagnostic, None] = {}
    texts: dict[str, str] = {}
    for target in targets:
        diagnostics, read = from_here(analyse(target).diagnostics, target)
        found.update(dict.fromkeys(diagnostics))
        texts.update(read)
    shown = [one for one in found if not (quiet and one.severity == "info")]
    if format_ == "json":
        put_json(json.render(shown))
    elif shown or not quiet:
        put(text.render(shown, texts, color=text.wants_color(sys.stdout)))
    failed = any(one.severity != "info" for one in found)
    return 1 if failed and not exit_zero else 0
