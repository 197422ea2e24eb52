"""What was found → the page docs/conformance.md, and what was wrong."""

import re
from collections.abc import Callable, Iterable

from tests.mcp.suite import SCORED, Outcome

HEAD = """# Conformance

Written by `python -m tests.mcp.conformance --write docs/conformance.md`, which `make soak` runs; it needs
npm. Every line is a run against a build of that target, served that way.

## The official suite

`@modelcontextprotocol/conformance@{suite}`, `server --requirements REVISION`, against
[examples/everything](../examples/everything/app.py), without a list of failures to expect. Header checks are
those of `http-header-validation`, which the suite runs and does not score.

The suite speaks HTTP only. For pipes `tests/mcp/bridge.py` stands before `conduitc mcp`: bodies pass through
it as they are; statuses, sessions and event streams are the bridge's. What only HTTP has does not count then:

{of_http}
"""
SUITE = ("target", "served by", "revision", "scenarios", "header checks")
CLIENT = """## The official client

The package `mcp` {client}, held to one revision at a time, of the five that it knows:
{revisions}.

Its programs stand in `tests/mcp/callers.py`. It lists and calls what the program of the language's
description offers: unchanged over `sse`, with another `transport=` over the others (`sessions` is `http` with
`sessions=True`). Of another program it hears how far a call is, and gives one up, which ends the tool. A
message that gives up a call names it by the client's own number: over HTTP, before 2026-07-28, only a session
tells whose that is.
"""
CLIENTS = ("target", "over", "lists and calls", "hears of progress", "gives up")
INSPECTOR = """## The official inspector

`@modelcontextprotocol/inspector@{inspector} --cli`, in both eras that it speaks. Listing lints the schemas;
there is no finding.
"""
INSPECTED = ("target", "program", "over", "`tools/list --strict`", "`tools/call`")


class Page:
    """Rows as they come; ``wrong`` is what failed."""

    def __init__(self, versions: dict[str, str], of_http: Iterable[str]) -> None:
        self._said = {**versions, "of_http": "\n".join(f"- {one}" for one in of_http)}
        self._suite: list[tuple[str, ...]] = []
        self._clients: list[tuple[str, ...]] = []
        self._inspected: list[tuple[str, ...]] = []
        self.wrong: list[str] = []

    def suite(self, target: str, way: str, revision: str, found: Outcome, but: int = 0) -> None:
        """The suite was run; ``but`` scenarios ask nothing there."""
        asked = len(found.scored) - but
        passed = found.passed - but
        where = f"{target}, {way}, {revision}"
        self.wrong += [f"{where}: {name}: {why}" for name, several in found.failed.items() for why in several]
        if len(found.scored) != SCORED[revision]:
            self.wrong.append(f"{where}: {len(found.scored)} scenarios")
        good, checks = found.headers
        told = "" if not checks else "of HTTP" if but else f"{good} of {checks}"
        if checks and not but and good < checks:
            self.wrong.append(f"{where}: header checks {told}")
        self._suite.append((target, way, revision, f"{passed} of {asked}", told))

    def client(self, target: str, transport: str, *found: dict[str, str]) -> None:
        """The client was tried in some revisions, for each of the columns: why it failed, or nothing."""
        self._clients.append((target, transport, *map(self._shown, found)))
        for failed in found:
            self.wrong += [f"{target}, {transport}, {one}: {why}" for one, why in failed.items() if why]

    def _shown(self, found: dict[str, str]) -> str:
        good = [revision for revision, why in found.items() if not why]
        return "all five" if len(good) == 5 else ", ".join(good)

    def inspected(
        self, target: str, program: str, way: str, listed: dict[str, str], called: dict[str, str]
    ) -> None:
        """The inspector listed and called in each era: why that failed, or nothing."""
        eras = [", ".join(era for era, why in found.items() if not why) for found in (listed, called)]
        self._inspected.append((target, program, way, *eras))
        for found in (listed, called):
            self.wrong += [f"{target}, {program}, {way}, {era}: {why}" for era, why in found.items() if why]

    def tried(self, what: Callable[[], object]) -> str:
        """Why it failed; empty where it did not."""
        try:
            what()
        except Exception as error:
            return re.sub(r"\s+", " ", repr(error))
        return ""

    def text(self) -> str:
        """The page."""
        parts = [HEAD, _table(SUITE, self._suite), CLIENT, _table(CLIENTS, self._clients)]
        parts += [INSPECTOR, _table(INSPECTED, self._inspected)]
        return "\n".join(parts).format(**self._said)


def _table(names: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [tuple(names), tuple("---" for _ in names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
