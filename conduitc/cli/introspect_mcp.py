"""``conduitc introspect METADATA|APP mcp [--audit FILE]``: the questions as tools of MCP, over pipes.

A build is asked as it stands: another metadata.json in its place is read for the next question. A source file
is analysed before the first question, and again when one of the files that it is made of has changed.
"""

from __future__ import annotations

import os
import sys

from conduit.introspect.codebase import Codebase
from conduit.introspect.errors import MetadataError
from conduit.introspect.store import locate
from conduit.introspect.tools.answering import Answering
from conduit.introspect.tools.current import Current, Derived
from conduit.introspect.tools.pipes import serve_pipes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from conduit.introspect.tools.answering import Note

    from conduitc.kept import Kept


def mcp_command(target: str, audit: str | None) -> int:
    """Serve until stdin ends; 2 where there is nothing to ask, or the audit cannot be written."""
    try:
        note = None if audit is None else _noting(audit, target)
        codebase = _current(target)
        codebase()
    except MetadataError as error:
        return _refuse(f"{target}: {error}")
    except OSError as error:
        return _refuse(f"{audit}: cannot be written: {error.strerror}")
    return serve_pipes(Answering(codebase, note))


def _current(target: str) -> Callable[[], Codebase]:
    path = _located(target)
    if path is not None:
        return Current(path)
    from conduitc.kept import Kept

    kept = Kept()
    return Derived(lambda: _derived(target, kept))


def _refuse(why: str) -> int:
    from conduit.introspect.tables import plain

    print(f"conduitc introspect: {plain(why)}", file=sys.stderr)
    return 2


def _located(target: str) -> str | None:
    """The metadata.json that is meant; None for a source.

    Raises:
        MetadataError: one is named, and there is none.
    """
    path = locate(target)
    if path is None and not os.path.exists(target):
        from conduitc.cli.served import mend

        mend(target)
        path = locate(target)
    if path is None and target.endswith(".json"):
        raise MetadataError("no such file")
    return path


def _derived(target: str, kept: Kept) -> tuple[Codebase, list[str]]:
    from conduitc import curation
    from conduitc.cli.introspect import metadata_of
    from conduitc.driver import analyse

    analysis = analyse(target, kept=kept)
    if analysis.app is None or analysis.project is None:
        first = next(iter(analysis.diagnostics), None)
        why = "" if first is None else f": {first.span.file}:{first.span.line} {first.message}"
        raise MetadataError(f"cannot be analysed now{why}")
    root = analysis.project.root
    read = [scope.source.file for scope in analysis.project.scopes.values() if scope.source.file]
    read.append(str(curation.file_of(root)))  # it may not be there yet
    return Codebase(metadata_of(analysis, kept)), [os.path.join(root, file) for file in read]


def _noting(audit: str, target: str) -> Note:
    """What writes the audit's lines.

    Raises:
        OSError: the file cannot be opened for writing.
    """
    from conduit.introspect.audit import Audit

    lines = Audit(audit)

    def note(way: str, query: str, arguments: dict[str, Any], outcome: str) -> None:
        lines.write(way, query, arguments, outcome, target=target)

    return note
