"""Diagnostics → SARIF 2.1.0, one run. Deterministic; no absolute path and no source text but fixes is in it.

Messages are written as they are: braces in them are those of paths, never a placeholder.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec

from conduitc import __version__
from conduitc.diagnostics import Diagnostic, Edit, Fix, Rule, Severity
from conduitc.report.explain import page
from conduitc.report.fingerprint import fingerprints
from conduitc.report.frame import Lines
from conduitc.span import Span

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
#: What relative paths are relative to; the reader knows where that is.
_BASE = "%SRCROOT%"
#: The name and version of our fingerprints in ``partialFingerprints``.
_FINGERPRINT = "conduitcLine/v1"


def render(diagnostics: Iterable[Diagnostic], lines: Lines, *, state: str | None = None) -> str:
    """One document, indented. ``state`` is what all of them are against a baseline."""
    found = list(diagnostics)
    rules = sorted({one.rule.code: one.rule for one in found}.values(), key=lambda rule: rule.code)
    index = {rule.code: number for number, rule in enumerate(rules)}
    results = []
    for one, (mark, nth) in zip(found, fingerprints(found, lines), strict=True):
        result = _result(one, index[one.rule.code])
        result["partialFingerprints"] = {_FINGERPRINT: f"{mark}:{nth + 1}"}
        if state is not None:
            result["baselineState"] = state
        results.append(result)
    driver = {
        "name": "conduitc",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {_BASE: {"description": _text("The folder that the check was run in.")}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def _rule(rule: Rule) -> dict[str, object]:
    words = rule.slug.split("-")
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in words),
        "shortDescription": _text(f"{' '.join(words).capitalize()}."),
        "fullDescription": _text(" ".join(rule.docs.split())),
        "help": _text(page(rule)),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(one: Diagnostic, index: int) -> dict[str, object]:
    said = f"{one.message}\nhelp: {one.help}" if one.help else one.message
    result: dict[str, object] = {
        "ruleId": one.rule.code,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": _text(said),
    }
    if one.span.file:
        result["locations"] = [_location(one.span, one.label)]
    others = [
        {"id": number, **_location(label.span, label.text)}
        for number, label in enumerate(one.labels, 1)
        if label.span.file
    ]
    if others:
        result["relatedLocations"] = others
    if one.fix is not None and all(edit.span.file for edit in one.fix.edits):
        result["fixes"] = [_fix(one.fix)]
    return result


def _location(span: Span, text: str | None) -> dict[str, object]:
    place: dict[str, object] = {
        "physicalLocation": {"artifactLocation": _artifact(span.file), "region": _region(span)}
    }
    if text:
        place["message"] = _text(text)
    return place


def _fix(fix: Fix) -> dict[str, object]:
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.span.file, []).append(edit)
    return {
        "description": _text(fix.title),
        "artifactChanges": [
            {"artifactLocation": _artifact(file), "replacements": _replacements(edits)}
            for file, edits in by_file.items()
        ],
    }


def _replacements(edits: Sequence[Edit]) -> list[dict[str, object]]:
    return [
        {"deletedRegion": _region(edit.span), "insertedContent": _text(edit.replacement)} for edit in edits
    ]


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(file, safe="/"), "uriBaseId": _BASE}


def _region(span: Span) -> dict[str, int]:
    """Every line and column counts from 1 there, and an end is never before its start."""
    line, column = max(span.line, 1), max(span.column, 1)
    end_line, end_column = max((span.end_line, span.end_column), (line, column))
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": max(end_column, 1)}


def _text(text: str) -> dict[str, str]:
    return {"text": text}
