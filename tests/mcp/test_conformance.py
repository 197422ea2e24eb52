"""What the official suite, client and inspector find: the page that was written; that they do find things.

They are run whole by ``make soak``, which writes the page: ``python -m tests.mcp.conformance``.
"""

import os
from pathlib import Path

import pytest

from tests.mcp import inspector, npm, suite
from tests.mcp.bridge import bridged
from tests.mcp.callers import ROOT, SEARCH, build, over
from tests.mcp.conformance import OF_HTTP, WAYS
from tests.mcp.official import WAYS as CLIENTS
from tests.mcp.page import Page
from tests.mcp.suite import Outcome

PAGE = (ROOT / "docs/conformance.md").read_text(encoding="utf-8")
soak = pytest.mark.skipif(
    os.environ.get("CONDUIT_SOAK") != "1" or bool(npm.missing()), reason=npm.missing() or "soak"
)

UNPORTABLE = over("http", SEARCH).replace('{"type": "string"}', "True")


def rows(page: str) -> set[tuple[str, ...]]:
    """The cells of all tables."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    return {tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines}


def test_the_official_suite() -> None:
    """The page tells that it, the client and the inspector passed over every way."""
    found = rows(PAGE)
    for target in ("python", "cython"):
        for revision, ways in WAYS.items():
            for way in ways:
                of_http = way.startswith("pipes")
                scored = suite.SCORED[revision] - of_http
                headers = "" if revision < "2026" else "of HTTP" if of_http else "14 of 14"
                assert (target, way, revision, f"{scored} of {scored}", headers) in found
        for way in CLIENTS:
            given_up = "2026-07-28" if way == "http" else "all five"
            assert (target, way, "all five", "all five", given_up) in found
        inspected = {"search": ("http", "sse", "stdio"), "everything": ("http", "stdio")}
        for program, over_ways in inspected.items():
            for way in over_ways:
                assert (target, program, way, "legacy, modern", "legacy, modern") in found


def test_what_is_wrong_is_told() -> None:
    page = Page({"suite": "1", "client": "2", "inspector": "3", "revisions": "4"}, ["names"])
    names = [str(number) for number in range(37)]
    page.suite("python", "protocol", "2026-07-28", Outcome(names, {"5": ["a-check: bad"]}, (13, 14)))
    page.suite("python", "protocol", "2025-11-25", Outcome(names[:29], {}, (0, 0)))
    page.client("python", "http", {"2025-11-25": "", "2026-07-28": page.tried(lambda: 1 // 0)})
    page.inspected("python", "search", "sse", {"legacy": ""}, {"legacy": "no answer"})
    found = rows(page.text())
    assert ("python", "protocol", "2026-07-28", "36 of 37", "13 of 14") in found
    assert ("python", "http", "2025-11-25") in found
    assert ("python", "search", "sse", "legacy", "") in found
    assert page.wrong == [
        "python, protocol, 2026-07-28: 5: a-check: bad",
        "python, protocol, 2026-07-28: header checks 13 of 14",
        "python, protocol, 2025-11-25: 29 scenarios",
        "python, http, 2026-07-28: ZeroDivisionError('integer division or modulo by zero')",
        "python, search, sse, legacy: no answer",
    ]


@soak
def test_the_suite_finds_what_is_not_there(tmp_path: Path) -> None:
    tools = npm.installed()
    with bridged(build(tmp_path, over("stdio", SEARCH))) as address:
        found = suite.run(tools, address, "2026-07-28", OF_HTTP)
    assert {"tools-call-simple-text", "resources-list", "prompts-get-simple"} <= found.failed.keys()
    assert found.passed < len(found.scored)


@soak
def test_the_inspector_finds_what_is_not_portable(tmp_path: Path) -> None:
    tools = npm.installed()
    with inspector.inspected(build(tmp_path, UNPORTABLE), "stdio") as place:
        with pytest.raises(inspector.Complaint, match="Bare `true`"):
            inspector.listed(tools, place, "modern")
        with pytest.raises(inspector.Complaint):
            inspector.called(tools, place, "modern", "nothing", {})
