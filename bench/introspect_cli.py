"""Generated commands of `conduitc introspect` that name what is there: nearly all must be answered."""

import io
import random
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from common import goal
from conduit.introspect import load

from conduitc.cli.introspect import introspect_command

_FORMS = {"table": 3, "json": 3, "mermaid": 1}
_DRAWN = ("routes", "deps", "impact", "who", "tools", "blocks")


def generated(dist: Path, count: int) -> int:
    """Run so many; 1 where less than 99 % succeed."""
    codebase, dice = load(str(dist)), random.Random(6)
    rows, routes = codebase.select(""), codebase.select("kind:route")
    codes: Counter[int] = Counter()
    for _ in range(count):
        row, route = dice.choice(rows), dice.choice(routes)
        url = "/".join("7" if part.startswith("{") else part for part in route.pattern.split("/"))
        command = dice.choice(
            [
                [],
                ["resources", f"kind:{row.kind}"],
                ["resource", row.id],
                ["routes", "--method", route.methods[0]],
                ["deps", row.id, *dice.choice([[], ["--reverse"], ["--depth", "2"]])],
                ["impact", row.id],
                ["who", route.methods[0], url],
                ["tools"],
                ["blocks"],
                ["patterns"],
                ["ask", "how do I add a route"],
                ["unresolved"],
                ["stats"],
            ]
        )
        form = dice.choices(list(_FORMS), list(_FORMS.values()))[0]
        if form == "mermaid" and command[:1] not in [[one] for one in _DRAWN]:
            form = "json"
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            code = introspect_command([str(dist), *command, "--format", form])
        codes[code] += 1
        if code:
            print(" ".join(command), out.getvalue().strip().splitlines()[:1])
    print(f"{count:,} commands; by exit code: {dict(codes)}")
    line = goal("commands that succeed, per cent", 100 * codes[0] / count, least=99)
    print(line)
    return int(line.startswith("MISSED"))
