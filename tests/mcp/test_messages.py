"""Messages, seals, headers and lines: what is read, and what is refused."""

import json
import time
from typing import Any

import pytest
from conduit.mcp import messages, sealed
from conduit.mcp.asks import Elicit, Roots, Sample, Unfit
from conduit.mcp.messages import Malformed
from conduit.mcp.mirrored import mirrored
from conduit.mcp.stdio import Lines
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_a_message_or_malformed(value: Any) -> None:
    try:
        messages.read(json.dumps(value).encode())
    except Malformed as error:
        assert error.code in (-32600, -32602)


@given(st.binary())
def test_any_bytes_are_a_message_or_malformed(raw: bytes) -> None:
    try:
        messages.read(raw)
    except Malformed as error:
        assert error.code in (-32700, -32600, -32602)


@given(st.dictionaries(st.text(), JSON))
def test_a_seal_keeps_what_it_is_given(state: dict[str, Any]) -> None:
    assert sealed.opened(sealed.seal(state)) == state


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_seal_is_broken(place: int, change: int) -> None:
    text = sealed.seal({"of": "tools/call add", "known": {"a": [1, 2, 3]}})
    place %= len(text)
    changed = text[:place] + chr(ord(text[place]) ^ change) + text[place + 1 :]
    with pytest.raises(sealed.Broken):
        sealed.opened(changed)


def test_a_seal_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    text, now = sealed.seal({}), time.time()
    monkeypatch.setattr(sealed.time, "time", lambda: now + sealed.LIFE_SECONDS + 2)
    with pytest.raises(sealed.Broken):
        sealed.opened(text)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("plain", "plain"),
        ("=?base64?w6k=?=", "é"),
        ("=?base64??=", ""),
        ("=?base64?w6k?=", None),
        ("=?base64?w6l=?=", None),
        ("=?base64?/w==?=", None),
        ("=?base64?w6k=", "=?base64?w6k="),
        (None, None),
    ],
)
def test_values_of_headers(value: str | None, meant: str | None) -> None:
    assert mirrored(value) == meant


@given(st.lists(st.binary(max_size=30).map(lambda one: one.replace(b"\n", b""))), st.lists(st.integers(1, 9)))
def test_lines_are_the_same_however_they_are_cut(lines: list[bytes], cuts: list[int]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    reader, found, at = Lines(), [], 0
    for cut in [*cuts, len(data)]:
        found += reader.take(data[at : at + cut])
        at += cut
    assert found == [line for line in lines if line.strip()]


def test_long_lines_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduit.mcp.stdio.MOST", 10)
    reader = Lines()
    assert reader.take(b"x" * 6) == [] and reader.take(b"x" * 6) == [] and reader.take(b"x" * 6) == []
    assert reader.take(b"x\nnext\n") == [None, b"next"]
    assert reader.take(b"y" * 11 + b"\nmore") == [None] and reader.end() == [b"more"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Elicit("?", {"required": ["a"]}), {"action": "accept", "content": {}}),
        (Elicit("?", {}), {"action": "accept"}),
        (Elicit("?", {}), {"action": "perhaps"}),
        (Elicit("?", {}), 1),
        (Sample("?"), {"role": "assistant"}),
        (Sample("?"), []),
        (Roots(), {"roots": [1]}),
        (Roots(), None),
    ],
)
def test_answers_that_are_none(question: Any, told: Any) -> None:
    with pytest.raises(Unfit):
        question.answer(told)


def test_answers() -> None:
    assert Elicit("?", {}).answer({"action": "decline"}).content is None
    several = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]
    assert Sample("?").answer({"content": several}).text == "ab"
    (root,) = Roots().answer({"roots": [{"uri": "file:///a", "name": "A"}]})
    assert (root.uri, root.name) == ("file:///a", "A")
