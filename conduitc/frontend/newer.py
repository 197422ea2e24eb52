"""A source that Python refuses → whether it is wrong, or only newer than the running Python.

libcst reads the syntax of later Pythons too, so what it accepts and ``ast`` does not is newer. It is asked
only where Python's message leaves that open, in the child process of ``rewrite``.
"""

from __future__ import annotations

import ast
import json
import re
import sys

from conduitc.diagnostics import Rule
from conduitc.frontend.source import Refused, Source

NEWER = Rule(
    code="CDT122",
    slug="newer-syntax",
    severity="warning",
    message="{name} is written for a Python newer than {version}: {why}",
    docs=(
        "The Python that runs the compiler cannot read this module, so nothing is known of it: what it "
        "declares is left out, and what others import from it counts as unknown. Importing it fails under "
        "this Python. Run the compiler with the Python that the app is for."
    ),
    bad="",
    good="",
)

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

#: How Python's messages about syntax start that it does not know.
_OPEN = (
    "invalid syntax",
    "f-string",
    "expected ",
    "multiple exception types",
    "unterminated string",
    "unmatched",
)
#: What only a later Python reads: ``type X``, ``def f[T]``, ``except A, B``, f- and t-strings.
_HINT = re.compile(
    r"^\s*type\s+\w|\b(?:def|class)\s+\w+\s*\[|^\s*except\b.*,|\b[fFtT][rR]?['\"]|\b[rR][fFtT]['\"]"
)
#: Longer texts are not shown to libcst, nor any for longer than this.
_LENGTH, _SECONDS = 500_000, 5.0


def is_newer(refused: Refused) -> bool:
    """Whether a later Python may accept what this one refused."""
    fault = refused.diagnostics[0]
    if not fault.message.startswith(_OPEN) or len(refused.text) > _LENGTH:
        return False
    if not _HINT.search(refused.text.split("\n")[fault.span.line - 1]):
        return False
    from conduitc.frontend.rewrite import run_child  # most programs never need it

    output, _ = run_child(json.dumps([(refused.text, None, False)]) + "\n", _SECONDS)
    return output.endswith("\n") and json.loads(output)[0] == refused.text


def without_syntax(refused: Refused, file: str) -> Source:
    """A source of which nothing is known but its text."""
    text = refused.text
    return Source(file, text, refused.sha256, ast.Module([], []), text.split("\n"), not text.isascii())
