"""URI templates (RFC 6570, ``{name}`` and ``{+name}``): their variables, and the pattern they match.

``{name}`` stands for text without a slash, ``{+name}`` for any text.
"""

import re

_VARIABLE = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}")


def variables(uri: str) -> tuple[str, ...]:
    """The names in braces, in order."""
    return tuple(name for _, name in _VARIABLE.findall(uri))


def pattern(uri: str) -> str:
    """A regular expression for the URIs that a template stands for, a group a variable."""
    found, at = [], 0
    for match in _VARIABLE.finditer(uri):
        found.append(re.escape(uri[at : match.start()]))
        found.append("(.+)" if match[1] else "([^/]+)")
        at = match.end()
    return "".join([*found, re.escape(uri[at:])])
