"""A client that asks at a steady rate over one connection, and what became of its questions."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

TOKEN = "t" * 32
#: Upper ends of the classes of latencies: from 10 µs on, each a tenth above the one before.
_CLASSES = [1e-5 * 1.1**step for step in range(180)]
_PATIENCE = 10.0


class Figures:
    """Of all questions to one server."""

    def __init__(self) -> None:
        self.asked = self.answered = self.again = 0
        self.failed: Counter[str] = Counter()
        self._classes = [0] * (len(_CLASSES) + 1)

    def took(self, seconds: float) -> None:
        low, high = 0, len(_CLASSES)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if _CLASSES[middle] < seconds else (low, middle)
        self._classes[low] += 1

    def at(self, share: float) -> float:
        """The seconds within which that share was answered."""
        wanted, found = share * sum(self._classes), 0
        for place, count in enumerate(self._classes):
            found += count
            if found >= wanted:
                return _CLASSES[min(place, len(_CLASSES) - 1)]
        return 0.0


class Client:
    """Asks ``addresses`` one after the other, ``rate`` a second."""

    def __init__(self, port: int, addresses: Sequence[str], rate: float, figures: Figures) -> None:
        self._port = port
        self._requests = [request(one) for one in addresses]
        self._rate = rate
        self._figures = figures
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self, until: float) -> None:
        """Until that time. A question that is late is asked at once: the rate holds on the whole."""
        began, number = time.monotonic(), 0
        while True:
            due = began + number / self._rate
            now = time.monotonic()
            if due >= until:
                break
            if due > now:
                await asyncio.sleep(due - now)
            await self._ask(self._requests[number % len(self._requests)])
            number += 1
        self._leave()

    async def _ask(self, raw: bytes) -> None:
        figures, began = self._figures, time.monotonic()
        figures.asked += 1
        for turn in (1, 2):
            try:
                status = await asyncio.wait_for(self._exchange(raw), _PATIENCE)
            except (OSError, EOFError, TimeoutError) as error:
                self._leave()
                if turn == 1:
                    figures.again += 1
                else:
                    figures.failed[type(error).__name__] += 1
                continue
            if status in (200, 404):  # the other metadata lacks some of what is asked about
                figures.answered += 1
                figures.took(time.monotonic() - began)
            else:
                figures.failed[str(status)] += 1
            return

    async def _exchange(self, raw: bytes) -> int:
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._ends
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        return int(head[9:12])

    def _leave(self) -> None:
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


def request(address: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {TOKEN}\r\n\r\n".encode()


async def reachable(port: int, address: str) -> bool:
    """Whether a fresh connection gets an answer that is no error of the server's. As clients do, it tries
    once more where its worker ended under it."""
    for _ in range(2):
        figures = Figures()
        client = Client(port, [address], 1, figures)
        await client._ask(request(address))
        client._leave()
        if figures.answered:
            return True
    return False
