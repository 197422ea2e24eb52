"""``who_handles``: on made-up tables equal to the reference matcher and to the finders of the tables that are
emitted; on built apps equal to what they really answer."""

import asyncio
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conduit.introspect import Codebase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse
from tests.dispatch import reference
from tests.dispatch.reference import Case
from tests.dispatch.tables import METHODS, cases, lowered, python_finders, raw_path, segments_of
from tests.dispatch.tables import ask as ask_finders
from tests.introspect.made import ABOUT, codebase, document

TABLES = 2000 if os.environ.get("CONDUIT_SOAK") else 200
REQUESTS = 40
EVERY_RUN_THE_SAME = settings(
    deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def written(case: Case) -> str:
    """The path of a case as metadata has it; a static segment cannot hold a slash there."""
    return "".join(
        f"/{part.text}" if part.kind == "static" else f"/{{p{place}:{part.kind}}}"
        for place, part in enumerate(case.parts)
    )


def of_table(table: Sequence[Case], **about: object) -> Codebase:
    routes = [
        {
            "id": f"route:a.r{number:04d}#{written(case)}",
            "kind": "route",
            "name": written(case),
            "facts": {
                "methods": {"value": list(case.methods), "provenance": "literal"},
                "pattern": {"value": written(case), "provenance": "literal"},
                "handler": {"value": "function:a.f", "provenance": "resolved"},
            },
        }
        for number, case in enumerate(table)
    ]
    made = document(routes, [])
    return codebase({**made, "app": {**ABOUT, **about}})


def plain(table: Sequence[Case]) -> list[Case]:
    """What a program can declare, without what only an annotation refuses."""
    possible = [case for case in table if case.parts and not any("/" in part.text for part in case.parts)]
    return reference.free_of_conflicts([Case(case.methods, case.parts) for case in possible])


def agree(table: Sequence[Case], made: Codebase, dice: random.Random) -> None:
    finders = python_finders(lowered(table), table)
    for _ in range(REQUESTS):
        raw, method = raw_path(dice, table), dice.choice(METHODS)
        raw = raw.replace("?", "%3F").replace("#", "%23")
        if not raw or "\x00" in unquote(raw):
            continue  # an empty path is "/" in a URL
        answer = made.who_handles(method, f"http://host{raw}?q=/x")
        assert answer["certain"]
        expected = reference.find(table, method, segments_of(raw))
        hit = ask_finders(finders, method, raw)
        assert (hit is None) is (expected is None)
        verdict, allowed = reference.status(table, method, segments_of(raw))
        if expected is None:
            status = 204 if method == "OPTIONS" and allowed else verdict
            assert answer["status"] == status, (method, raw, answer)
            assert set(answer.get("allow", ())) == set(allowed)
            continue
        number, values = expected
        assert hit is not None and hit[0] == number
        assert answer["route"]["id"] == f"route:a.r{number:04d}#{written(table[number])}", (
            method,
            raw,
            answer,
        )
        assert len(answer["route"]["values"]) == len(values)
        known = {one["id"] for one in answer["losers"]}
        for other, case in enumerate(table):
            takes = reference.rank(case.methods, method) is not None
            if other != number and takes and case.values(segments_of(raw)) is not None:
                assert f"route:a.r{other:04d}#{written(case)}" in known, (method, raw, case)


@settings(EVERY_RUN_THE_SAME, max_examples=TABLES)
@given(table=cases(), seed=st.integers(0, 2**32))
def test_equal_to_reference_and_tables(table: list[Case], seed: int) -> None:
    table = plain(table)
    if table:
        agree(table, of_table(table), random.Random(seed))


def test_bad_paths() -> None:
    made = of_table([Case(("GET",), (reference.Part("path"),))])
    for path, why in (("/%zz", "malformed"), ("/a%", "malformed"), ("/%00", "NUL"), ("/%ff", "UTF-8")):
        answer = made.who_handles("GET", path)
        assert (answer["outcome"], answer["status"]) == ("bad_request", 400) and why in answer["why"]
    assert made.who_handles("GET", "https://host")["route"]["values"] == {"p0": ""}
    assert made.who_handles("get", "/a%2Fb#part")["route"]["values"] == {"p0": "a/b"}
    assert made.who_handles("OPTIONS", "*")["status"] == 404


APP = """\
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from conduit import Conduit, Router, WebSocket
from msgspec import Meta

app = Conduit(redirect_slashes=REDIRECT)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@app.middleware
async def timing(request, call_next):
    return await call_next(request)


ROUTES

if FLAG:
    @app.get("/sometimes/{x}")
    def sometimes(x: str):
        return {"route": "sometimes"}


@app.get("/sometimes/{rest:path}")
def otherwise(rest: str):
    return {"route": "otherwise"}


@app.websocket("/socket/{room}")
async def socket(ws: WebSocket, room: str):
    await ws.accept()
"""
#: Paths, and what their parameter is annotated with.
PATHS = (
    ("/", ""),
    ("/users", ""),
    ("/users/", ""),
    ("/users/me", ""),
    ("/users/{p}", "int"),
    ("/users/{p}", "str"),
    ("/users/{p}", "UUID"),
    ("/users/{p:float}", "float"),
    ("/users/{p:path}", "str"),
    ("/users/{p}/posts", "Annotated[int, Meta(ge=1, le=9)]"),
    ("/users/{p}/posts", "Annotated[str, Meta(pattern='^[a-z]+$', max_length=4)]"),
    ("/{p}/7/posts", "Colour"),
    ("/kinds/{p}", "Literal['a', 'b', 3]"),
    ("/kinds/{p}", "date"),
    ("/kinds/{p}", "bool"),
    ("/kinds/{p}", "Annotated[int, Meta(multiple_of=5)]"),
    ("/übung/{p}", "str"),
    ("/{p:path}", "str"),
)
METHOD_LISTS = (["GET"], ["GET"], ["POST"], ["GET", "PUT"], ["HEAD"], ["*"], ["OPTIONS"], ["DELETE"])
TEXTS = (
    *(
        "",
        "7",
        "0",
        "-3",
        "15",
        "007",
        "1.5",
        "1e3",
        "me",
        "red",
        "blue",
        "green",
        "a",
        "b",
        "3",
        "true",
        "FALSE",
    ),
    *(
        "2024-02-29",
        "2023-02-29",
        "2024-2-9",
        "abcd",
        "abcde",
        "ABC",
        "%C3%BCbung",
        "a%2Fb",
        "x%20y",
        "posts",
    ),
    *(
        "12345678-1234-5678-1234-567812345678",
        "%",
        "%00",
        "%ff",
        "users",
        "7/posts",
        "abc/posts",
        "red/7/posts",
    ),
)


def program(dice: random.Random) -> str:
    """An app with some of the routes; one that does not compile is thrown away."""
    parts = []
    for number, (path, annotation) in enumerate(PATHS):
        if dice.random() < 0.45:
            continue
        parameters = f"p: {annotation}" if annotation else ""
        parts.append(
            f"@app.route({path!r}, methods={dice.choice(METHOD_LISTS)!r})\n"
            f"def r{number}({parameters}):\n    return {{'route': 'r{number}'}}\n"
        )
    if dice.random() < 0.3:
        parts.append("@app.fallback\ndef nowhere(request):\n    return {'route': 'nowhere'}\n")
    text = APP.replace("ROUTES", "\n\n".join(parts)).replace("REDIRECT", str(dice.random() < 0.5))
    return text.replace("FLAG", "__import__('os').environ.get('NEVER_SET')")


def answered(app: Any, method: str, raw: str) -> tuple[int, dict[str, str], bytes]:
    """One request to an app, as a server would hand it on."""
    path, _, query = raw.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [],
        "root_path": "",
        "state": {},
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.mark.parametrize("seed", range(40 if os.environ.get("CONDUIT_SOAK") else 6))
def test_equal_to_what_a_built_app_answers(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apps compiled from source, asked over ASGI."""
    dice = random.Random(seed)
    folder = tmp_path / "app"
    folder.mkdir()
    for _ in range(50):
        (folder / f"who{seed}.py").write_text(program(dice), encoding="utf-8")
        analysis = analyse(folder / f"who{seed}.py")
        if not any(one.severity == "error" for one in analysis.diagnostics):
            break
    assert analysis.app is not None
    made = Codebase(emit_metadata(analysis.app).encode())
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delenv("NEVER_SET", raising=False)
    app = __import__(f"who{seed}").app
    heads = ("/", "/users/", "/kinds/", "/sometimes/", "/%C3%BCbung/", "//", "/socket/")
    for _ in range(250):
        raw = dice.choice(heads) + dice.choice(TEXTS) + dice.choice(("", "", "/", "?x=1"))
        method = dice.choice(("GET", "GET", "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PURGE"))
        check(made, app, method, raw)


def check(made: Codebase, app: Any, method: str, raw: str) -> None:
    answer = made.who_handles(method, raw)
    status, headers, body = answered(app, method, raw)
    told = (method, raw, answer, status, body)
    if answer["outcome"] in ("route", "fallback"):
        handler = answer["route"]["handler"].rpartition(".")[2]
        if not answer["certain"]:
            assert "sometimes" in answer["why"]
            handler = "otherwise"  # the condition does not hold here
            assert any(
                one["id"].startswith("route:") and "rest:path" in one["id"] for one in answer["losers"]
            )
        assert status == 200, told
        if method != "HEAD":
            assert json.loads(body)["route"] == handler, told
        return
    assert status == answer["status"], told
    if "allow" in answer:
        assert headers["allow"] == ", ".join(answer["allow"]), told
    if answer["outcome"] == "redirect":
        assert headers["location"]


DOUBTS = '''\
from datetime import datetime
from conduit import Conduit

app = Conduit()


@app.get("/at/{when}")
def at(when: datetime):
    return {}


@app.get("/at/{rest:path}")
def rest(rest: str):
    return {}


@app.tool()
def add(a: int) -> int:
    """Adds."""
    return a


@app.exception_handler(KeyError)
def missing(request, error):
    return {}


app.enable_mcp(transport="http")
'''


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Codebase:
    folder = tmp_path_factory.mktemp("doubtful")
    (folder / "app.py").write_text(DOUBTS)
    analysis = analyse(folder / "app.py")
    assert analysis.app is not None
    return Codebase(emit_metadata(analysis.app).encode())


def test_what_is_known_at_run_time_only_is_said_so(doubtful: Codebase) -> None:
    answer = doubtful.who_handles("GET", "/at/noon")
    assert not answer["certain"]
    assert "decided by its annotation at run time" in answer["why"]
    assert [one["pattern"] for one in answer["losers"]] == ["/at/{rest:path}"]
    assert doubtful.who_handles("GET", "/at/noon/5")["certain"]


def test_mcp_and_sockets(doubtful: Codebase, tmp_path: Path) -> None:
    assert doubtful.who_handles("POST", "/mcp")["outcome"] == "mcp"
    assert doubtful.who_handles("PUT", "/mcp")["allow"] == ["DELETE", "GET", "HEAD", "OPTIONS", "POST"]
    (tmp_path / "app.py").write_text(program(random.Random(1)))
    app = analyse(tmp_path / "app.py").app
    assert app is not None
    made = Codebase(emit_metadata(app).encode())
    assert made.who_handles("WEBSOCKET", "/socket/a")["route"]["handler"] == "function:app.socket"
    assert made.who_handles("WEBSOCKET", "/nowhere")["status"] == 404


def test_stack(doubtful: Codebase) -> None:
    answer = doubtful.effective_stack("/at/{when}")
    assert [one["layer"] for one in answer["stack"]] == ["parameters", "handler"]
    (handler,) = answer["exception_handlers"]
    assert (handler["id"], handler["catches"]) == ("function:app.missing", "KeyError")
