"""A process of its own: a build, a protocol and a transport that only records; bytes in, what happened out.

``memory.py DIST HTTP`` reads a JSON list of jobs from stdin. Each has ``raw`` (base64) and ``cuts``, a list
of runs: places to cut at, or ``"bytes"``, a run with every byte alone, or ``"each"``, a run for
every single place. It writes a list for each job: what came of the whole, then what came of each run that
came out otherwise, with its cuts.
"""

import asyncio
import base64
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

_DATE = re.compile(rb"\r\ndate: [^\r]*", re.IGNORECASE)
#: Turns of the loop without anything written after which nothing more will come.
_QUIET = 12


class Recorder(asyncio.Transport):
    """A transport that records what is written and whether reading is paused."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__({"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 80)})
        self._loop = loop
        self.protocol: Any = None
        self.written = bytearray()
        self.paused = self.half = self.closing = self.lost = False

    def write(self, data: Any) -> None:
        assert not self.half, "written after the end"
        if not self.closing:
            self.written += data

    def writelines(self, pieces: Any) -> None:
        self.write(b"".join(pieces))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.half = True

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        if not self.closing:
            self.closing = True
            self._loop.call_soon(self._lose)

    abort = close

    def _lose(self) -> None:
        self.lost = True
        self.protocol.connection_lost(None)

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def is_reading(self) -> bool:
        return not self.paused and not self.closing

    def get_write_buffer_size(self) -> int:
        return 0

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return 0, 1 << 16

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: Any) -> None:
        self.protocol = protocol

    def get_protocol(self) -> Any:
        return self.protocol


class Bench:
    """Makes a connection for each run, on one configuration."""

    def __init__(self, http: str) -> None:
        from uvicorn import Config
        from uvicorn.server import ServerState

        self.config = Config("app:app", http=http, lifespan="off", log_level="critical")
        self.config.load()
        self.state = ServerState()

    async def run(self, pieces: Iterator[bytes]) -> tuple[bytes, bool]:
        """What was written, and whether the connection was ended."""
        loop = asyncio.get_running_loop()
        make: Any = self.config.http_protocol_class
        transport = Recorder(loop)
        protocol = make(config=self.config, server_state=self.state, app_state={}, _loop=loop)
        transport.protocol = protocol
        protocol.connection_made(transport)
        for piece in pieces:
            for _ in range(_QUIET):
                if not transport.paused:
                    break
                await asyncio.sleep(0)
            if transport.closing or transport.half or transport.paused:
                break
            try:
                transport.protocol.data_received(piece)
            except AssertionError as error:  # of uvicorn's WebSockets; a loop ends the connection then
                if type(transport.protocol).__module__.startswith("conduit"):
                    raise
                print(repr(piece), repr(error), file=sys.stderr)
                transport.close()
            await asyncio.sleep(0)
        await self.settle(transport)
        written, ended = bytes(transport.written), transport.closing or transport.half
        transport.close()
        while not transport.lost:
            await asyncio.sleep(0)
        return written, ended

    async def settle(self, transport: Recorder) -> None:
        size, quiet = -1, 0
        while quiet < _QUIET:
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(transport.written) == size else 0
            size = len(transport.written)


def cut(raw: bytes, places: list[int]) -> Iterator[bytes]:
    last = 0
    for place in [*places, len(raw)]:
        if raw[last:place]:
            yield raw[last:place]
        last = place


def runs(raw: bytes, cuts: Any) -> Iterator[list[int]]:
    for one in cuts:
        if one == "bytes":
            yield list(range(1, len(raw)))
        elif one == "each":
            yield from ([place] for place in range(1, len(raw)))
        else:
            yield one


def finals(written: bytes) -> bytes:
    """Without 100 Continue, which whoever has the body already need not send, and without the date."""
    kept = written.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    return _DATE.sub(b"", kept)


async def work(http: str, jobs: list[dict[str, Any]]) -> list[Any]:
    bench = Bench(http)
    told = []
    for job in jobs:
        raw = base64.b64decode(job["raw"])
        whole, ended = await bench.run(iter([raw]))
        found = [[base64.b64encode(whole).decode(), ended]]
        for places in runs(raw, job.get("cuts", ())):
            written, fate = await bench.run(cut(raw, places))
            if (finals(written), fate) != (finals(whole), ended):
                found.append([base64.b64encode(written).decode(), fate, places[:20]])
        told.append(found)
    return told


def main() -> None:
    dist, http = sys.argv[1:]
    sys.path.insert(0, dist)
    print(json.dumps(asyncio.run(work(http, json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
