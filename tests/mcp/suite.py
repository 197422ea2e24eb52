"""The official conformance suite against one address: ``run`` gives what passed.

What a scenario found is read from the suite's own records, a list of checks for each.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from tests.mcp import npm

REVISIONS = ("2026-07-28", "2025-11-25")
#: How many scenarios decide: a suite that forgets some must not pass.
SCORED = {"2026-07-28": 37, "2025-11-25": 30}
HEADERS = "http-header-validation"
_FOLDER = re.compile(r"server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z")


class Outcome(NamedTuple):
    """Names of the scenarios that decide, what failed in some of them, and the checks of headers."""

    scored: list[str]
    failed: dict[str, list[str]]
    headers: tuple[int, int]

    @property
    def passed(self) -> int:
        return len(self.scored) - len(self.failed)


def scored(tools: npm.Tools, revision: str) -> list[str]:
    """The scenarios that decide whether a server conforms."""
    command = [*tools.suite[:-1], "list", "--requirements", revision]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=npm.environment())
    section = done.stdout.partition("Server scenarios")[2].partition("Client scenarios")[0]
    found = re.findall(r"^  - ([\w-]+)$", section, re.MULTILINE)
    assert len(found) == SCORED[revision], f"the suite scores {len(found)} scenarios: {found}"
    return found


def run(tools: npm.Tools, address: str, revision: str, but: Collection[str] = ()) -> Outcome:
    """All scenarios of a revision; ``but`` are the checks whose failure says nothing about the server."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*tools.suite, "--url", address, "--requirements", revision, "--output-dir", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=npm.environment())
        records = {}
        for record in Path(folder).glob("*/checks.json"):
            named = _FOLDER.fullmatch(record.parent.name)
            assert named, record
            records[named[1]] = json.loads(record.read_text("utf-8"))
    names = scored(tools, revision)
    failed = {
        name: _failures(records[name], but) if name in records else ["it did not run"] for name in names
    }
    failed = {name: several for name, several in failed.items() if several}
    if not but and (done.returncode == 0) != (not failed):
        raise SystemExit(f"the suite ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    checks = [one["status"] for one in records.get(HEADERS, ())]
    return Outcome(names, failed, (checks.count("SUCCESS"), len(checks)))


def _failures(checks: list[dict[str, str]], but: Collection[str]) -> list[str]:
    return [
        f"{one['id']}: {one.get('errorMessage', '')}"
        for one in checks
        if one["status"] == "FAILURE" and one["id"] not in but
    ]
