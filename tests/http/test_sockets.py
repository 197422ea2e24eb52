"""The same requests to the ASGI app in memory, behind uvicorn's own protocol, and behind the compiled one.

Compared are status, header pairs in order, body and the connection's fate; what a parser refuses and HTTP/1.0
is compared elsewhere, against a list of explained differences.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.http.client import SERVERS_OWN, Closed
from tests.http.serving import Server
from tests.http.talks import in_process, on_the_wire, programs
from tests.service.ways import Request, ask

PROGRAMS = ("features", "wrapped", "gateway", "shop", "mixed")
#: (status, pairs, body), whether the connection was kept.
Heard = tuple[Any, bool]


def heard(server: Server, requests: Sequence[Request]) -> list[Heard]:
    """What each request is answered, on one connection for as long as it is kept."""
    found: list[Heard] = []
    client = server.client()
    for one in requests:
        client.send(on_the_wire(one))
        try:
            answer = client.answer(head=one[0] == "HEAD")
            kept = not answer.closes
            found.append((answer.meaning, kept))
        except Closed:
            kept = False
            found.append(("broken off", False))
        if not kept:
            assert client.closed(), one
            client.close()
            client = server.client()
    client.close()
    return found


@pytest.fixture(scope="module")
def told(served_once: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """``told(program, way)``: what the program answers that way; asked once."""
    listed = programs(tmp_path_factory.mktemp("programs"))
    known: dict[tuple[str, str], list[Heard]] = {}

    def answers(program: str, way: str) -> list[Heard]:
        if (program, way) not in known:
            app, requests = listed[program]
            with served_once(app, way) as server:
                known[program, way] = heard(server, requests)
        return known[program, way]

    answers.listed = listed  # type: ignore[attr-defined]
    return answers


def differences(requests: Sequence[Request], ours: Sequence[Any], theirs: Sequence[Any]) -> list[str]:
    return [
        f"{one[0]} {one[1]} {one[2]}\n   {mine}\n   {other}"[:900]
        for one, mine, other in zip(requests, ours, theirs, strict=True)
        if mine != other
    ]


@pytest.mark.parametrize("way", ["python", "cython"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_as_behind_uvicorns_own_protocol(told: Any, program: str, way: str) -> None:
    requests = told.listed[program][1]
    wrong = differences(requests, told(program, way), told(program, "asgi"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("way", ["asgi", "python", "cython"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_as_in_memory(told: Any, builds: Any, program: str, way: str) -> None:
    """The app alone: without a server, what breaks off has no fate."""
    app, requests = told.listed[program]
    alone = ask(builds.at(app, "cython" if way == "cython" else "python"), in_process(requests))
    wrong = []
    for one, (answer, _), (status, pairs, body) in zip(requests, told(program, way), alone, strict=True):
        if answer == "broken off":
            continue
        own = [(name.lower(), value) for name, value in pairs if name not in SERVERS_OWN]
        if answer != (status, own, body.encode("latin-1")):
            wrong.append(f"{one[:2]}\n   {answer}\n   {(status, own, body)}"[:900])
    assert not wrong, "\n".join(wrong)
