"""Why a loop is left to Python."""

from __future__ import annotations


class Refused(Exception):
    """The loop holds something that is not typed; the message says what."""


class NotYetKnown(Refused):
    """The type of a name is not known: perhaps it follows once other assignments have been read."""
