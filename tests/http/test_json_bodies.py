"""The JSON texts of the corpus as bodies: valid ones 2xx, invalid ones 400, never 500; deep ones cheap."""

from pathlib import Path
from typing import Any

import pytest

from tests.http.corpus import CORPORA
from tests.http.serving import Server, request
from tests.http.ways import SOAK

TEXTS = sorted((CORPORA / "json").glob("*.json")) if (CORPORA / "json").is_dir() else []
WAYS = ("asgi", "python", "cython")
ROUTES = ("/untyped", "/typed")
#: Decoded, but not what the annotation says: nothing at all, and null.
UNFIT = {("/typed", "n_structure_no_data"): 422, ("/typed", "y_structure_lonely_null"): 422}
#: Milliseconds of CPU for a body of 100,000 brackets; other work on the machine makes CPU dearer.
DEEP = 5 if SOAK else 25

needs_texts = pytest.mark.skipif(not TEXTS, reason="the corpora are not here: set CONDUIT_CORPORA")


def statuses(server: Server, route: str) -> dict[str, tuple[int, bytes]]:
    """What every text is answered, all of them on one connection."""
    found = {}
    with server.client() as client:
        for path in TEXTS:
            client.send(request("POST", route, body=path.read_bytes()))
            answer = client.answer()
            assert not answer.closes, path.name
            found[path.stem] = (answer.status, answer.body)
    return found


@needs_texts
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("way", WAYS)
def test_every_text(shared: Any, way: str, route: str) -> None:
    server = shared("bodies", way)
    found = statuses(server, route)
    assert found == statuses(server, route) == statuses(shared("bodies", "asgi"), route)
    wrong = {}
    for name, (status, body) in found.items():
        wanted = {"y": (200,), "n": (400,), "i": (200, 400)}[name[0]]
        if status not in (UNFIT.get((route, name), wanted[0]), *wanted[1:]):
            wrong[name] = status, body
    assert not wrong


@pytest.mark.parametrize("text", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000])
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("way", WAYS)
def test_deep_nesting_is_refused_cheaply(shared: Any, way: str, route: str, text: bytes) -> None:
    server, rounds = shared("bodies", way), 40
    before = server.busy()
    with server.client() as client:
        for _ in range(rounds):
            client.send(request("POST", route, body=text))
            assert client.answer().status == 400
    assert (server.busy() - before) / rounds * 1000 < DEEP


def test_the_texts_are_all_there() -> None:
    if Path(CORPORA).is_dir():
        assert len(TEXTS) == 318
