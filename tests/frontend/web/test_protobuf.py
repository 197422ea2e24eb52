"""Routes made of the services in modules that the protocol buffer compiler wrote."""

from pathlib import Path

import pytest

from conduitc import frontend
from tests.frontend.programs import write


def varint(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made += bytes([number & 0x7F | 0x80])
        number >>= 7
    return made + bytes([number])


def sized(number: int, data: bytes | str) -> bytes:
    """A field that holds text, bytes or a message."""
    data = data.encode() if isinstance(data, str) else data
    return varint(number << 3 | 2) + varint(len(data)) + data


def plain(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value)


def member(name: str, number: int, kind: int, message: str = "", repeated: bool = False) -> bytes:
    one = sized(1, name) + plain(3, number) + plain(4, 3 if repeated else 1) + plain(5, kind)
    return one + (sized(6, message) if message else b"")


ENDPOINT = sized(1, "Endpoint") + sized(2, member("method", 1, 9)) + sized(2, member("path", 2, 9))
ENDPOINT += sized(2, member("since", 3, 5))
OPTIONS = sized(1, "Options") + sized(2, member("endpoints", 1, 11, ".api.Endpoint", repeated=True))
RPC = member("rpc", 50500, 11, ".api.Options") + sized(2, ".google.protobuf.MethodOptions")
BASE = sized(1, "base.proto") + sized(2, "api") + sized(4, ENDPOINT) + sized(4, OPTIONS) + sized(7, RPC)


def method(name: str, *endpoints: tuple[str, str, int]) -> bytes:
    listed = b"".join(
        sized(1, sized(1, verb) + sized(2, path) + plain(3, since)) for verb, path, since in endpoints
    )
    return sized(2, sized(1, name) + sized(4, sized(50500, listed)))


SHOP = (
    sized(1, "shop.proto")
    + sized(2, "shop")
    + sized(4, sized(1, "Order"))
    + sized(
        6,
        sized(1, "Orders")
        + method("get", ("GET", "/orders/{id}", 2), ("GET", "/order/{id}", 300))
        + method("make", ("POST", "/orders", 2)),
    )
)

PROGRAM = """\
# file: app.py
import re

from flask import Flask

import base_pb2
from shop_pb2 import Order, Orders

HANDLERS = {{Order: 1}}
app = Flask(__name__, static_folder=None)


def endpoints(service):
    found = []
    for one in service.DESCRIPTOR.methods:
        for endpoint in one.GetOptions().Extensions[base_pb2.rpc].endpoints:
            path = re.sub(r"{{(\\w+)}}", r"<\\1>", endpoint.path)
            found.append((f"/v{{endpoint.since}}{{path}}", HANDLERS.get(one), [endpoint.method]))
    return found


for path, handler, methods in endpoints(Orders):
    app.add_url_rule(path, path, handler, methods=methods)
# file: base_pb2.py
from google.protobuf import descriptor_pool as _descriptor_pool

if Version(google.protobuf.__version__).major >= 5:
    DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({base!r})
else:
    DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({base!r})
# file: shop_pb2.py
from google.protobuf import descriptor_pool as _descriptor_pool

if Version(google.protobuf.__version__).major >= 5:
    import base_pb2 as base__pb2
    DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({shop!r})
else:
    import base_pb2 as base__pb2
    DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({shop!r})
"""


def routes(folder: Path, base: bytes, shop: bytes) -> tuple[list[str], int]:
    app = frontend.load(write(folder, PROGRAM.format(base=base, shop=shop))).app
    assert app is not None
    return [f"{','.join(one.methods)} {one.path.text}" for one in app.routes], len(app.unresolved)


def test_routes_of_a_service(tmp_path: Path) -> None:
    assert routes(tmp_path, BASE, SHOP) == (
        [
            "GET,HEAD,OPTIONS /v2/orders/{id}",
            "GET,HEAD,OPTIONS /v300/order/{id}",
            "OPTIONS,POST /v2/orders",
        ],
        0,
    )


@pytest.mark.parametrize("cut", [1, 20, len(SHOP) // 2, len(SHOP) - 1])
def test_what_cannot_be_read_is_not_known(cut: int, tmp_path: Path) -> None:
    found, unresolved = routes(tmp_path, BASE, SHOP[:cut])
    assert found == [] and unresolved == 1


@pytest.mark.parametrize(
    ("pattern", "known"), [(r"(\\w+)x", True), (r"(\\w+)+x", False), (r"((a|b)*c)*", False), ("(", False)]
)
def test_patterns_that_may_take_for_ever_are_not_tried(pattern: str, known: bool, tmp_path: Path) -> None:
    program = f"""\
        import re

        from fastapi import FastAPI

        app = FastAPI(openapi_url=None)
        app.add_api_route(re.sub("{pattern}", "", "/axb"), lambda: 1)
        """
    app = frontend.load(write(tmp_path, program)).app
    assert app is not None and bool(app.routes) == known == (not app.unresolved)
