"""Diagnostics → workflow commands of GitHub Actions, which become annotations at the lines of a change.

One line a finding: nothing that a program says can begin a line, so it cannot give a command.
"""

from collections.abc import Callable, Iterable, Iterator

from conduitc.diagnostics import Diagnostic, Severity
from conduitc.report.cells import printable
from conduitc.report.text import counted

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(diagnostics: Iterable[Diagnostic], named: Callable[[str], str] = str) -> str:
    """A command for each, then the counts. ``named`` gives a file's name as the workflow knows it."""
    found = list(diagnostics)
    return "\n".join([*(_command(one, named) for one in found), counted(found)])


def _command(one: Diagnostic, named: Callable[[str], str]) -> str:
    title = f"{one.rule.code} {one.rule.slug}"
    properties = [*_place(one, named), ("title", title)]
    written = ",".join(f"{name}={_property(value)}" for name, value in properties)
    said = "%0A".join(_data(printable(line)) for line in _lines(one, named))
    return f"::{_COMMANDS[one.severity]} {written}::{said}"


def _place(one: Diagnostic, named: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    span = one.span
    if not span.file:
        return
    yield "file", printable(named(span.file))
    yield "line", str(max(span.line, 1))
    if span.line == span.end_line:  # columns are taken where there is one line only
        yield "col", str(max(span.column, 1))
        yield "endLine", str(max(span.end_line, 1))
        yield "endColumn", str(max(span.end_column, span.column, 1))
    else:
        yield "endLine", str(max(span.end_line, 1))


def _lines(one: Diagnostic, named: Callable[[str], str]) -> Iterator[str]:
    yield one.message
    if one.label:
        yield f"here: {one.label}"
    for label in one.labels:
        span = label.span
        yield f"{named(span.file)}:{span.line}:{span.column}: {label.text}" if span.file else label.text
    if one.help:
        yield f"help: {one.help}"
    if one.fix:
        yield f"fix: {one.fix.title}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
