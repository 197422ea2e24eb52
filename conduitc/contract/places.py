"""What takes the place of what was offered: the same name, or a URI that stands for at least as much."""

import re

from conduitc.contract.offered import Contract, Offered

_VARIABLE = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z0-9_]*)\}")


class Successors:
    """Finds what is offered now in the place of what was."""

    def __init__(self, before: Contract, now: Contract) -> None:
        self._now = now.offered
        self._known = {(one.kind, one.name) for one in before.offered}

    def of(self, old: Offered) -> list[Offered]:
        """All that is called by the same name; several where they stand under conditions."""
        kind = [one for one in self._now if one.kind == old.kind]
        same = [one for one in kind if one.name == old.name]
        if same or old.kind != "resource":
            return same
        return [one for one in kind if covers(one.name, old.name)]

    def renamed(self, old: Offered) -> Offered | None:
        """What was probably meant to take its place: the same function, or the same URI in other words."""
        fresh = [one for one in self._now if one.kind == old.kind and (one.kind, one.name) not in self._known]
        by_function = [one for one in fresh if one.id == old.id]
        by_shape = [one for one in fresh if old.kind == "resource" and _shape(one.name) == _shape(old.name)]
        return next(iter(by_function or by_shape), None)


def covers(new: str, old: str) -> bool:
    """Does a URI, or the template of one, stand for all that an old one stands for, by the same variables?"""
    ours, theirs = _VARIABLE.split(old), _VARIABLE.split(new)
    if len(ours) != len(theirs):
        return False
    # text, sign, name, text, sign, name, ..., text
    return all(
        a == b or (index % 3 == 1 and b == "+") for index, (a, b) in enumerate(zip(ours, theirs, strict=True))
    )


def _shape(uri: str) -> str:
    return _VARIABLE.sub(r"{\1}", uri)
