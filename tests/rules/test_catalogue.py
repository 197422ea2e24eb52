"""Every rule is raised by a test, and stands in docs/diagnostics.md; ``make golden`` rewrites the page."""

import os
from pathlib import Path

import pytest

from conduitc.diagnostics import Rule
from tests.rules.cases import RULES, WITHOUT_CASES

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/diagnostics.md"
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
START = "<!-- rules: made from the compiler by `make golden` -->\n"

_AREAS = {
    "1": "Source",
    "2": "Routes",
    "3": "Handlers",
    "4": "Schemas, tools, blocks, models",
    "5": "Building",
    "6": "Deployment",
    "9": "Faults of the compiler",
}
_WORDS = {"error": "error", "warning": "warning", "info": "hint"}


def catalogue() -> str:
    lines = []
    area = ""
    for rule in RULES:
        if rule.code[3] != area:
            area = rule.code[3]
            lines += ["", f"## {_AREAS[area]}", "", "| code | name | | says |", "|---|---|---|---|"]
        message = rule.message.replace("|", "\\|")
        lines.append(f"| {rule.code} | {rule.slug} | {_WORDS[rule.severity]} | {message} |")
    return "\n".join(lines) + "\n"


def test_the_page_lists_every_rule() -> None:
    head, start, listed = PAGE.read_text(encoding="utf-8").partition(START)
    assert start, "the mark after which the list stands is gone"
    if UPDATE:
        PAGE.write_text(f"{head}{START}{catalogue()}", encoding="utf-8")
    else:
        assert listed == catalogue(), "run `make golden`"


@pytest.mark.parametrize("rule", WITHOUT_CASES, ids=lambda rule: rule.code)
def test_a_rule_without_cases_is_raised_by_a_test(rule: Rule) -> None:
    """Rules about the machine need more than a program's text: a test of their own speaks of the code."""
    speaking = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path != Path(__file__) and _speaks(path.read_text(encoding="utf-8"), rule)
    ]
    assert speaking, f"no test raises {rule.code}"


def _speaks(text: str, rule: Rule) -> bool:
    return rule.code in text or f'"{rule.slug}"' in text
