"""The program that the language was specified with, and the official client in every revision."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http.running import needs_protocol
from tests.mcp.callers import CORPORA, SEARCH, build, over, search
from tests.mcp.official import REVISIONS, TRANSPORTS, reachable, run


@pytest.fixture(scope="module", params=["python", pytest.param("cython", marks=pytest.mark.native)])
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(
    scope="module",
    params=[pytest.param(one, marks=[] if one == "stdio" else needs_protocol) for one in TRANSPORTS],
)
def place(
    target: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Any]]:
    transport = request.param
    dist = build(tmp_path_factory.mktemp("search"), over(transport, SEARCH), target)
    with reachable(dist, transport) as found:
        yield found


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_is_listed_and_called(place: Callable[[], Any], revision: str) -> None:
    run(place(), revision, search)


def test_it_is_unchanged(tmp_path: Path) -> None:
    program = CORPORA / "programs/mcp_search.py"
    if not program.is_file():
        pytest.skip("the corpora are not here: set CONDUIT_CORPORA")
    assert program.read_text("utf-8") == over("sse", SEARCH) == SEARCH
