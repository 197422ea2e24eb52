"""A person's words (docstrings, comments, messages) in → the same without what must not be published.

That is secrets, home folders and personal data.
"""

from conduitc.codegen.metadata import personal
from conduitc.ir import secrets


def publishable(text: str) -> bool:
    """May ``text`` be shown as it is?"""
    return redact(text) == text


def redact(text: str) -> str:
    """``text`` with what must not be published replaced by ``[redacted]``."""
    text = secrets.redact(text)
    found = personal.spans(text)
    return secrets.without(text, found) if found else text
