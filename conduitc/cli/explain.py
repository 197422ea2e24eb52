"""``conduitc explain CODE``: a rule's page."""

import sys

from conduitc.cli.out import put
from conduitc.report.explain import find, near, page
from conduitc.report.rules import all_rules


def explain_command(name: str) -> int:
    """Print the page of a rule, by code or slug; 2 where there is none of that name."""
    rules = all_rules()
    rule = find(name, rules)
    if rule is None:
        print(near(name, rules), file=sys.stderr)
        return 2
    put(page(rule))
    return 0
