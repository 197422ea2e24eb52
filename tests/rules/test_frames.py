"""What is said about every rule's wrong program, as a person reads it: ``frames.txt`` holds the reports.

``make golden`` rewrites the file; read the diff.
"""

import os
import re
from pathlib import Path

import pytest

from conduitc.diagnostics import Rule
from conduitc.report.text import render
from tests.rules.cases import WITH_CASES, analysed, files_of

FILE = Path(__file__).with_name("frames.txt")
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
_HEAD = re.compile(r"^\[(CDT\d{3})\] .*\n", re.M)
#: Said about every program that uses tools, blocks or models.
_ALWAYS = "CDT490"


def report(rule: Rule, folder: Path) -> str:
    found = analysed(folder, rule.bad)
    said = [one for one in found if one.rule == rule or one.rule.code != _ALWAYS]
    return render(said, files_of(rule.bad)).rstrip()


def recorded() -> dict[str, str]:
    parts = _HEAD.split(FILE.read_text(encoding="utf-8")) if FILE.exists() else [""]
    return {code: text.strip("\n") for code, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.skipif(UPDATE, reason="being rewritten")
@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.code)
def test_frame(rule: Rule, tmp_path: Path) -> None:
    assert report(rule, tmp_path) == recorded().get(rule.code, "")


@pytest.mark.skipif(UPDATE, reason="being rewritten")
def test_no_frame_is_left_over() -> None:
    assert list(recorded()) == [rule.code for rule in WITH_CASES]


@pytest.mark.skipif(not UPDATE, reason="CONDUIT_GOLDEN=update rewrites the frames")
def test_rewrite(tmp_path: Path) -> None:
    written = [f"[{rule.code}] {rule.slug}\n\n{report(rule, tmp_path / rule.code)}\n" for rule in WITH_CASES]
    FILE.write_text("\n".join(written), encoding="utf-8")


def test_every_report_fits_its_rule(tmp_path: Path) -> None:
    """A message is a line that a terminal shows; it says where, unless no source text is to blame."""
    for rule in WITH_CASES:
        for one in analysed(tmp_path / rule.code, rule.bad):
            assert "\n" not in one.message and one.message[-1] not in ".!", one.message
            assert len(one.message) <= 160, one.message
            assert one.span.file, one.message
