"""What can be answered before typer is imported (which takes longer than the answer)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Options of ``check`` and what ``check_command`` calls them; those in the second table take a value.
_FLAGS = {"--exit-zero": "exit_zero", "-q": "quiet", "--quiet": "quiet", "--fix": "fix"}
_VALUES = {"--format": "format_", "--baseline": "baseline", "--write-baseline": "write_baseline"}
_FORMATS = ("text", "json", "sarif", "github")


def answer(arguments: list[str]) -> int | None:
    """The exit code, or None where typer is needed."""
    if arguments == ["--version"]:
        from conduitc import __version__
        from conduitc.cli.out import put

        put(f"conduitc {__version__}")
        return 0
    if arguments[:1] == ["introspect"]:
        from conduitc.cli.introspect import introspect_command

        return introspect_command(arguments[1:])
    if arguments[:1] == ["check"]:
        asked = check_arguments(arguments[1:])
        if asked is not None:
            from conduitc.cli.check import check_command

            return check_command(**asked)
    return None


def check_arguments(words: Sequence[str]) -> dict[str, Any] | None:
    """What typer would make of the words after ``check``; None where that takes typer: help, faults."""
    targets: list[str] = []
    asked: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if word in _FLAGS:
            asked[_FLAGS[word]] = True
        elif name in _VALUES:
            said = value if sign else next(rest, "")
            if not said or said.startswith("-") or (name == "--format" and said not in _FORMATS):
                return None
            asked[_VALUES[name]] = said if name == "--format" else Path(said)
        elif word == "--":
            targets += rest
        elif not word or word.startswith("-"):
            return None
        else:
            targets.append(word)
    return {"targets": targets, **asked} if targets else None
