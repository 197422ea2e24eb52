"""Why the compiled protocol answers some bytes otherwise than uvicorn with httptools does, one by one.

In: the bytes from the first request that is answered otherwise. Out: the reason that explains it. ``ours``
says which side is the stricter one; where it is not ours, the reason says what allows it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HOST = re.compile(
    rb"(\[([0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\.[!$&'()*+,;=:0-9A-Za-z._~-]+)\]|([!$&'()*+,;=0-9A-Za-z._~-]|%[0-9A-Fa-f]{2})*)"
    rb"(:(\d*))?"
)
#: Methods that llhttp knows, for HTTP, RTSP and ICE; it knows them by their letters.
_KNOWN = frozenset(
    b"DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK"
    b" BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PATCH"
    b" PURGE MKCALENDAR LINK UNLINK SOURCE PRI QUERY".split()
)


class Tail:
    """Bytes from the beginning of a request on, read generously."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.head, self.ended, self.rest = raw.partition(b"\r\n\r\n")
        self.line, _, fields = self.head.lstrip(b"\r\n").partition(b"\r\n")
        self.lines = fields.split(b"\r\n") if fields else []
        self.method, _, after = self.line.partition(b" ")
        self.target, _, self.version = after.partition(b" ")

    def values(self, name: bytes) -> list[bytes]:
        found = []
        for line in self.lines:
            key, colon, value = line.partition(b":")
            if colon and key.lower() == name:
                found.append(value.strip(b" \t"))
        return found

    @cached_property
    def codings(self) -> list[bytes]:
        return self.values(b"transfer-encoding")

    @cached_property
    def trailers(self) -> bytes:
        """What stands behind the last chunk."""
        return self.rest.partition(b"\r\n0\r\n")[2].partition(b"\r\n\r\n")[0] if self.codings else b""


@dataclass(frozen=True)
class Reason:
    name: str
    ours: bool
    why: str
    holds: Callable[[Tail], object]


def _host_is_wrong(tail: Tail) -> bool:
    hosts = tail.values(b"host")
    if len(hosts) > 1 or (not hosts and tail.version == b"HTTP/1.1"):
        return True
    return any(not _well_formed(host) for host in hosts)


