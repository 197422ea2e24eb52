"""The protocol in this process, over a transport that only records."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from conduit import Conduit, File
from conduit.server.settings import Settings

native = pytest.importorskip("conduit.server._native", reason="this installation has no native modules")
single = pytest.importorskip("conduit.server.single", reason="this installation has no native modules")


class Silent(asyncio.Transport):
    """Takes what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False


def worker(app: Any) -> Any:
    loop = asyncio.get_running_loop()
    state, settings = single.State(), Settings()
    return native.Worker(app=app, served=app._served, settings=settings, loop=loop, state=state, app_state={})


def test_a_client_that_leaves_while_its_file_is_opened_is_no_fault(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(1 << 20))
    app = Conduit()

    async def send(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": File(large)._pairs})
        await send({"type": "http.response.pathsend", "path": str(large)})

    app._serve = send

    async def main() -> None:
        made = worker(app)
        connection, transport = made.connect(), Silent()
        connection.connection_made(transport)
        connection.data_received(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        for _ in range(20):
            await asyncio.sleep(0)
            if transport.written:  # the head is sent, and a thread opens the file
                break
        assert transport.written.startswith(b"HTTP/1.1 200 OK\r\n")
        connection.connection_lost(None)
        while tasks := [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]:
            await asyncio.wait(tasks)
        made.close()

    asyncio.run(main())
