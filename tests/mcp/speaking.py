"""Messages of MCP as requests, and answers as what they say."""

import json
from typing import Any

from tests.service.ways import Answer, Request, request

VERSION = "2026-07-28"
PREFIX = "io.modelcontextprotocol/"
CLIENT = {"elicitation": {}, "sampling": {}, "roots": {}}
#: Where the subject of a method stands.
SUBJECT = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def meta(**more: Any) -> dict[str, Any]:
    """What each modern request carries."""
    return {f"{PREFIX}protocolVersion": VERSION, f"{PREFIX}clientCapabilities": CLIENT, **more}


def message(method: str, id: Any = 1, **params: Any) -> dict[str, Any]:
    """A request, modern unless ``_meta=None``."""
    carried = params.pop("_meta", {})
    if carried is not None:
        params["_meta"] = {**meta(), **carried}
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


def headers(told: dict[str, Any]) -> dict[str, str]:
    """Those that a modern request mirrors its body in."""
    found = {"MCP_Protocol_Version": VERSION, "Mcp_Method": told["method"], "host": "localhost:8000"}
    subject = SUBJECT.get(told["method"])
    if subject is not None and subject in told["params"]:
        found["Mcp_Name"] = told["params"][subject]
    return found


def post(told: Any, **more: str) -> Request:
    """A POST of a message, or of any text, with just these headers."""
    text = told if isinstance(told, str) else json.dumps(told)
    return request("POST", "/mcp", text, **{"host": "localhost:8000", **more})


def modern(method: str, id: Any = 1, **params: Any) -> Request:
    """A modern request as it should be."""
    told = message(method, id, **params)
    return post(told, **headers(told))


def legacy(method: str, id: Any = 1, **params: Any) -> Request:
    """A request of before."""
    return post(message(method, id, _meta=None, **params), MCP_Protocol_Version="2025-11-25")


def said(answer: Answer) -> list[dict[str, Any]]:
    """The messages of an answer, be it JSON or a stream of events."""
    text = answer[2].encode("latin-1").decode()
    if any(value == "text/event-stream" for _, value in answer[1]):
        lines = [line for line in text.split("\n") if line.startswith("data: ")]
        return [json.loads(line.removeprefix("data: ")) for line in lines]
    return [json.loads(text)]


def result(answer: Answer) -> dict[str, Any]:
    """The result that the last message of an answer holds."""
    last = said(answer)[-1]
    assert "result" in last, last
    found: dict[str, Any] = last["result"]
    return found


def error(answer: Answer) -> tuple[int, int]:
    """The status of an answer, and the code of its error."""
    return answer[0], said(answer)[-1]["error"]["code"]
