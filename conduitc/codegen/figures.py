"""DispatchPlan → the figures a build prints: buckets, perfect-hash slots, trie nodes, comparisons a lookup."""

from collections.abc import Iterator

from conduitc.ir.dispatch import DispatchPlan, MethodTable


def figures(plan: DispatchPlan) -> Iterator[str]:
    """One line a table, then what they have in common."""
    for table in plan.tables:
        routes = _routes(table)
        cost = _mean_comparisons(table)
        yield (
            f"{','.join(table.methods):<12} {routes} routes; {len(table.exact)}/{len(table.exact)} perfect-hash "
            f"slots; {len(table.nodes)} trie nodes; {cost:.1f} comparisons a lookup "
            f"(linear scan: {(routes + 1) / 2:.1f})"
        )
    if not plan.tables:
        yield "no routes"


def _routes(table: MethodTable) -> int:
    ends = sum(len(node.leaf) + len(node.tail) for node in table.nodes)
    return len(table.exact) + ends


def _mean_comparisons(table: MethodTable) -> float:
    """Keys and segments compared until a route is found, every route asked for once.

    A whole path is one comparison. A route of the trie costs that one, which fails, then one a step from the
    root, or a single one for all text before a trailing parameter; and one for each converter at its end.
    """
    shortcuts = {number for _, number in table.trailing}
    costs = [1] * len(table.exact)
    todo = [(0, 0, False)]
    for number, depth, short in todo:
        node = table.nodes[number]
        before = 1 if short else depth
        for candidate in (*node.leaf, *node.tail):
            costs.append(1 + before + len(candidate.converters))
        todo += [(child, depth + 1, False) for _, child in node.static]
        todo += [(child, depth, number in shortcuts) for child in (node.typed, node.plain) if child is not None]
    return sum(costs) / len(costs) if costs else 0.0
