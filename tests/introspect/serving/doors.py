"""A door without a server: requests are made by hand."""

import json
from pathlib import Path
from typing import Any

from conduit.http.delivery import messages_of
from conduit.introspect.audit import Audit
from conduit.introspect.codebase import Codebase
from conduit.introspect.serving.callers import Callers
from conduit.introspect.serving.door import Door, Later
from conduit.introspect.serving.guards import Guards
from conduit.introspect.serving.rate import rate_of
from conduit.introspect.serving.source import Source
from conduit.introspection import Introspection

from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP

TOKEN = "a-token-of-the-tests"
OTHER = "another-token-of-the-tests"
METADATA = emit_metadata(SHOP).encode()


class Asked:
    """An answer: status, headers by name, and what the JSON in it says."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def said(self) -> Any:
        return json.loads(self.body)


class Tried:
    """A door, its audit, and the two ways to switch it off."""

    def __init__(
        self,
        folder: Path,
        *,
        rate: str = "1000/second",
        memory: float = 100,
        metadata: bytes = METADATA,
        source: Source | None = None,
    ) -> None:
        self.settings = Introspection(enabled=True, memory_limit_mb=memory)
        self.log = folder / "audit.log"
        self.off = folder / "introspect.off"
        self.source = source or Source("the app", lambda: (metadata, None), lambda: True)
        self.guards = Guards(
            self.settings,
            Callers([TOKEN, OTHER], rate_of(rate)),
            Audit(str(self.log)),
            self.source,
            str(self.off),
        )
        self.door = Door(self.guards)
        if source is None:
            self.source.load()

    def ask(
        self,
        path: str,
        query: str = "",
        *,
        headers: list[tuple[bytes, bytes]] | None = None,
        head: bool = False,
    ) -> Asked:
        """``path`` as it stands below ``/introspect/v1/``, decoded."""
        scope = scope_of(path, query, headers)
        scope["method"] = "HEAD" if head else "GET"
        answer = self.door.serve(scope, (None, path) if path else (None,))
        assert not isinstance(answer, Later), "it is to be waited for"
        return asked(answer, head)

    def audit(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def asked(answer: Any, head: bool = False) -> Asked:
    start, body = messages_of(answer, head)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Asked(start["status"], headers, body["body"])


def scope_of(path: str, query: str = "", headers: list[tuple[bytes, bytes]] | None = None) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "GET",
        "path": f"/introspect/v1/{path}",
        "query_string": query.encode(),
        "client": ("192.0.2.7", 1234),
        "headers": bearer(TOKEN) if headers is None else headers,
    }


def bearer(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {token}".encode())]


class Slow(Codebase):
    """Answers nothing; ``answer`` is replaced by the tests."""

    def __init__(self) -> None:
        super().__init__(METADATA)
