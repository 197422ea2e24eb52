"""A model behind an OpenAI-compatible URL: messages in, text out, with the standard library only.

``POST {url}/chat/completions`` with ``model`` and ``messages``; the answer is ``choices[0].message.content``.
"""

import http.client
import json
import re
import time
from typing import NamedTuple
from urllib.parse import urlsplit

#: A message: its role (system, user, assistant) and its content.
Message = dict[str, str]
_BUSY = (429, 502, 503, 504)
_TRIES = 4
_PATIENCE = 20.0
_FENCE = re.compile(r"```[a-zA-Z]*\n(.*?)^```", re.DOTALL | re.MULTILINE)


class ChatError(Exception):
    """The model could not be asked, or did not answer with text."""


class Model(NamedTuple):
    """Where a model is; ``key`` is sent as a bearer token, and only there."""

    url: str
    name: str
    key: str = ""
    timeout: float = 600.0

    def complete(self, messages: list[Message]) -> str:
        """What the model says next. One that is busy is asked again, three times.

        Raises:
            ChatError: no answer, or none with text.
        """
        body = json.dumps({"model": self.name, "messages": messages}).encode()
        for attempt in range(_TRIES):
            status, wait, answer = self._posted(body)
            if status not in _BUSY or attempt == _TRIES - 1:
                break
            time.sleep(min(wait if wait is not None else 2.0**attempt, _PATIENCE))
        if status != 200:
            raise ChatError(f"{status}: {answer[:300].decode(errors='replace')}")
        try:
            said = json.loads(answer)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError):
            raise ChatError("the answer is no chat completion") from None
        if not isinstance(said, str):
            raise ChatError("the model gave no text")
        return said

    def _posted(self, body: bytes) -> tuple[int, float | None, bytes]:
        """Status, seconds to wait where the server says so, and body."""
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body, headers)
            response = connection.getresponse()
            wait = response.getheader("Retry-After", "")
            return response.status, float(wait) if wait.isdigit() else None, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ChatError(f"{parts.hostname}: {error or type(error).__name__}") from error
        finally:
            connection.close()


def code_of(said: str) -> str:
    """The first block of code in an answer, or all of it where there is none."""
    found = _FENCE.search(said)
    return found[1] if found else said
