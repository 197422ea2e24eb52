"""Each rule of the scanner is needed: without it, a secret is missed. And none is slow, whatever the text."""

import re
import time
from collections.abc import Callable

import pytest

from conduitc.codegen.metadata import redaction
from conduitc.ir import secrets
from tests.planted import kinds
from tests.planted.planted import SHAPED

_HEX, _MIXED = "9f86d081884c7d659a2feaa0c55ad015", "hT7kQ2mZ9xW4vB8nR3cJ6pL1sD5fG0yE"
#: Of makers that are none of the twenty kinds.
OTHERS = [
    "ya29" + ".a0Af" + _MIXED,
    "dop_v1_" + _HEX + _HEX,
    "rpa_" + _MIXED,
    "key-" + _HEX,
    "dapi" + _HEX,
    "shpat_" + _HEX,
    "sq0csp-" + _MIXED,
    "hvs" + ".CAES" + _MIXED,
    "lin_api_" + _MIXED + "abcdefgh",
    "AGE-SECRET-" + "KEY-1" + "QZ7" * 20,
    "SharedAccessKey=" + _MIXED + "aB3dE5fG7h",
    "abc8Q~" + "qwertyuiopasdfghjklzxcvbnmqwertyui",
    "-----BEGIN " + "EC PRIVATE KEY-----\nqwertyuiopasdf\n-----END EC PRIVATE KEY-----",
    "discord.com/api/webhooks/" + "123456789012345678/" + _MIXED,
    "sk-" + "qwertyuiop1asdfghjkl",
    "sk_" + "live_" + "abcdefghijklmnopqrst",
]
ALL = [secret for _, secret in (*kinds.made(seed=1, each=40), *SHAPED)] + OTHERS
NOTHING = re.compile(r"(?!)")


def alternatives() -> list[str]:
    """Of the one pattern of all shapes, comments aside."""
    body = re.sub(r"\s+# .*|\s*\n\s*|\\b\(\?:|\)\s*$", "", secrets._SHAPES.pattern)
    body = re.sub(r"(?<!\[)\s", "", body)
    found, depth, start = [], 0, 0
    for place, sign in enumerate(body):
        depth += (sign in "([") - (sign in ")]")
        if sign == "|" and depth == 0:
            found.append(body[start:place])
            start = place + 1
    return [*found, body[start:]]


def test_the_shapes_are_these() -> None:
    assert len(alternatives()) >= 30
    whole = re.compile(rf"\b(?:{'|'.join(alternatives())})")
    for secret in ALL:
        assert bool(whole.search(secret)) == bool(secrets._SHAPES.search(secret))


@pytest.mark.parametrize("shape", alternatives())
def test_each_shape_is_needed(shape: str) -> None:
    others = re.compile(rf"\b(?:{'|'.join(one for one in alternatives() if one != shape)})")
    assert [one for one in ALL if secrets._SHAPES.search(one) and not others.search(one)]


@pytest.mark.parametrize(
    "rule", ["_SHAPES", "_PEM", "_AZURE", "_URL", "_NAMED", "_HEADER", "_TOKEN", "_RESTLESS"]
)
def test_each_rule_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missed() -> set[str]:
        return {one for one in ALL if kinds.core(one) in secrets.redact(one)}

    before = missed()
    monkeypatch.setattr(secrets, rule, 2.0 if rule == "_RESTLESS" else NOTHING)
    assert missed() > before


def test_long_random_text_without_many_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some keys are as calm as words are, but made of none."""
    calm = [one for kind, one in kinds.made(seed=3, each=400) if kind == "aws secret key"]
    missed = [one for one in calm if not secrets.is_secret(one)]
    assert len(missed) <= 8
    monkeypatch.setattr(secrets, "_WORDY", 0.0)
    assert len([one for one in calm if not secrets.is_secret(one)]) > len(missed)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_each_kind_is_found(kind: str) -> None:
    made = [one for its, one in kinds.made(seed=5, each=50) if its == kind]
    for secret in made:
        for text in (secret, f"Use {secret} for it.", f"({secret})", f"x = {secret!r}\n", f"<b>{secret}</b>"):
            assert kinds.core(secret) not in secrets.redact(text)


#: What a search could go over again from each of its characters, and what could be cut at every one.
HOSTILE = [
    *("a", "1", "-", "_", ".", "/", "@", " ", "\n", "=", ":", "A0", "a1", "a.", "1 ", "a@", "a@b.", "a.b@"),
    *(
        "sk-",
        "sk_a",
        "eyJ-",
        "eyJa.",
        "AKIA",
        "AIza-",
        "xapp-1-",
        "SG.a",
        "MTa",
        "12345678:AA",
        "1Q~",
        "glpat-",
    ),
    *("://", "://a:", "://a:b", "password=", "password='", "password is ", "basic ", "bearer aaaaaaaaaaaa"),
    *("-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----BEGIN A PRIVATE KEY-----\n-----END A-----\n"),
    *(
        "/home/",
        "/home/a/",
        "\\Users\\",
        "C:\\Users\\a",
        "DE12 ",
        "+1 ",
        "(555) 555-",
        "tel 1",
        "1.1.",
        "12-",
    ),
    *("hT7kQ2mZ9xW4vB8nR3cJ ", "password=hunter2hunter2, ", "İ", "\u2028", "ß"),
]


def least(function: Callable[[str], object], text: str) -> float:
    found = []
    for _ in range(3):
        start = time.process_time()
        function(text)
        found.append(time.process_time() - start)
    return min(found)


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("function", [redaction.redact, secrets.masked, secrets.places])
def test_no_text_takes_the_square_of_its_length(function: Callable[[str], object], piece: str) -> None:
    """Ten times the text would take a hundred times as long."""
    short, long = (piece * (size // len(piece)) for size in (20_000, 200_000))
    assert least(function, long) < 40 * least(function, short) + 0.02
