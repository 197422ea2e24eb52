"""Every rule's own cases: the wrong program raises exactly that rule, the right one none."""

import re
from pathlib import Path

import pytest

from conduitc.diagnostics import Diagnostic, Rule, has_errors
from conduitc.report.explain import find, page
from tests.rules.cases import (
    RULES,
    WITH_CASES,
    WITHOUT_CASES,
    analysed,
    codes,
    files_of,
    pasted,
    said_of,
    written,
)


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.code)
def test_wrong_raises_the_rule(rule: Rule, tmp_path: Path) -> None:
    found = analysed(tmp_path, rule.bad)
    assert codes(found, rule) == {rule.code}, [one.message for one in found]
    for one in found:
        if one.span.file:
            lines = (tmp_path / one.span.file).read_text(encoding="utf-8").split("\n")
            assert 1 <= one.span.line <= len(lines)


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.code)
def test_right_raises_nothing(rule: Rule, tmp_path: Path) -> None:
    found = analysed(tmp_path, rule.good)
    assert codes(found, rule) == set(), [one.message for one in found]


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.code)
def test_fixes_can_be_pasted(rule: Rule, tmp_path: Path) -> None:
    files = files_of(rule.bad)
    for number, one in enumerate(said_of(written(tmp_path / "before", files))):
        if one.fix is None or one.rule != rule:
            continue
        fixed = pasted(files, one.fix)
        after = said_of(written(tmp_path / f"after{number}", fixed))
        assert place(one) not in map(place, after), fixed
        assert not has_errors([new for new in after if new.rule != rule]), fixed


def place(one: Diagnostic) -> tuple[str, int, str]:
    return one.rule.code, one.span.line, one.message


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_pages(rule: Rule) -> None:
    assert find(rule.code, RULES) == find(rule.slug, RULES) == rule
    text = page(rule)
    assert rule.docs.split()[0] in text
    assert bool(rule.bad) == bool(rule.good) == ("Wrong:" in text)
    assert re.fullmatch(r"CDT[1-69]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.slug)
    assert "\n" not in rule.message


def test_only_rules_about_the_machine_have_no_cases() -> None:
    assert {rule.code[3] for rule in WITHOUT_CASES} <= {"1", "5", "9"}
