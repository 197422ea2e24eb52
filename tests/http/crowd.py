"""Clients that ask again and again on connections they keep: what became of every request."""

import threading
from collections import Counter
from typing import Any

from tests.http.client import Client, Closed
from tests.http.serving import Address, request


class Crowd:
    """``size`` clients, each with a connection and a thread of its own.

    ``counts`` has ``answered``; ``lost``, sent on a connection that was accepted, and not answered;
    ``refused``, where nobody listened; and every status.
    """

    def __init__(self, address: Address, size: int, target: str = "/users/7") -> None:
        self.counts: Counter[Any] = Counter()
        self._address = address
        self._raw = request("GET", target)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> Counter[Any]:
        """What there was, all in all."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self._threads)
        return self.counts

    def answered(self) -> int:
        with self._lock:
            return int(self.counts["answered"])

    def _note(self, *what: Any) -> None:
        with self._lock:
            self.counts.update(what)

    def _ask(self) -> None:
        client: Client | None = None
        while not self._over.is_set():
            if client is None:
                try:
                    client = Client(self._address)
                except (ConnectionError, FileNotFoundError):
                    self._note("refused")
                    if self._over.wait(0.01):
                        return
                    continue
            try:
                client.send(self._raw)
                found = client.answer()
            except (TimeoutError, Closed, ConnectionError):
                self._note("lost")
                client.close()
                client = None
                continue
            self._note("answered", found.status)
            if found.closes:
                client.close()
                client = None
        if client is not None:
            client.close()
