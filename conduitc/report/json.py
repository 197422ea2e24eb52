"""Diagnostics → JSON, as ``diagnostics.schema.json`` beside this file describes it. Deterministic."""

from collections.abc import Iterable

import msgspec

from conduitc.diagnostics import Diagnostic
from conduitc.span import Span

#: The shape's version; a reader of version 1 can read every later 1.
VERSION = 1


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """One document, indented."""
    found = [_diagnostic(one) for one in diagnostics]
    counts = {
        severity: sum(one["severity"] == severity for one in found)
        for severity in ("error", "warning", "info")
    }
    document = {"version": VERSION, "summary": counts, "diagnostics": found}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _diagnostic(one: Diagnostic) -> dict[str, object]:
    return {
        "code": one.rule.code,
        "rule": one.rule.slug,
        "severity": one.severity,
        "message": one.message,
        "place": _place(one.span),
        "label": one.label,
        "others": [{"place": _place(label.span), "label": label.text} for label in one.labels],
        "help": one.help,
        "fix": one.fix
        and {
            "title": one.fix.title,
            "place": _place(one.fix.span),
            "replacement": one.fix.replacement,
            "also": [{"place": _place(e.span), "replacement": e.replacement} for e in one.fix.also],
            "safe": one.fix.safe,
        },
    }


def _place(span: Span) -> dict[str, object] | None:
    if not span.file:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
