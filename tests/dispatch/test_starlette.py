"""On what the two routers have in common, the installed Starlette finds the same routes and values.

In common are paths without escapes, ``str``, ``path``, unsigned ``int`` and ``uuid``; Starlette takes the
first route declared, so it is given the most specific first.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.reference import Case, Part, free_of_conflicts
from tests.dispatch.tables import lowered, python_finders, status
from tests.dispatch.test_differential import EVERY_RUN_THE_SAME

starlette = pytest.importorskip("starlette")

STATICS = ("users", "me", "a", "b", "files", "7", "übung")
VALUES = {
    "int": ("0", "7", "123456789012345678", "-7", "x7"),
    "uuid": ("12345678-1234-5678-1234-567812345678", "12345678-1234-5678-1234"),
    "str": ("x", "me", "a b", "日本"),
    "path": ("", "x", "x/y", "x//"),
}

_PART = st.sampled_from(
    [Part("static", text) for text in STATICS]
    + [Part(kind) for kind in ("int", "uuid", "str") for _ in range(3)]
)
_TAIL = st.sampled_from(((), (), (Part("path"),)))
_PARTS = st.builds(lambda head, tail: (*head, *tail), st.lists(_PART, min_size=1, max_size=4), _TAIL)
_CASE = st.builds(Case, st.sampled_from((("GET",), ("GET",), ("POST",), ("GET", "POST"))), _PARTS)


def template(case: Case) -> str:
    return "".join(
        f"/{part.text}" if part.kind == "static" else f"/{{p{place}:{part.kind}}}"
        for place, part in enumerate(case.parts)
    )


def in_starlette(table: Sequence[Case], requests: Sequence[tuple[str, str]]) -> list[Any]:
    """Status, number of the route, and path values in order, for every request."""
    from starlette.routing import Route, Router

    seen: list[Any] = []

    def endpoint(number: int) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            seen.append((200, (number, *scope["path_params"].values())))

        class App:
            """Starlette calls a class instance as an ASGI app, a function as a handler."""

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                await answer(scope, receive, send)

        return App()

    order = sorted(range(len(table)), key=lambda number: table[number].kinds())
    routes = [Route(template(table[n]), endpoint(n), methods=list(table[n].methods)) for n in order]
    router = Router(routes, redirect_slashes=False)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append((message["status"], None))

    async def ask_all() -> None:
        for method, path in requests:
            scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
            before = len(seen)
            await router(scope, None, send)  # type: ignore[arg-type]
            assert len(seen) == before + 1

    asyncio.run(ask_all())
    return seen


def paths(dice: random.Random, table: Sequence[Case]) -> str:
    texts = []
    for part in dice.choice(table).parts:
        kind = part.kind if dice.random() < 0.8 else dice.choice(tuple(VALUES))
        texts.append(part.text if kind == "static" else dice.choice(VALUES[kind]))
    return "/" + "/".join(texts)


@settings(EVERY_RUN_THE_SAME, max_examples=150)
@given(table=st.lists(_CASE, min_size=1, max_size=12).map(free_of_conflicts), seed=st.integers(0, 2**32))
def test_same_as_starlette(table: list[Case], seed: int) -> None:
    dice = random.Random(seed)
    # A signed int and an empty str are ours to define.
    requests = [(dice.choice(("GET", "HEAD", "POST")), paths(dice, table)) for _ in range(50)]
    requests = [(method, path) for method, path in requests if "/-" not in path and "//" not in path]
    finders = python_finders(lowered(table), table)
    for (method, path), theirs in zip(requests, in_starlette(table, requests), strict=True):
        hit = finders[method][0](path) if method in finders else None
        assert (status(finders, method, path)[0], hit) == theirs, (method, path)
