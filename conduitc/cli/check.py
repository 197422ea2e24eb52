"""``conduitc check``: analyse, print what was found; 1 where there is an error or a warning."""

import sys
from collections.abc import Mapping

from conduitc.diagnostics import Diagnostic
from conduitc.driver import Analysis, analyse
from conduitc.report import json, text


def check_command(targets: list[str], format_: str, exit_zero: bool, quiet: bool) -> int:
    """Check each target as a program of its own; what two of them share is said once."""
    found: dict[Diagnostic, None] = {}
    texts: dict[str, str] = {}
    for target in targets:
        analysis = analyse(target)
        texts.update(sources_of(analysis))
        found.update(dict.fromkeys(analysis.diagnostics))
    shown = [one for one in found if not (quiet and one.severity == "info")]
    if format_ == "json":
        print(json.render(shown))
    elif shown or not quiet:
        print(text.render(shown, texts, color=text.wants_color(sys.stdout)))
    failed = any(one.severity != "info" for one in found)
    return 1 if failed and not exit_zero else 0


def sources_of(analysis: Analysis) -> Mapping[str, str]:
    """The text of every file that was read."""
    scopes = analysis.project.scopes.values() if analysis.project is not None else ()
    return {scope.source.file: scope.source.text for scope in scopes}
