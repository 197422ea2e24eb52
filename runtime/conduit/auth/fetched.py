"""An issuer's keys, from its address: fetched when first needed, kept, and fetched again now and then.

In: an https address. Out: ``keys``. One fetch is under way at a time, off the event loop's thread, for all
that wait; however many tokens name keys that nobody has, fetches have a distance.
"""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import DecodeError
from msgspec.json import decode

from conduit.http.errors import HTTPError
from conduit.http.threads import in_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conduit.auth.keys import Key

#: Seconds: how long a fetch may take; between two of them; after one that failed.
FETCH_SECONDS = 10.0
DISTANCE_SECONDS = 30.0
RETRY_SECONDS = 5.0
#: Seconds after which keys are fetched again, and after which they are no good where that fails.
FRESH_SECONDS = 600.0
LIFE_SECONDS = 86_400.0
#: Bytes of a key set.
MOST_BYTES = 1 << 18


class Unfetched(Exception):
    """The keys did not come; the message is for the log."""


class Given:
    """Keys that are known from the start."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = keys

    def wants(self, name: str | None) -> bool:
        """There is nothing to fetch."""
        return False

    async def fetch(self) -> None:
        """There is nothing to fetch."""


class Fetched:
    """Keys that are at ``address``; where ``algorithm`` is given, those that are good for it."""

    def __init__(self, address: str, algorithm: str | None = None) -> None:
        self.keys: Sequence[Key] = ()
        self._address = address
        self._algorithm = algorithm
        self._came = 0.0
        self._next = 0.0
        self._task: asyncio.Task[None] | None = None

    def wants(self, name: str | None) -> bool:
        """Whether keys have to be fetched for a token that names this one."""
        if not self.keys or monotonic() - self._came > FRESH_SECONDS:
            return True
        return name is not None and all(one.id not in (name, None) for one in self.keys)

    async def fetch(self) -> None:
        """Have the keys, new ones if they come.

        Raises:
            HTTPError: 503, there are none.
        """
        under_way = self._task
        if (under_way is None or under_way.done()) and monotonic() >= self._next:
            under_way = self._task = asyncio.create_task(self._fetch())
        if under_way is not None:
            await asyncio.shield(under_way)  # who leaves does not take it from the others
        if not self.keys or monotonic() - self._came > LIFE_SECONDS:
            raise HTTPError(
                503, "the keys that tokens are verified with cannot be had now", {"retry-after": "5"}
            )

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                self.keys = self._read(await in_thread(download, self._address))
        except (Unfetched, TimeoutError) as error:
            self._next = monotonic() + RETRY_SECONDS
            place = urlsplit(self._address)
            why = str(error) or "it took too long"
            logging.getLogger("conduit").warning(
                "the keys at %s%s cannot be fetched: %s", place.hostname, place.path, why
            )
        else:
            self._came = monotonic()
            self._next = self._came + DISTANCE_SECONDS

    def _read(self, data: bytes) -> Sequence[Key]:
        from conduit.auth.keys import of_set

        try:
            document = decode(data)
        except (DecodeError, RecursionError):
            raise Unfetched("what came is not JSON") from None
        found = of_set(document, self._algorithm) if isinstance(document, dict) else ()
        if not found:
            raise Unfetched("what came holds no key that can be used")
        return found


def download(address: str) -> bytes:
    """What stands at an address. No redirect is followed: the keys are where the app says, or nowhere.

    Raises:
        Unfetched: nothing usable came.
    """
    from http.client import HTTPConnection, HTTPException, HTTPSConnection

    parts = urlsplit(address)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    until = monotonic() + FETCH_SECONDS
    data = bytearray()
    try:
        connection = make(parts.hostname or "", parts.port, timeout=FETCH_SECONDS / 2)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={"accept": "application/json", "user-agent": "conduit"})
            response = connection.getresponse()
            if response.status != 200:
                raise Unfetched(f"the answer is {response.status}")
            while piece := response.read1(1 << 16):
                data += piece
                if len(data) > MOST_BYTES or monotonic() > until:
                    raise Unfetched("it is too large" if len(data) > MOST_BYTES else "it took too long")
        finally:
            connection.close()
    except (OSError, HTTPException, ValueError) as error:
        raise Unfetched(f"{type(error).__name__}: {error}") from None
    return bytes(data)


Keyring = Given | Fetched
