"""On made-up tables every verdict of the passes equals brute force over witness paths."""

import os
from urllib.parse import unquote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduitc.ir.nodes import App
from conduitc.passes import conflicts, unreachable
from tests.conflicts import brute
from tests.conflicts.tables import ROWS, Row, app_of

TABLES = 10_000 if os.environ.get("CONDUIT_SOAK") else int(os.environ.get("CONDUIT_TABLES", "150"))

FIXED = settings(
    max_examples=TABLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def conflicting(rows: list[Row], app: App) -> set[int]:
    """The rows reported; the path that each report names is one of both."""
    where = {route.path.span: number for number, route in enumerate(app.routes)}
    cases = [row.case() for row in rows]
    found = set()
    for one in conflicts.run(app)[1]:
        later, earlier = where[one.span], where[one.labels[0].span]
        witness = one.message.split("`")[-2]
        segments = [unquote(text) for text in witness.split("/")[1:]]
        assert cases[later].values(segments) is not None, (witness, rows)
        assert cases[earlier].values(segments) is not None, (witness, rows)
        found.add(later)
    return found


def dead(app: App) -> set[int]:
    where = {route.path.span: number for number, route in enumerate(app.routes)}
    return {where[one.span] for one in unreachable.run(app)[1]}


@FIXED
@given(ROWS)
def test_most_specific_first(rows: list[Row]) -> None:
    app = app_of(rows, "specific")
    common, possible = brute.masks(rows), brute.ways(rows)
    assert conflicting(rows, app) == brute.conflicting(rows, common, possible)
    assert dead(app) == brute.dead(rows, common, possible, "specific")


@FIXED
@given(ROWS)
def test_first_declared_first(rows: list[Row]) -> None:
    app = app_of(rows, "declaration")
    assert conflicting(rows, app) == set()
    assert dead(app) == brute.dead(rows, brute.masks(rows), brute.ways(rows), "declaration")


@settings(FIXED, max_examples=20)
@given(ROWS, st.data())
def test_the_witnesses_are_taken_as_said(rows: list[Row], data: st.DataObject) -> None:
    """The masks that brute force goes by are those of the reference matcher on whole paths."""
    found = dict(brute.paths(rows))
    for path in data.draw(st.lists(st.sampled_from(sorted(found)), max_size=20)) if found else []:
        taking = [number for number, row in enumerate(rows) if row.case().values(path) is not None]
        assert found[path] == sum(1 << number for number in taking)
