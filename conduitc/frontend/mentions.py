"""Which functions and schemas nothing refers to: their names stand nowhere but where they are defined.

Text, not analysis: a name in a comment or a string counts as a mention, so what is listed here is dead for
certain as far as the project goes, and some of what is dead is not listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from conduitc.ir.nodes import App

_WORD = re.compile(r"\w+")
#: More names than this are looked up among all words of the texts; fewer are searched for one by one.
_MANY = 400


def unmentioned(app: App, texts: Iterable[str]) -> tuple[str, ...]:
    """Ids of schemas, and of module-level functions without decorators, that the App leads nowhere from."""
    reached = {edge.target for edge in app.edges if edge.source != edge.target}
    reached |= {hook.function for hook in app.hooks}
    reached |= {one.function for one in app.middleware if one.function is not None}
    named = [(schema.id, schema.name) for schema in app.schemas if schema.id not in reached]
    named += [
        (one.id, one.name)
        for one in app.functions
        if one.id not in reached
        and one.name == one.qualname
        and not one.decorators
        and not (one.name.startswith("__") or one.name == "main")
    ]
    if not named:
        return ()
    whole = list(texts)
    if len(named) > _MANY:
        words = Counter(word for text in whole for word in _WORD.findall(text))
        return tuple(id_ for id_, name in named if words[name] <= 1)
    return tuple(id_ for id_, name in named if _once(name, whole))


def _once(name: str, texts: list[str]) -> bool:
    """Whether ``name`` stands in the texts once at most, as a whole word; a second ends the search."""
    seen = 0
    for text in texts:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            around = text[start - 1 : start] + text[end : end + 1]
            if not any(one.isalnum() or one == "_" for one in around):
                seen += 1
                if seen > 1:
                    return False
            start = text.find(name, end)
    return True
