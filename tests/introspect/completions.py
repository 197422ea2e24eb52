"""A stand-in for a paid model: a local server that speaks chat completions, both ways as published.

``REQUEST`` and ``RESPONSE`` are what CreateChatCompletionRequest and CreateChatCompletionResponse of the
published OpenAPI document require, and the types of what is used here.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from jsonschema import validate

_TEXT = {"type": "string"}
_SAID = {"properties": {"content": _TEXT}, "required": ["content"]}
REQUEST: dict[str, Any] = {
    "type": "object",
    "required": ["model", "messages"],
    "properties": {
        "model": _TEXT,
        "messages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["role"],
                "properties": {"role": {"enum": ["developer", "system", "user", "assistant", "tool"]}},
                "if": {"properties": {"role": {"const": "assistant"}}},
                "else": _SAID,
            },
        },
        "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2},
        "n": {"type": ["integer", "null"], "minimum": 1},
        "stream": {"type": ["boolean", "null"]},
    },
}
RESPONSE: dict[str, Any] = {
    "type": "object",
    "required": ["choices", "created", "id", "model", "object"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "chat.completion"},
        "created": {"type": "integer"},
        "model": _TEXT,
        "choices": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["finish_reason", "index", "message", "logprobs"],
                "properties": {
                    "finish_reason": {
                        "enum": ["stop", "length", "tool_calls", "content_filter", "function_call"]
                    },
                    "index": {"type": "integer"},
                    "logprobs": {"type": ["object", "null"]},
                    "message": {
                        "type": "object",
                        "required": ["role", "content", "refusal"],
                        "properties": {
                            "role": {"const": "assistant"},
                            "content": {"type": ["string", "null"]},
                            "refusal": {"type": ["string", "null"]},
                        },
                    },
                },
            },
        },
    },
}


class Heard(NamedTuple):
    """One request: its path, its bearer token, and its body."""

    path: str
    token: str
    body: dict[str, Any]


class Stand(NamedTuple):
    """Where the server is, and all that it heard."""

    url: str
    heard: list[Heard]


@contextmanager
def standing_in(says: Callable[[list[dict[str, Any]]], str], busy: int = 0) -> Iterator[Stand]:
    """``says`` makes an answer of the messages; the first ``busy`` requests are refused with 429."""
    heard: list[Heard] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            validate(body, REQUEST)
            assert self.headers["Content-Type"] == "application/json"
            heard.append(Heard(self.path, self.headers.get("Authorization", ""), body))
            if len(heard) <= busy:
                self.answer(
                    429, {"error": {"message": "busy", "type": "requests", "param": None, "code": None}}
                )
                return
            message = {"role": "assistant", "content": says(body["messages"]), "refusal": None}
            choice = {"finish_reason": "stop", "index": 0, "message": message, "logprobs": None}
            made = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000}
            answer = {**made, "model": body["model"], "choices": [choice]}
            validate(answer, RESPONSE)
            self.answer(200, answer)

        def answer(self, status: int, body: dict[str, Any]) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None:
            """Nothing: the test's output is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Stand(f"http://127.0.0.1:{server.server_port}/v1", heard)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
