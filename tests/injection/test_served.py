"""Hostile text in what is served: asked for and answered as it was written, in every way a program is run."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.injection.hostile import HOSTILE
from tests.injection.positions import APP, HEAD
from tests.service.ways import WAYS, Request, answers, request

SOAK = bool(os.environ.get("CONDUIT_SOAK"))
#: What can be in a request and an answer at all.
VALUES = [value for value in HOSTILE.values() if not re.search("[\ud800-\udfff]", value)]
TOKEN = re.compile(r"[!#$%&'*+.^`|~\w-]+", re.ASCII)

Case = tuple[str, Request, int, Any]


def _path(n: int, v: str) -> Iterator[Case]:
    if "{" in v or "\0" in v or re.search(r"(^|/)\*", f"x{v}/y"):
        return
    source = f"@app.get('/p{n}/x' + {v!a} + '/y')\ndef p{n}(request):\n    return [request.path, {n}]\n"
    path = f"/p{n}/x{v}/y"
    yield source, request("GET", quote(path)), 200, [path, n]
    yield "", request("GET", quote(f"{path}z")), 404, None


def _default(n: int, v: str) -> Iterator[Case]:
    source = f"@app.get('/d{n}')\ndef d{n}(q: str = {v!a}):\n    return q\n"
    yield source, request("GET", f"/d{n}"), 200, v
    yield "", request("GET", f"/d{n}?q={quote(v)}x"), 200, f"{v}x"


def _alias(n: int, v: str) -> Iterator[Case]:
    if v:
        source = f"@app.get('/q{n}')\ndef q{n}(q: Annotated[str, Query({v!a})]):\n    return q\n"
        yield source, request("GET", f"/q{n}?{quote(v, safe='')}={n}"), 200, str(n)
    if TOKEN.fullmatch(v):
        for place, sent in (("Header", {v.lower(): "h"}), ("Cookie", {"cookie": f"{v}=h"})):
            name = f"{place[0].lower()}{n}"
            source = f"@app.get('/{name}')\ndef {name}(q: Annotated[str, {place}({v!a})]):\n    return q\n"
            yield source, ["GET", f"/{name}", [list(pair) for pair in sent.items()], None], 200, "h"


def _choices(n: int, v: str) -> Iterator[Case]:
    source = (
        f"class E{n}(Enum):\n    A = {v!a}\n    B = 'other'\n\n\n"
        f"@app.get('/e{n}')\ndef e{n}(q: E{n}, p: Literal[{v!a}, 'other']):\n    return [q, p]\n"
    )
    yield source, request("GET", f"/e{n}?q={quote(v)}&p={quote(v)}"), 200, [v, v]
    yield "", request("GET", f"/e{n}?q={quote(v)}x&p={quote(v)}"), 422, None


def _answer(n: int, v: str) -> Iterator[Case]:
    source = f"@app.get('/a{n}')\ndef a{n}():\n    return {{{v!a}: [{v!a}]}}\n"
    yield source, request("GET", f"/a{n}"), 200, {v: [v]}
    source = f"@app.get('/t{n}')\ndef t{n}():\n    return {v!a}\n"
    yield source, request("GET", f"/t{n}"), 200, v


def _error(n: int, v: str) -> Iterator[Case]:
    source = f"@app.get('/x{n}')\ndef x{n}():\n    raise HTTPError(409, {v!a})\n"
    detail = {"detail": v}
    yield (
        source,
        request("GET", f"/x{n}"),
        409,
        {"type": "about:blank", "title": "Conflict", "status": 409, **detail},
    )


def _body(n: int, v: str) -> Iterator[Case]:
    name = "k" if re.search(r'[\\"\x00-\x1f]', v) else f"k{v}"  # msgspec allows no others
    source = (
        f"class B{n}(msgspec.Struct, tag={v!a}):\n"
        f"    a: str = msgspec.field(name={name!a}, default={v!a})\n\n\n"
        f"@app.post('/b{n}')\ndef b{n}(b: B{n}) -> B{n}:\n    return b\n"
    )
    yield source, request("POST", f"/b{n}", "{}"), 200, {"type": v, name: v}
    yield "", request("POST", f"/b{n}", json.dumps({name: "given"})), 200, {"type": v, name: "given"}


def _prefix(n: int, v: str) -> Iterator[Case]:
    if "{" in v or "\0" in v or "*" in v:
        return
    source = (
        f"r{n} = Router(prefix='/r{n}/x' + {v!a})\n\n\n"
        f"@r{n}.get('/:id')\ndef rr{n}(id: int):\n    return id\n\n\napp.include(r{n})\n"
    )
    yield source, request("GET", quote(f"/r{n}/x{v}/7")), 200, 7


MAKERS: list[Callable[[int, str], Iterator[Case]]] = [
    *(_path, _prefix, _default, _alias, _choices, _answer, _error, _body),
]


def cases(makers: list[Callable[[int, str], Iterator[Case]]]) -> list[Case]:
    return [case for make in makers for n, value in enumerate(VALUES) for case in make(n, value)]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_asked_for_is_answered(way: str, tmp_path: Path) -> None:
    asked = cases(MAKERS if SOAK or way != "cython" else [_path, _answer])
    source = HEAD + APP + "\n\n".join(case[0] for case in asked if case[0])
    got = answers(way, {"app.py": source}, [case[1] for case in asked], tmp_path)
    wrong = []
    for (_, sent, status, wanted), (answered, _, body) in zip(asked, got, strict=True):
        found = json.loads(body.encode("latin-1")) if status < 410 and status != 404 else None
        if answered != status or found != wanted:
            wrong.append((sent[:2], status, answered, wanted, body[:90]))
    assert not wrong, wrong[:5]
