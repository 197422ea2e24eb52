"""What is mined from a program: each pattern, and some of the places where it holds, to be read by a person.

    python bench/patterns.py TARGET [--followers N] [--category NAME]

TARGET is what ``conduitc introspect`` takes: a file, a package, or ``module:variable``. The last line says
what mining costs on top of the analysis. How many are right is measured by tests/mining/test_labels.py.
"""

import argparse
import sys
import time

from conduitc.analysis import analyse
from conduitc.ir.patterns import Follower, Pattern
from conduitc.mined import patterns_of


def show(pattern: Pattern, followers: int) -> None:
    """One pattern."""
    print(f"{pattern.confidence:.3f} {pattern.support}/{pattern.n} lift {pattern.lift} {pattern.id}")
    print(f"      {pattern.name}   [{pattern.population}; files {len(pattern.files)}]")
    print(f"      {pattern.template}")
    for name, texts in pattern.holes:
        print(f"        {name}: {' | '.join(texts)}")
    step = max(1, len(pattern.followers) // max(followers, 1))
    for one in pattern.followers[::step][:followers]:
        print(f"        + {place(one)}")
    for one in pattern.exceptions[:followers]:
        print(f"        - {place(one)} {one.why}")


def place(one: Follower) -> str:
    return f"{one.span.file}:{one.span.line}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?", default="examples/fastapi_notes/notes/main.py")
    parser.add_argument("--followers", type=int, default=3)
    parser.add_argument("--category")
    given = parser.parse_args()
    analysis = analyse(given.target)
    if analysis.app is None:
        sys.exit(f"{given.target} cannot be analysed")
    start = time.process_time()
    patterns = patterns_of(analysis)
    seconds = time.process_time() - start
    for one in patterns:
        if given.category in (None, one.category):
            show(one, given.followers)
    assert analysis.project is not None
    lines = sum(len(scope.source.lines) for scope in analysis.project.scopes.values())
    cost = f"{1e6 * seconds / lines:.2f} ms of CPU per 1,000"
    print(f"{len(patterns)} patterns of {lines:,} lines, {1e3 * seconds:.0f} ms: {cost}")


if __name__ == "__main__":
    main()
