"""Every planted conflict and dead route is found, at its place, with a path that both routes take."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from conduitc.analysis import analyse
from conduitc.diagnostics import Diagnostic
from conduitc.frontend.edits import Offsets
from conduitc.ir.nodes import App, Route, Static
from tests.conflicts.planted import CONFLICT, DEAD, KINDS, TWICE, Planted, planted
from tests.dispatch.reference import Case, Part
from tests.frontend.programs import write

CODES = {code for code, _ in KINDS.values()}


def case(route: Route) -> Case:
    """The route as the reference matcher takes it, annotations aside."""
    parts = [
        Part("static", one.text) if isinstance(one, Static) else Part(one.converter or "str")
        for one in route.path.segments
    ]
    return Case(route.methods, tuple(parts))


def lines(text: str, mark: str) -> set[tuple[str, int]]:
    """Where a mark stands: file and line."""
    found, file, number = set(), "app.py", 0
    for line in text.splitlines():
        number += 1
        if line.startswith("# file: "):
            file, number = line.removeprefix("# file: "), 0
        elif line.endswith(f"#{mark}"):
            found.add((file, number))
    return found


def taken(app: App, one: Diagnostic, witness: str) -> int:
    """How many of the routes that a report is about take its path."""
    spans = {one.span, *(label.span for label in one.labels)}
    segments = [unquote(text) for text in witness.split("/")[1:]]
    about = [route for route in app.routes if route.path.span in spans or spans & set(route.via)]
    return sum(case(route).values(segments) is not None for route in about)


def test_there_are_enough() -> None:
    assert len(planted()) >= 200
    assert len(KINDS) >= 10
    assert len({one.text for one in planted()}) == len(planted())


@pytest.mark.parametrize("kind", KINDS)
def test_planted(tmp_path: Path, kind: str) -> None:
    for number, one in enumerate(one for one in planted() if one.kind == kind):
        check(one, tmp_path / str(number))


@pytest.mark.parametrize("kind", [kind for kind, (code, _) in KINDS.items() if code == CONFLICT])
def test_the_fix_puts_it_right(tmp_path: Path, kind: str) -> None:
    """What is offered takes the conflict away and makes no other; only a loop's text cannot be mended."""
    for number, one in enumerate(one for one in planted() if one.kind == kind):
        entry = write(tmp_path / str(number), one.text)
        fixes = [found.fix for found in analyse(entry).diagnostics if found.rule.code == CONFLICT]
        if kind.startswith("loops"):
            assert fixes == [None] * len(fixes)
            continue
        for fix in fixes:
            assert fix is not None
            file = tmp_path / str(number) / fix.span.file
            text = file.read_text("utf-8")
            start, end = Offsets(text).of(fix.span)
            file.write_text(text[:start] + fix.replacement + text[end:], "utf-8")
        assert [one.message for one in analyse(entry).diagnostics if one.severity == "error"] == []


def check(planted: Planted, folder: Path) -> None:
    analysis = analyse(write(folder, planted.text))
    assert analysis.app is not None
    found = [one for one in analysis.diagnostics if one.rule.code in CODES]
    assert {one.rule.code for one in found} == {planted.code}, planted.text
    assert {(one.span.file, one.span.line) for one in found} == lines(planted.text, "2"), planted.text
    first = lines(planted.text, "1")
    labelled = {(label.span.file, label.span.line) for one in found for label in one.labels}
    if planted.code == DEAD:
        assert labelled <= first
        assert bool(labelled) == bool(first), planted.text
    else:
        assert first <= labelled, planted.text
    for one in found:
        if planted.code in (CONFLICT, TWICE):
            assert taken(analysis.app, one, one.message.split("`")[-2]) >= 2, (one.message, planted.text)
