"""Every rule's own cases: the wrong program raises exactly that rule, the right one none."""

import re
from pathlib import Path

import pytest

from conduitc import frontend, passes
from conduitc.diagnostics import CompileError, Diagnostic, Fix, Rule
from conduitc.report.explain import find, page
from conduitc.report.rules import all_rules

RULES = all_rules()
#: Their cases need more than source text (another machine, a broken disk); their own tests raise them.
WITHOUT_CASES = [rule for rule in RULES if not rule.bad]
WITH_CASES = [rule for rule in RULES if rule.bad]


def analysed(folder: Path, case: str) -> tuple[Diagnostic, ...]:
    """Everything the compiler says about a case written to ``folder``."""
    parts = re.split(r"^# file: (\S+)\n", case, flags=re.M)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    files.setdefault("app.py", parts[0])
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        loaded = frontend.load(folder / "app.py")
    except CompileError as error:
        return error.diagnostics
    if loaded.app is None:
        return tuple(loaded.diagnostics)
    return (*loaded.diagnostics, *passes.run(loaded.app)[1])


def codes(found: tuple[Diagnostic, ...], rule: Rule) -> set[str]:
    """What was found, but for hints that are not the rule in question."""
    return {one.rule.code for one in found if one.severity != "info" or one.rule.code == rule.code}


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
    for number, one in enumerate(analysed(tmp_path / "before", rule.bad)):
        if one.fix is None or one.rule != rule:
            continue
        path = tmp_path / "before" / one.fix.span.file
        fixed = pasted(path.read_text(encoding="utf-8"), one.fix)
        case = rule.bad if one.fix.span.file == "app.py" else None
        assert case == path.read_text(encoding="utf-8"), "this test knows cases of one file only"
        after = analysed(tmp_path / f"after{number}", fixed)
        assert rule.code not in codes(after, rule), fixed


def pasted(text: str, fix: Fix) -> str:
    lines = text.split("\n")
    first, last = lines[fix.span.line - 1], lines[fix.span.end_line - 1]
    line = first[: fix.span.column - 1] + fix.replacement + last[fix.span.end_column - 1 :]
    return "\n".join([*lines[: fix.span.line - 1], line, *lines[fix.span.end_line :]])


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
