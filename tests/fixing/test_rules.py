"""Safe fixes of every rule: the finding goes, no error comes, a second time there is nothing to do."""

import os
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conduitc.diagnostics import Diagnostic, Rule, has_errors
from conduitc.driver import analyse
from conduitc.fixing import Fixed, fix
from tests.rules.cases import WITH_CASES, analysed, files_of, said_of, written

SOAK = os.environ.get("CONDUIT_SOAK") == "1"
#: The rules whose wrong program is put right by a safe fix. One more is a promise more: say why at the fix.
SAFE = (
    *("CDT111", "CDT113", "CDT201", "CDT203", "CDT208", "CDT210", "CDT212", "CDT213", "CDT232", "CDT235"),
    *("CDT322", "CDT343"),
)


def fixed(folder: Path) -> Fixed:
    return fix(lambda: analyse(folder / "app.py"))


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*.py"))}


def by_code(code: str) -> Rule:
    return next(rule for rule in WITH_CASES if rule.code == code)


def ours(found: tuple[Diagnostic, ...], rule: Rule) -> list[Diagnostic]:
    return [one for one in found if one.rule == rule]


def test_these_rules_have_a_safe_fix(tmp_path: Path) -> None:
    found = []
    for rule in WITH_CASES:
        said = ours(analysed(tmp_path / rule.code, rule.bad), rule)
        if any(one.fix is not None and one.fix.safe for one in said):
            found.append(rule.code)
    assert set(SAFE) <= set(found)


@pytest.mark.parametrize("code", SAFE)
def test_the_wrong_program_is_put_right(code: str, tmp_path: Path) -> None:
    rule = by_code(code)
    folder = written(tmp_path, files_of(rule.bad))
    before = said_of(folder)
    done = fixed(folder)
    assert rule in [one.rule for one in done.applied]
    assert not done.refused
    after = said_of(folder)
    assert after == done.analysis.diagnostics
    assert not ours(after, rule)
    assert not has_errors([one for one in after if one.rule not in {old.rule for old in before}])
    once = texts(folder)
    assert not fixed(folder).applied
    assert texts(folder) == once


@settings(
    max_examples=25 if SOAK else 2,
    deadline=None,
    phases=[Phase.generate],  # a smaller example would take minutes: every one starts libcst
    suppress_health_check=list(HealthCheck),
)
@given(
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    tabs=st.booleans(),
    mark=st.booleans(),
    above=st.lists(st.sampled_from(["# über uns", "#\tcomment ", "   ", "#{}\"'"]), max_size=3),
    beside=st.sampled_from(["", "  # straße", "\t#'", "  "]),
)
@pytest.mark.parametrize("code", SAFE)
def test_formatting_is_kept(
    code: str,
    ends: str,
    tabs: bool,
    mark: bool,
    above: list[str],
    beside: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Around and beside the lines stands what has nothing to do with the fix: it must still stand there."""
    files = files_of(by_code(code).bad)

    def dressed(text: str) -> str:
        lines = [line + beside if line.strip() else line for line in text.split("\n")]
        every = [one for line in lines for one in (*(above if line.strip() else ()), line)]
        if tabs:
            every = [re.sub(r"^    ", "\t", line) for line in every]
        return ("\ufeff" if mark else "") + ends.join(every)

    folder = written(
        tmp_path_factory.mktemp("dressed"),
        {name: dressed(text) if name.endswith(".py") else text for name, text in files.items()},
    )
    fixed(folder)
    for name, text in put_right(code).items():
        found = texts(folder)[name]
        assert re.findall(r"\r\n?|\n", found) == [ends] * len(re.findall(r"\r\n?|\n", found))
        assert undressed(found, ends, above, beside) == [line for line in text.split("\n") if line.strip()]


@cache
def put_right(code: str) -> dict[str, str]:
    with TemporaryDirectory() as name:
        folder = written(Path(name), files_of(by_code(code).bad))
        fixed(folder)
        return texts(folder)


def undressed(text: str, ends: str, above: list[str], beside: str) -> list[str]:
    """The lines with code in them, as they were before comments were put around them."""
    lines = [line for line in text.removeprefix("\ufeff").split(ends) if line not in above and line.strip()]
    return [re.sub(r"^\t", "    ", line.removesuffix(beside)) for line in lines]
