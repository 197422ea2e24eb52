"""What the ways of serving are compared by: programs, and the requests that go to each, in order."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.house.test_examples import SHOP, asked, talks
from tests.http.serving import APPS, ROOT
from tests.service.programs import MIXED
from tests.service.test_three_ways import MIXED_CASES
from tests.service.ways import Request, request

Talk = tuple[Path, list[Request]]


def get(target: str, **headers: str) -> Request:
    return request("GET", target, **headers)


_GETS = (
    "/", "/raise-late", "/events", "/event-stream", "/file", "/download", "/no-file", "/generator",
    "/pieces/0", "/pieces/3", "/pieces/200", "/sized-stream", "/no-pieces", "/fails-first", "/tuple",
    "/refused", "/crash", "/nothing", "/unchanged", "/cookies", "/html", "/redirect", "/big", "/slow",
    "/thread", "/headers", "/query", "/query?q=a&q=b+c&n=1&n=2", "/query?q=%ff", "/query?n=x",
    "/query?q=%zz", "/at/a/end", "/at/a%2Fb/end", "/at/%C3%A9/end", "/at/%ff/end", "/at/%zz/end",
    "/at/%00/end", "/at/a%20b%25/end", "/at//end", "/rest/", "/rest/a/b//c/../d/.", "/rest/a%2Fb/%2e%2e",
    "/slash", "/slash/", "/file/", "/nowhere", "/group/in", "/group/crash", "/group/none", "/any", "/put",
    "/gone", "/body", "/own-head", "/scope", "/scope?a=%20&b", "/scope?", "/%66ile", "/?x=1", "//file",
    "/./file", "/file;v=1", "/file?a=b?c=d", "/~user", "/a|b", "/rest/<a>",
)  # fmt: skip

FEATURES: list[Request] = [
    *map(get, _GETS),
    *(request("HEAD", target) for target in _GETS),
    *(
        request("OPTIONS", target)
        for target in ("/", "/put", "/any", "/nowhere", "/own-head", "/small", "/file/")
    ),
    *(request("POST", target) for target in ("/", "/any", "/nowhere", "/file/", "/slash")),
    *(request(method, "/any") for method in ("DELETE", "PUT", "PATCH", "TRACE", "PROPFIND")),
    request("DELETE", "/gone"),
    request("PUT", "/put", "x"),
    request("PATCH", "/put", "x"),
    request("POST", "/body", ""),
    request("POST", "/body", "é" * 1000),
    request("POST", "/body", "x" * 200_000),
    request("POST", "/json", '{"a":[1,2.5,null,"é"]}'),
    request("POST", "/json", '{"a":'),
    request("POST", "/json", ""),
    request("POST", "/stream", "y" * 100_000),
    request("POST", "/unread", "z" * 3000),
    request("POST", "/small", "0123456789"),
    request("POST", "/small", "0123456789A"),
    request("POST", "/item", '{"b":1,"a":{"c":[]}}'),
    request("POST", "/item", "[1]"),
    request("POST", "/item", "{"),
    *(
        request("POST", "/item", '{"a":1}', content_type=kind)
        for kind in (
            "application/x-www-form-urlencoded",
            "application/json; charset=utf-8",
            "Application/JSON",
            "text/plain",
            "application/problem+json",
            "",
            ";",
        )
    ),
    request("POST", "/item"),
    get("/headers", accept="text/html", x_many="a"),
    get("/scope", x_one="1", cookie="a=b; c=d", user_agent="é"),
    get("/", accept="*/*"),
]

WRAPPED: list[Request] = [
    *(
        get(f"/{name}", **more)
        for name in (
            "", "long", "seen", "stream", "refused", "crash", "nothing", "none", "odd/upper", "odd/teapot",
            "odd/raises",
        )
        for more in ({}, {"accept_encoding": "gzip", "origin": "https://a.example"})
    ),
    *(request("HEAD", target) for target in ("/", "/long", "/stream", "/nothing", "/none")),
    *(request("OPTIONS", target) for target in ("/", "/none")),
    request("OPTIONS", "/body", origin="https://a.example", access_control_request_method="POST"),
    request("OPTIONS", "/body", origin="https://b.example", access_control_request_method="POST"),
    request("POST", "/body", "x" * 5000),
    request("POST", "/body", "x" * 5000, accept_encoding="gzip"),
    request("POST", "/small", "12345678901"),
    request("POST", "/", ""),
]  # fmt: skip

GATEWAY = [
    get(path, **more) for path in ("/", "/none", "/long") for more in ({}, {"accept_encoding": "gzip"})
]


def programs(folder: Path) -> dict[str, Talk]:
    """The programs by name; what is text here is written to ``folder``."""
    mixed = folder / "mixed.py"
    mixed.write_text(MIXED, "utf-8")
    examples = ROOT / "examples"
    shop = [asked(talk) for talk in talks(SHOP.read_text("utf-8"))]
    return {
        "features": (APPS / "features.py", FEATURES),
        "wrapped": (APPS / "wrapped.py", WRAPPED),
        "gateway": (examples / "gateway" / "app.py", GATEWAY),
        "shop": (examples / "shop" / "app.py", shop),
        "mixed": (mixed, [case[0] for case in MIXED_CASES]),
    }


def complete(one: Request) -> tuple[str, str, list[list[str]], str | None]:
    """The request with the fields that HTTP wants, so that every way hears of the same."""
    method, target, pairs, body = one
    listed: list[Any] = [["host", "test"], *pairs]
    if body is not None:
        listed.append(["content-length", str(len(body.encode()))])
    return method, target, listed, body


def on_the_wire(one: Request) -> bytes:
    method, target, pairs, body = complete(one)
    head = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs), "", ""]
    return "\r\n".join(head).encode("latin-1") + (body or "").encode()


def in_process(requests: Sequence[Request]) -> list[Request]:
    return [list(complete(one)) for one in requests]
