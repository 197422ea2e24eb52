"""The parser: cases of our own, whole and in cuts, and the classes of bytes."""

import ctypes
import ipaddress
import random
import string

import pytest

from tests.http.parser.reading import Read
from tests.http.parser.written import Case, cases

pytestmark = pytest.mark.native

CASES = cases()
TOKEN = set(b"!#$%&'*+-.^_`|~" + string.ascii_letters.encode() + string.digits.encode())
TEXT = {9, *range(0x20, 0x7F), *range(0x80, 0x100)}
TARGET = set(range(0x21, 0x7F)) - set(b"#")
NAMES = set(b"-._~!$&'()*+,;=" + string.ascii_letters.encode() + string.digits.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases(read: Read, case: Case) -> None:
    found = read(case.raw, limits=case.limits)
    if not any(line.startswith("  ") for line in case.expected):
        found = [line for line in found if not line.startswith("  ")]
    assert found == case.expected


def test_cut_anywhere_means_the_same(read: Read) -> None:
    """Cut in two at each byte, at every byte, and at random places."""
    dice = random.Random(4)
    for case in CASES:
        raw, size = case.raw, len(case.raw)
        whole = read(raw, limits=case.limits)
        some = [sorted(dice.sample(range(size + 1), min(size, dice.randrange(1, 6)))) for _ in range(20)]
        for cuts in ([at] for at in range(size + 1)):
            assert read(raw, cuts, case.limits) == whole, (case.name, cuts)
        for cuts in (list(range(size)), *some):
            assert read(raw, cuts, case.limits) == whole, (case.name, cuts)


def test_what_is_refused_is_refused_at_its_byte(read: Read) -> None:
    """No byte after the one that makes an error is waited for, and none before it was enough."""
    for case in CASES:
        whole = read(case.raw, limits=case.limits)
        if not whole or not whole[-1][:3].isdecimal():
            continue
        shorter = (case.raw[:size] for size in range(len(case.raw) + 1))
        first = next(raw for raw in shorter if read(raw, limits=case.limits)[-1:] == whole[-1:])
        for garbage in (b"", b"\0", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"):
            assert read(first + garbage, limits=case.limits)[-1] == whole[-1], case.name


def test_classes_of_bytes(shim: ctypes.CDLL) -> None:
    classes = (
        TOKEN,
        TARGET,
        TARGET - set(b"?%"),
        TEXT,
        set(string.hexdigits.encode()),
        NAMES,
        TEXT - set(b'"\\'),
    )
    for byte in range(256):
        expected = sum(1 << bit for bit, members in enumerate(classes) if byte in members)
        assert shim.conduit_class(byte) == expected, hex(byte)


@pytest.mark.parametrize("place", ["GET /{}x HTTP/1.1", "{}", "A{}A: b", "A: b{}b", "A: 12345678{}12345678"])
def test_every_byte_where_it_may_stand(read: Read, place: str) -> None:
    """A byte in the target, as method, in a name and in a value: accepted just where the RFC has it."""
    lines = ["GET / HTTP/1.1", "Host: a", place, "", ""]
    members = TEXT
    if place.startswith("GET"):
        lines, members = [place, "Host: a", "", ""], TARGET
    elif place == "{}":
        lines, members = ["{} / HTTP/1.1", "Host: a", "", ""], TOKEN
    elif place == "A{}A: b":
        # A colon ends the name: what follows is the value.
        members = TOKEN | set(b":")
    before, after = "\r\n".join(lines).encode().split(b"{}")
    accepted = {byte for byte in range(256) if not read(before + bytes([byte]) + after)[-1][:3].isdecimal()}
    assert accepted == members


GOOD = """a a.b A-1_~ a. 1.2.3.4 999.1 a:80 a: a:65535 a:00080 : :80 %41 a%2Fb !$&'()*+,;= [::1] [::1]:80
[::1]: [::] [v1.a:b] [VF.~] [1:2:3:4:5:6:7:8] [1:2:3:4:5:6:1.2.3.4] [::1.2.3.4] [1::8] [1:2:3:4:5:6:7::]
[::2:3:4:5:6:7:8] [::255.255.255.255] [::0.10.99.200]"""
BAD = """{ a/b a@b a?b a#b a|b a:65536 a:8a a:-1 a:80:80 [ ] [] [::1 ::1] a[::1] [::1]a [::1]:a %4 % %zz a%4g
[::1%25lo] [1:2:3:4:5:6:7] [1:2:3:4:5:6:7:8:9] [12345::] [:1] [1:] [:::] [1::2::3] [1:2:3:4:5:6:7:1.2.3.4]
[1.2.3.4] [::1.2.3] [::1.2.3.256] [::1.2.3.1000] [::1.2.3.04] [::1.2.3.4.5] [::1.2.3.4:1] [::1.2:3.4]
[::1.2x3.4] [::.1.2.3] [g::] [v.a] [v1] [v1.] [v1.[] [vg.a] \x80 a\x00 a\\"""


def test_hosts(shim: ctypes.CDLL) -> None:
    def right(text: str) -> bool:
        raw = text.encode("latin-1")
        return bool(shim.conduit_authority(raw, ctypes.c_size_t(len(raw))))

    assert [one for one in (*GOOD.split(), "") if not right(one)] == []
    assert [one for one in (*BAD.split(), "[::1]: 80", " a", "a ") if right(one)] == []


def test_ipv6_as_the_standard_library_has_it(shim: ctypes.CDLL) -> None:
    dice = random.Random(6)
    parts = ("1", "abcd", "0", "12345", ":", ":", ":", "::", "1.2.3.4", "0.0.0.256", ".", "g")
    right = 0
    for _ in range(60_000):
        groups = dice.choice((2, 5, 8, 16))
        text = "".join(dice.choice(parts) for _ in range(dice.randrange(1, groups)))
        if dice.random() < 0.5:
            groups = dice.randrange(2, 10)
            text = ":".join(dice.choice(("1", "abcd", "", "0", "1.2.3.4")) for _ in range(groups))
        try:
            ipaddress.IPv6Address(text)
            expected = True
        except ValueError:
            expected = False
        raw = f"[{text}]".encode()
        assert bool(shim.conduit_authority(raw, ctypes.c_size_t(len(raw)))) == expected, text
        right += expected
    assert right > 300