def _well_formed(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    if found is None or (found[5] and int(found[5]) > 65535):
        return False
    return not host.startswith(b"[") or host[1:2] in b"vV" or _is_ipv6(found[2])


def _is_ipv6(text: bytes) -> bool:
    from ipaddress import IPv6Address

    try:
        IPv6Address(text.decode())
    except ValueError:
        return False
    return True


def _strange_version(tail: Tail) -> bool:
    if b"\r" in tail.raw.lstrip(b"\r\n"):
        return tail.version.partition(b"\r")[0] not in (b"HTTP/1.0", b"HTTP/1.1")
    return not any(known.startswith(tail.version) for known in (b"HTTP/1.0\r", b"HTTP/1.1\r"))


def _strange_method(tail: Tail) -> bool:
    """The longest beginning that is a token is none of a method that llhttp knows."""
    found = re.match(_TOKEN, tail.line)
    if found is None:
        return False
    word = found[0]
    if len(word) < len(tail.line):
        return word not in _KNOWN
    return not any(known.startswith(word) for known in _KNOWN)


REASONS = (
    Reason(
        "version",
        True,
        "RFC 9112, 2.3: HTTP/1.0 and HTTP/1.1 are spoken; llhttp also takes HTTP/0.9, HTTP/2.0, RTSP and ICE",
        _strange_version,
    ),
    Reason(
        "line",
        True,
        "RFC 9112, 2.2: a CR or LF alone, or too many empty lines, before or in the request line",
        lambda tail: re.match(rb"(\r\n)*(\n|\r[^\n])|(\r\n){3}|[^\r]*\n", tail.raw),
    ),
    Reason("fragment", True, "RFC 9112, 3.2: a target has no fragment", lambda tail: b"#" in tail.target),
    Reason("host", True, "RFC 9112, 3.2: one Host, well formed, is a must; 400 without", _host_is_wrong),
    Reason(
        "expectation",
        True,
        "RFC 9110, 10.1.1: an expectation other than 100-continue may be refused by 417",
        lambda tail: any(value.lower() != b"100-continue" for value in tail.values(b"expect")),
    ),
    Reason(
        "coding",
        True,
        "RFC 9112, 6.1: a transfer coding that is unknown, not chunked, or comes with HTTP/1.0, is refused",
        lambda tail: (
            tail.codings
            and (tail.version == b"HTTP/1.0" or [one.lower() for one in tail.codings] != [b"chunked"])
        ),
    ),
    Reason(
        "target",
        True,
        "RFC 9112, 3.2: a target is a path, an http address, or * with OPTIONS",
        lambda tail: (
            not re.match(rb"/|$|\*$|h(t(t(p(s?(:(/(/.*)?)?)?)?)?)?)?$", tail.target, re.IGNORECASE)
            or (tail.target == b"*" and tail.method != b"OPTIONS")
        ),
    ),
    Reason(
        "authority",
        True,
        "RFC 3986, 3.2: the authority of a target is malformed",
        lambda tail: re.match(rb"(?i)https?://[^/?]*%(?![0-9a-f]{2})", tail.target),
    ),
    Reason(
        "length",
        True,
        "a body longer than is taken ends the connection; uvicorn goes on to read it",
        lambda tail: any(
            value.isdigit() and int(value) > 1 << 20 for value in tail.values(b"content-length")
        ),
    ),
    Reason(
        "unfinished",
        False,
        "a head is judged line by line, so what has come of this one may be waited for",
        lambda tail: not tail.ended,
    ),
    Reason(
        "name of a host",
        False,
        "RFC 3986, 3.2.2: a name may hold ! $ & ' ( ) * + , ; = and escapes; httptools refuses some",
        lambda tail: re.match(rb"(?i)https?://[^/?]*[!$&'()*+,;=%]", tail.target),
    ),
    Reason(
        "user",
        False,
        "RFC 3986, 3.2.1: a user may stand in an address, and says nothing; httptools refuses some",
        lambda tail: re.match(rb"https?://[^/?]*@", tail.target, re.IGNORECASE),
    ),
    Reason(
        "empty port",
        False,
        "RFC 3986, 3.2.3: a port may be empty; httptools finds none, uvicorn says 400",
        lambda tail: re.match(rb"https?://[^/?]*:([/?]|$)", tail.target, re.IGNORECASE),
    ),
    Reason(
        "upgrade",
        False,
        "RFC 9110, 7.8: an upgrade that is not taken leaves a request its body; httptools drops it",
        lambda tail: tail.values(b"upgrade"),
    ),
    Reason(
        "method",
        False,
        "RFC 9110, 9.1: any token is a method, and a route may take any; llhttp knows a list",
        _strange_method,
    ),
    Reason(
        "connect",
        False,
        "RFC 9112, 3.2.3: CONNECT names an authority; httptools finds no path there, uvicorn answers 400",
        lambda tail: tail.method == b"CONNECT",
    ),
    Reason(
        "absolute without a path",
        False,
        "RFC 9112, 3.2.2: an absolute form without a path asks for /; httptools gives none, uvicorn says 400",
        lambda tail: re.match(rb"https?://[^/?]*(\?|$)", tail.target, re.IGNORECASE),
    ),
    Reason(
        "chunk extension",
        False,
        "RFC 9112, 7.1.1: blanks may stand around ; and = of a chunk extension; llhttp refuses them",
        lambda tail: tail.codings and re.search(rb"(^|\n)[0-9A-Fa-f]+[ \t]*;[^\r]*[ \t]", tail.rest),
    ),
    Reason(
        "trailer",
        False,
        "RFC 9110, 6.5.1: fields for framing in a trailer are not looked at; llhttp refuses them",
        lambda tail: re.search(rb"(?i)(content-length|transfer-encoding|connection|upgrade)", tail.trailers),
    ),
)


def explained(raw: bytes, refused: bool) -> Reason | None:
    """The reason why the request ``raw`` is answered otherwise; ``refused`` says that we do not take it."""
    tail = Tail(raw)
    for reason in REASONS:
        if reason.ours == refused and reason.holds(tail):
            return reason
    return None


def requests_in(raw: bytes) -> list[int]:
    """Where well-formed requests begin, by the strictest reading; the last may be anything."""
    starts, at = [0], 0
    while (size := _size(raw[at:])) and at + size <= len(raw):
        at += size
        starts.append(at)
    return starts


def _size(raw: bytes) -> int:
    """Bytes of the first request, body included; 0 where it is not whole."""
    tail = Tail(raw)
    if not tail.ended:
        return 0
    size = len(tail.head) + 4
    if not tail.codings:
        length = (tail.values(b"content-length") or [b"0"])[0]
        return size + int(length) if length.isdigit() else 0
    while found := re.compile(rb"([0-9A-Fa-f]+)[^\r]*\r\n").match(raw, size):
        count = int(found[1], 16)
        if count == 0:
            end = raw.find(b"\r\n\r\n", found.end() - 2)
            return end + 4 if end >= 0 else 0
        size = found.end() + count + 2
        if size > len(raw):
            return 0
    return 0
