"""What it depends on that a route is on, and what two routes may know of each other by that.

A route is on where its declaration happened, and every include on the way to it. Of one that is conditional
for reasons that nobody knows, nothing more can be said.
"""

from conduitc.ir.nodes import Guard, Route

#: All of them hold where a route is on.
Conditions = frozenset[Guard]

ALWAYS: Conditions = frozenset()

#: Below this are tests that stand for a declaration of which nothing is known.
_UNKNOWN = -1_000_000


def conditions(route: Route) -> Conditions:
    """The guards of a route's declaration and of the includes that lead to it."""
    if not (route.declaration.conditional or route.includes):
        return ALWAYS
    found = [guard for one in (route.declaration, *route.includes) for guard in one.guards]
    unexplained = route.includes or (route.declaration,)
    found += [
        Guard(_UNKNOWN - one.slot, one.turn) for one in unexplained if one.conditional and not one.guards
    ]
    return frozenset(found)


def follows(wanted: Conditions, known: Conditions) -> bool:
    """Does ``wanted`` hold wherever ``known`` does?"""
    return all(any(one.implies(guard) for one in known) for guard in wanted)


def together(one: Route, other: Route) -> bool:
    """Is one of them on wherever the other is? Else they may well exclude each other."""
    mine, theirs = conditions(one), conditions(other)
    return follows(mine, theirs) or follows(theirs, mine)
