"""The server's side of ASGI's lifespan, for servers of ours."""

from __future__ import annotations

import asyncio
import sys
from typing import Any


class Lifespan:
    """The server's side of ASGI's lifespan."""

    def __init__(self, app: Any) -> None:
        self.state: dict[str, Any] = {}
        self._asked: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self._task = asyncio.ensure_future(self._speak(app))

    async def _speak(self, app: Any) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        try:
            await app(scope, self._asked.get, self._told.put)
        except BaseException as error:
            await self._told.put({"type": "failed", "message": repr(error)})

    async def step(self, name: str) -> bool:
        """Whether the app came through ``startup`` or ``shutdown``."""
        if self._task.done():
            return False
        await self._asked.put({"type": f"lifespan.{name}"})
        answer = await self._told.get()
        if answer["type"] == f"lifespan.{name}.complete":
            return True
        print(answer.get("message", ""), file=sys.stderr)
        return False
