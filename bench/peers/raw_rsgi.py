"""Granian without a framework: the least Python that answers each workload, named by $WORKLOAD."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

WORKLOAD = os.environ["WORKLOAD"]
JSON = [("content-type", "application/json")]
ROUTES = set(range(0, int(WORKLOAD), 2)) if WORKLOAD.isdigit() else set()


@dataclass
class Item:
    name: str
    price: float
    tags: list[str]
    count: int = 0


encode: Callable[[object], bytes] = msgspec.json.encode
decode = msgspec.json.Decoder(Item).decode


def found(path: str) -> object:
    """What a GET answers; None where there is nothing."""
    if WORKLOAD == "hello":
        return {"message": "Hello, World!"}
    if WORKLOAD == "typed":
        return {"id": int(path.rpartition("/")[2])}
    first, last = path[4:].split("/")
    route = int(first[6:] if last == "items" else first[5:])
    if route not in ROUTES:
        return None
    return {"route": route} if last == "items" else {"route": route, "id": int(last)}


async def app(scope: Any, protocol: Any) -> None:
    answer = decode(await protocol()) if WORKLOAD == "items" else found(scope.path)
    if answer is None:
        protocol.response_empty(404, [])
    else:
        protocol.response_bytes(200, JSON, encode(answer))
