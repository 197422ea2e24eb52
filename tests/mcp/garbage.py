"""A seed → messages that are no good: good ones that were changed, and what a grammar of odd parts gives.

The same seed gives the same bytes. A few are good all the same; whoever is asked must bear that, too.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from tests.mcp.speaking import PREFIX, meta

_CALL = {"name": "add", "arguments": {"a": 1, "b": 2}}
_ABOUT = {"protocolVersion": "2025-06-18", "capabilities": {"roots": {}}, "clientInfo": {"name": "x"}}
#: Method and params of good messages; those of an endless stream are left out.
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("tools/call", _CALL),
    ("tools/call", {"name": "echo", "arguments": {"value": {"deep": [1, 2.5, None, "é"]}}}),
    ("tools/list", {}),
    ("tools/list", {"cursor": "x"}),
    ("server/discover", {}),
    ("ping", {}),
    ("initialize", _ABOUT),
    ("logging/setLevel", {"level": "error"}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("resources/read", {"uri": "thing://items/7"}),
    ("resources/subscribe", {"uri": "thing://items/7"}),
    ("resources/unsubscribe", {"uri": "thing://items/7"}),
    ("prompts/list", {}),
    ("prompts/get", {"name": "review", "arguments": {"code": "x"}}),
    (
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "review"}, "argument": {"name": "code", "value": "a"}},
    ),
    ("notifications/initialized", {}),
    ("notifications/cancelled", {"requestId": 5, "reason": "no"}),
    ("notifications/progress", {"progressToken": 1, "progress": 2}),
]
#: What stands where something else should.
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, -0.0, 10**30, -(10**40), 2**63, 2**64, 1e308),
    *("", "x", "\x00", "\u2028", "é" * 100, "x" * 10_000, "../../etc/passwd", "__proto__", "2026-07-28"),
    *([], {}, [[]], [{}], {"": None}, {"a": {"b": [1, {"c": []}]}}, [None] * 50, "2.0", "1.0", 2.0),
    *("2024-11-05", "2025-03-26", "tools/call", "subscriptions/listen ", "add", "requestState"),
]
#: Bytes that are no JSON, or odd JSON.
PIECES = [
    *(b"NaN", b"-Infinity", b"1e999", b"-", b"00", b"0x1", b".5", b"1.", b"'a'", b"tru", b"nul"),
    *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u00"', b'"\\x41"', b'"\n"', b'"\x01"', b'"', b"\\"),
    *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\x00", b"\r", b"\x0b"),
    *(b"[", b"]", b"{", b"}", b",", b":", b"[" * 2000, b'{"a":' * 500, b"[" * 10_000 + b"]" * 10_000),
    *(b"9" * 5000, b"1" + b"0" * 400 + b".5", b"/* */", b"//\n", b"\n", b"\r\n", b'"id":'),
    *(b'"method":"ping",', b"undefined", b"\xc2\xa0"),
]


def garbage(seed: int, count: int, modern: bool) -> Iterator[bytes]:
    """So many messages."""
    random = Random(seed)
    for _ in range(count):
        made = random.choice((_changed, _changed, _cut, _cut, _composed, _noise))(random, modern)
        yield made[:200_000]


def good(random: Random, modern: bool) -> dict[str, Any]:
    """A message as it should be."""
    method, params = random.choice(GOOD)
    told: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": deepcopy(params)}
    if modern:
        told["params"]["_meta"] = deepcopy(meta())
    if not method.startswith("notifications/"):
        told["id"] = random.choice((1, "a", 2**40))
    return told


def _changed(random: Random, modern: bool) -> bytes:
    """A good message, one to four of whose parts are something else."""
    told: Any = good(random, modern)
    for _ in range(random.randint(1, 4)):
        place, key = _somewhere(random, told)
        match random.randrange(5):
            case 0 if isinstance(place, dict):
                del place[key]
            case 1 if isinstance(place, dict):
                place[random.choice(("id", "method", "params", "_meta", "", f"{PREFIX}x"))] = random.choice(
                    ODD
                )
            case 2:
                place[key] = [place[key]]
            case _:
                place[key] = deepcopy(random.choice(ODD))
    return _written(random, told)


def _somewhere(random: Random, told: dict[str, Any]) -> tuple[Any, Any]:
    """A container within, and one of its keys."""
    place: Any = told if told else {"x": 1}
    while True:
        key = random.choice([*place]) if isinstance(place, dict) else random.randrange(len(place))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.4:
            return place, key
        place = inner


def _written(random: Random, told: Any) -> bytes:
    text = json.dumps(told, ensure_ascii=random.random() < 0.5)
    if random.random() < 0.1:  # a key that is there twice
        text = text.replace("{", '{"jsonrpc":"2.0","id":7,', 1)
    if random.random() < 0.05:
        text = f"[{', '.join([text] * random.randint(1, 5))}]"
    return text.encode("utf-8", "surrogatepass")


def _cut(random: Random, modern: bool) -> bytes:
    """The bytes of a good message, some of which are others."""
    raw = bytearray(json.dumps(good(random, modern)).encode())
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(raw) + 1)
        to = min(len(raw), at + random.choice((0, 1, 1, 2, 8, 40)))
        match random.randrange(5):
            case 0:
                raw[at:to] = random.choice(PIECES)
            case 1:
                raw[at:to] = random.randbytes(to - at)
            case 2:
                del raw[at:to]
            case 3:
                raw[at:at] = raw[at:to] * random.choice((1, 2, 50))
            case _:
                del raw[at + random.randrange(200) :]
    return bytes(raw)


def _composed(random: Random, modern: bool) -> bytes:
    """An object of the members that messages have, each of them odd."""
    methods = [*(method for method, _ in GOOD), "nope", "rpc.discover", "tools/call "]
    members: dict[str, list[Any]] = {
        "jsonrpc": ["2.0", "2.0", "2.0", *ODD],
        "id": [1, "a", *ODD],
        "method": [*methods, *methods, *ODD],
        "params": [*(params for _, params in GOOD), *ODD],
        "result": ODD,
        "error": [{"code": 1, "message": "x"}, *ODD],
        "extra": ODD,
    }
    chosen = random.sample([*members], random.randint(0, len(members)))
    told = {name: deepcopy(random.choice(members[name])) for name in chosen}
    if modern and isinstance(told.get("params"), dict):
        told["params"] = {**told["params"], "_meta": deepcopy(random.choice((meta(), *ODD)))}
    return _written(random, told)


def _noise(random: Random, modern: bool) -> bytes:
    """Anything at all."""
    if random.random() < 0.5:
        return b"".join(random.choices(PIECES, k=random.randint(0, 12)))
    return random.randbytes(random.choice((0, 1, 10, 300)))
