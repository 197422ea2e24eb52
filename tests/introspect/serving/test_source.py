"""Metadata that is missing, broken, exchanged, or large; and what waits for it."""

import asyncio
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from conduit.http.delivery import messages_of
from conduit.http.errors import HTTPError
from conduit.introspect.indexing import build
from conduit.introspect.serving import door
from conduit.introspect.serving.door import Later
from conduit.introspect.serving.source import Source, of_file

from tests.introspect.serving.doors import METADATA, Asked, Tried, asked, scope_of

TOO_NEW = METADATA.replace(b'"schema":"1.', b'"schema":"9.', 1)
BROKEN = [b"", b"{", METADATA[: len(METADATA) // 2], METADATA[:-3], b"[]", b"null", b"\xff\xfe", TOO_NEW]
OTHER = METADATA.replace(b'"title":"', b'"title":"Other ', 1)


async def late(tried: Tried, path: str, query: str = "") -> Asked:
    """An answer that may be waited for."""
    scope = scope_of(path, query)
    answer = tried.door.serve(scope, (None, path) if path else (None,))
    if not isinstance(answer, Later):
        return asked(answer)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    await answer.deliver(scope, receive, send)
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Asked(start["status"], headers, body["body"])


def put(path: Path, text: bytes) -> None:
    """Another file in its place, as a build does it."""
    beside = path.with_suffix(".new")
    beside.write_bytes(text)
    os.replace(beside, path)


def title(found: Asked) -> str:
    assert found.status == 200, found.body
    return str(found.said["app"]["title"])


def test_it_is_loaded_by_the_first_question(tmp_path: Path) -> None:
    path = tmp_path / "metadata.json"
    tried = Tried(tmp_path, source=of_file(str(path)))
    assert tried.source.codebase is None
    put(path, METADATA)
    (tmp_path / "metadata.idx").write_bytes(build(METADATA))
    found = asyncio.run(late(tried, ""))
    assert found.status == 200
    path.unlink()
    assert tried.ask("tools").status == 200, "and never looked at again"


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_read_is_told(tmp_path: Path, text: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "metadata.json"
    path.write_bytes(text)
    tried = Tried(tmp_path, source=of_file(str(path)))
    found = asyncio.run(late(tried, ""))
    assert (found.status, found.headers["content-type"]) == (503, "application/problem+json")
    assert found.said["detail"].startswith("the metadata cannot be read: ")
    assert asyncio.run(late(tried, "tools")).status == 503
    assert len(caplog.records) == 1, "told once"
    assert tried.audit()[0]["outcome"] == "no metadata"
    put(path, METADATA)
    assert asyncio.run(late(tried, "")).status == 200, "as soon as it can be read, it is"


def test_missing_metadata(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tried = Tried(tmp_path, source=of_file(str(tmp_path)))
    for _ in range(3):
        found = asyncio.run(late(tried, ""))
        assert found.status == 503
        assert "No such file" in found.said["detail"]
        assert str(tmp_path) not in found.body.decode()
    assert len(caplog.records) == 1


def test_an_exchange_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "metadata.json"
    put(path, METADATA)
    tried = Tried(tmp_path, source=of_file(str(path), watched=True))
    before = title(asyncio.run(late(tried, "")))
    assert title(tried.ask("")) == before, "known by now"
    put(path, OTHER)
    assert title(asyncio.run(late(tried, ""))) == f"Other {before}"
    assert title(tried.ask("")) == f"Other {before}"
    assert tried.ask("stats").said["queries"]["overview"]["calls"] == 2, "counted from the beginning"


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_the_last_good_one_stays(tmp_path: Path, text: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "metadata.json"
    put(path, METADATA)
    tried = Tried(tmp_path, source=of_file(str(path), watched=True))
    before = title(asyncio.run(late(tried, "")))
    put(path, text)
    with caplog.at_level(logging.ERROR):
        assert title(asyncio.run(late(tried, ""))) == before
        assert title(tried.ask("")) == before
    assert len(caplog.records) == 1, "told once"
    path.unlink()
    assert title(asyncio.run(late(tried, ""))) == before
    put(path, OTHER)
    assert title(asyncio.run(late(tried, ""))) == f"Other {before}"


def test_an_index_of_other_metadata_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_bytes(OTHER)
    (tmp_path / "metadata.idx").write_bytes(build(METADATA))
    tried = Tried(tmp_path, source=of_file(str(tmp_path)))
    assert title(asyncio.run(late(tried, ""))).startswith("Other ")


def test_all_wait_for_one_loading(tmp_path: Path) -> None:
    """And the event loop goes on meanwhile."""
    reads, go = [0], threading.Event()

    def read() -> tuple[bytes, None]:
        reads[0] += 1
        go.wait()
        return METADATA, None

    tried = Tried(tmp_path, source=Source("the app", read, lambda: True))

    async def many() -> list[int]:
        waiting = [asyncio.ensure_future(late(tried, "tools")) for _ in range(20)]
        await asyncio.sleep(0.05)  # the loop is not held
        assert not any(one.done() for one in waiting)
        go.set()
        return [one.status for one in await asyncio.gather(*waiting)]

    assert asyncio.run(many()) == [200] * 20
    assert reads == [1]


def test_who_goes_away_takes_nobody_along(tmp_path: Path) -> None:
    go = threading.Event()

    def read() -> tuple[bytes, None]:
        go.wait()
        return METADATA, None

    tried = Tried(tmp_path, source=Source("the app", read, lambda: True))

    async def two() -> int:
        first, second = (asyncio.ensure_future(late(tried, "tools")) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        await asyncio.sleep(0.01)
        go.set()
        return (await second).status

    assert asyncio.run(two()) == 200


def test_a_large_code_base_is_asked_in_a_thread(tmp_path: Path) -> None:
    """However long an answer takes, the event loop is not held."""
    document = json.loads(METADATA)
    one = next(one for one in document["resources"] if one["kind"] == "function")
    document["resources"] += [{**one, "id": f"function:x.f{number}"} for number in range(6000)]
    tried = Tried(tmp_path, metadata=json.dumps(document).encode())
    go, where = threading.Event(), []
    assert tried.source.codebase is not None
    real = tried.source.codebase.answer

    def slow(query: str, **given: Any) -> dict[str, Any]:
        where.append(threading.current_thread() is threading.main_thread())
        go.wait()
        return real(query, **given)

    tried.source.codebase.answer = slow  # type: ignore[method-assign]

    async def meanwhile() -> tuple[Asked, Asked]:
        waiting = asyncio.ensure_future(late(tried, "resources/function:x.f1"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        refused = tried.ask("tools", headers=[])
        go.set()
        return await waiting, refused

    found, refused = asyncio.run(meanwhile())
    assert (found.status, refused.status, where) == (200, 401, [False])
    assert tried.ask("resources/function:x.f1").body == found.body, "known now, and at once"


def test_what_reads_all_texts_is_asked_in_a_thread(tmp_path: Path) -> None:
    tried = Tried(tmp_path)
    answer = tried.door.serve(scope_of("ask", "q=add+a+route"), (None, "ask"))
    assert isinstance(answer, Later)
    found = asyncio.run(late(tried, "ask", "q=add+a+route"))
    assert found.status == 200
    assert found.said["answers"]
    assert tried.ask("ask", "q=add+a+route").body == found.body, "known now"
    assert tried.ask("ask", "q=another", head=True).status == 200


def test_no_thread_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = Tried(tmp_path)

    async def exhausted(*given: object) -> None:
        raise HTTPError(503, "too many calls that were given up still run")

    monkeypatch.setattr(door, "in_thread", exhausted)
    found = asyncio.run(late(tried, "ask", "q=add+a+route"))
    assert (found.status, found.headers["content-type"]) == (503, "application/problem+json")


def test_messages_can_be_sent_again(tmp_path: Path) -> None:
    """Servers write into messages: those of a known answer are copied."""
    tried = Tried(tmp_path)
    first = tried.ask("tools").body
    answer: Any = tried.door.serve(scope_of("tools"), (None, "tools"))
    start, body = messages_of(answer, False)
    start["headers"].append((b"x", b"y"))
    body["body"] = b""
    assert tried.ask("tools").body == first
    assert "x" not in tried.ask("tools").headers
