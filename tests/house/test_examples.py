"""The examples answer as they should, the same bytes built for both targets and uncompiled.

``shop.txt`` holds the requests to the shop in order and, after each, the whole answer: status, headers, body.
`make golden` writes the answers anew.
"""

import os
from pathlib import Path

import pytest

from tests.service.ways import WAYS, Answer, Request, answers, request

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOP = Path(__file__).with_name("shop.txt")


def sources(name: str) -> dict[str, str]:
    folder = EXAMPLES / name
    found = (path for path in folder.rglob("*") if path.suffix in {".py", ".toml", ".txt"})
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def talks(text: str) -> list[str]:
    return [talk for talk in text.split("\n\n") if talk.strip()]


def asked(talk: str) -> Request:
    """The request a talk begins with: its line, headers, and a body after the word ``body``."""
    first, *rest = talk.strip().splitlines()
    lines = [line for line in rest if not line.startswith("< ")]
    body = next((line.removeprefix("body ") for line in lines if line.startswith("body ")), None)
    headers = dict(line.split(": ", 1) for line in lines if not line.startswith("body "))
    method, target = first.split(" ")
    return request(method, target, body, **{name.replace("-", "_"): value for name, value in headers.items()})


def told(talk: str, answer: Answer) -> str:
    """The talk with this answer: its request as written, then lines that begin with ``<``."""
    status, headers, body = answer
    lines = [line for line in talk.strip().splitlines() if not line.startswith("< ")]
    lines += [f"< {status}", *(f"< {name}: {value}" for name, value in headers)]
    lines += [f"< {line!r}" for line in body.splitlines(keepends=True)]
    return "\n".join(lines)


@pytest.mark.parametrize("way", WAYS)
def test_the_shop_answers_as_written(way: str, tmp_path: Path) -> None:
    written = SHOP.read_text("utf-8")
    got = answers(way, sources("shop"), [asked(talk) for talk in talks(written)], tmp_path)
    text = "\n\n".join(map(told, talks(written), got)) + "\n"
    if os.environ.get("CONDUIT_GOLDEN") == "update" and way == WAYS[0]:
        SHOP.write_text(text, "utf-8")
    assert text.split("\n\n") == SHOP.read_text("utf-8").split("\n\n")


@pytest.mark.parametrize("way", WAYS)
def test_hello(way: str, tmp_path: Path) -> None:
    requests = [request("GET", "/"), request("GET", "/users/a%20b"), request("DELETE", "/")]
    got = answers(way, sources("hello"), requests, tmp_path)
    assert [(status, body) for status, _, body in got[:2]] == [
        (200, '{"message":"Hello, World!"}'),
        (200, '{"user_id":"a b"}'),
    ]
    assert got[2][0] == 405
    assert dict(got[2][1])["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("way", WAYS)
def test_asgi_middleware_stands_around_everything(way: str, tmp_path: Path) -> None:
    requests = [request("GET", "/"), request("GET", "/none"), request("GET", "/long", accept_encoding="gzip")]
    got = answers(way, sources("gateway"), requests, tmp_path)
    assert [status for status, _, _ in got] == [200, 404, 200]
    assert all(dict(headers)["x-gateway"] == "north" for _, headers, _ in got)
    assert dict(got[2][1])["content-encoding"] == "gzip"
