"""Every official client and check against our builds: ``python -m tests.mcp.conformance [--write PAGE]``.

The conformance suite against examples/everything, the official client in every revision and the inspector's
command line against small programs: both targets, over each way. Needs npm. Prints the page, and writes it
where all is well; exits 1 where anything failed. The page says nothing of when it was made: it changes when a
result does.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from conduitc import toolchain
from tests.cli.servers import environment, until
from tests.house.test_docs import answers, free_port
from tests.mcp import callers, inspector, npm, official, suite
from tests.mcp.bridge import bridged
from tests.mcp.page import Page
from tests.mcp.programs import EVERYTHING

#: Checks of the suite that ask what only HTTP has: the bridge would have to answer them itself. One is all
#: that its scenario asks.
OF_HTTP = {
    "localhost-host-rebinding-rejected": "the names in Host and Origin (dns-rebinding-protection)",
    "sep-2575-http-server-header-mismatch-400": (
        "headers that contradict a body (one check of server-stateless)"
    ),
}
PIPES, SESSIONS = "pipes, through a bridge", "protocol, with sessions"
WAYS = {
    "2026-07-28": ("protocol", "plain uvicorn", "four workers", PIPES),
    "2025-11-25": ("protocol", "plain uvicorn", SESSIONS, PIPES),
}
#: What is called of each program, with what, and the answer.
Called = tuple[str, dict[str, str], str]
SEARCHED: Called = ("search_database", {"query": "x"}, "Found results for: x")
SIMPLE: Called = ("test_simple_text", {}, "This is a simple text response for testing.")
FOUND: Called = ("search", {"words": "hat"}, '[{"id":1,"name":"hat"}]')


@contextmanager
def serving(dist: Path, way: str) -> Iterator[str]:
    """Serves a build; gives MCP's address."""
    port = free_port()
    ours = [sys.executable, "-m", "conduitc", "run", str(dist), "--port", str(port)]
    commands = {
        "protocol": ours,
        SESSIONS: ours,
        "four workers": [*ours, "--workers", "4"],
        "plain uvicorn": [
            *(sys.executable, "-m", "uvicorn", "--app-dir", str(dist), "app:app"),
            *("--http", "httptools", "--port", str(port)),
        ],
    }
    env = {**environment(), "CONDUIT_SECRET": "of the conformance suite"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(commands[way], env=env, stdout=log, stderr=log)
        try:
            until(lambda: answers(port), lambda: f"{way} does not serve")
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait()


def suites(page: Page, tools: npm.Tools, target: str, folder: Path) -> None:
    """The conformance suite, over each way that both can."""
    dist = callers.build(folder / "everything", EVERYTHING, target)
    with_sessions = EVERYTHING.replace("enable_mcp(", "enable_mcp(sessions=True, ")
    of_sessions = callers.build(folder / "sessions", with_sessions, target)
    for revision in suite.REVISIONS:
        for way in WAYS[revision]:
            build = of_sessions if way == SESSIONS else dist
            place: AbstractContextManager[str] = bridged(dist) if way == PIPES else serving(build, way)
            with place as address:
                found = suite.run(tools, address, revision, OF_HTTP if way == PIPES else ())
            page.suite(target, way, revision, found, int(way == PIPES))


def clients(page: Page, target: str, folder: Path) -> None:
    """The official client, in every revision: it lists and calls, hears of progress, and gives up."""
    for way in official.WAYS:
        searching = callers.build(folder / f"search-{way}", callers.over(way, callers.SEARCH), target)
        with official.reachable(searching, way) as place:
            called = {one: page.tried(partial(_search, place(), one)) for one in official.REVISIONS}
        waiting = callers.build(folder / f"waiting-{way}", callers.over(way, callers.WAITING), target)
        with official.reachable(waiting, way) as place:
            heard = {one: page.tried(partial(_hear, place(), one)) for one in official.REVISIONS}
            given_up = {
                one: page.tried(partial(_give_up, place(), one, folder / f"{way}-{one}"))
                for one in official.tells(way)
            }
        page.client(target, way, called, heard, given_up)


def _search(place: object, revision: str) -> None:
    official.run(place, revision, callers.search)


def _hear(place: object, revision: str) -> None:
    official.run(place, revision, callers.hear)


def _give_up(place: object, revision: str, note: Path) -> None:
    official.run(place, revision, partial(callers.give_up, tool="waits", note=note))


def inspections(page: Page, tools: npm.Tools, target: str, folder: Path) -> None:
    """The inspector lists, lints and calls, in both eras."""
    programs = [
        *(("search", way, callers.over(way, callers.SEARCH), SEARCHED) for way in official.TRANSPORTS),
        *(("everything", way, EVERYTHING, SIMPLE) for way in ("http", "stdio")),
        *(("the guide's shop", way, callers.shop(), FOUND) for way in ("http", "stdio")),
    ]
    for program, way, text, call in programs:
        dist = callers.build(folder / f"{program}-{way}", text, target)
        with inspector.inspected(dist, way) as place:
            listed, called = {}, {}
            for era in inspector.ERAS:
                listed[era] = page.tried(partial(inspector.listed, tools, place, era))
                called[era] = page.tried(partial(_call, tools, place, era, *call))
            page.inspected(target, program, way, listed, called)


def _call(
    tools: npm.Tools, place: list[str], era: str, tool: str, given: dict[str, str], wanted: str
) -> None:
    said = inspector.called(tools, place, era, tool, given)
    assert said == wanted, said


def main(arguments: list[str]) -> int:
    """Try everything; 1 where something was wrong."""
    if why := npm.missing():
        sys.exit(why)
    tools = npm.installed()
    versions = {"suite": npm.SUITE, "inspector": npm.INSPECTOR, "client": version("mcp")}
    page = Page({**versions, "revisions": ", ".join(official.REVISIONS)}, OF_HTTP.values())
    with tempfile.TemporaryDirectory() as name:
        for target in ("python", *(("cython",) if toolchain.available() is None else ())):
            suites(page, tools, target, Path(name) / target)
            clients(page, target, Path(name) / target)
            inspections(page, tools, target, Path(name) / target)
    print(page.text())
    print("\n".join(page.wrong))
    if arguments[:1] == ["--write"] and not page.wrong:
        Path(arguments[1]).write_text(page.text(), encoding="utf-8")
    return 1 if page.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
