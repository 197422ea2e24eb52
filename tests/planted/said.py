"""A program → all that is said about it: metadata, its index, every answer in every form, findings."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conduit.introspect import QueryError, indexing
from conduit.introspect.codebase import Codebase
from conduit.introspect.convention_tables import TABLES as CONVENTIONS
from conduit.introspect.mermaid import DRAWINGS
from conduit.introspect.queries import QUERIES
from conduit.introspect.render import render
from conduit.introspect.tables import TABLES
from conduit.introspect.tools.ai_text import ai_text

from conduitc.analysis import analyse
from conduitc.cli.check import check_command
from conduitc.codegen.metadata import emit_metadata
from conduitc.mined import patterns_of

#: Every so manyth resource is asked about one by one.
_STEP = 7


def metadata_of(target: Path, *, stripped: bool = False) -> bytes:
    """As ``conduitc introspect`` asks for it."""
    analysis = analyse(target)
    assert analysis.app is not None, [one.message for one in analysis.diagnostics]
    patterns = patterns_of(analysis)
    return emit_metadata(analysis.app, analysis.diagnostics, patterns, stripped=stripped).encode()


def said(metadata: bytes) -> Iterator[tuple[str, str]]:
    """What it is, and the text."""
    yield "metadata.json", metadata.decode()
    index = indexing.build(metadata)
    yield "metadata.idx", index.decode("utf-8", "replace")
    codebase = Codebase(metadata, index)
    yield "ai.txt", ai_text(codebase)
    for query, arguments in _asked(json.loads(metadata)):
        try:
            answer = codebase.answer(query, **arguments)
        except QueryError as error:
            yield f"{query} {arguments}", f"{error.message} {error.candidates}"
            continue
        for form in _forms(query):
            yield f"{query} {arguments} as {form}", render(query, answer, form)


def _asked(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, query in QUERIES.items():
        if not query.needs:
            yield name, {}
    yield from (("who_handles", {"method": "POST", "url": f"/hook{n}/x"}) for n in range(0, 200, 20))
    yield from (
        ("how_do_i", {"text": text}) for text in ("add a route", "declare a schema", "raise an error")
    )
    yield from (("pattern", {"name": one["id"]}) for one in document["patterns"])
    for one in document["resources"][::_STEP]:
        yield from ((query, {"name": one["id"]}) for query in ("resource", "deps", "impact"))
        if one["kind"] == "route":
            yield "effective_stack", {"name": one["id"]}


def _forms(query: str) -> list[str]:
    if query == "export":
        return ["json", "markdown"]
    tables = ["table"] if query in TABLES or query in CONVENTIONS else []
    return [*tables, "json", *(["mermaid"] if query in DRAWINGS else [])]


def findings(target: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[str, str]]:
    """What ``check`` prints, in every format."""
    for format_ in ("text", "json", "sarif", "github"):
        check_command([str(target)], format_)
        yield f"check as {format_}", "".join(capsys.readouterr())
