"""docs/requirements.md is held true: every criterion names a test or bench that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/requirements.md"
SHOWN_BY = re.compile(r"`([\w/.\-]+?\.(?:py|lua))(?:::(\w+))?`")


def rows() -> list[list[str]]:
    """The cells of every criterion: what is asked, what shows it, its figure."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] != "criterion"]


def test_there_are_criteria() -> None:
    assert len(rows()) > 40


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_a_criterion_is_shown_by_what_it_names(row: list[str]) -> None:
    assert len(row) == 3, "criterion, shown by, figure"
    named = SHOWN_BY.findall(row[1])
    assert named, "no test or bench is named"
    for path, function in named:
        file = ROOT / path
        assert file.is_file(), path
        assert path.startswith(("tests/", "bench/")), path
        if function:
            assert re.search(rf"def {function}\b", file.read_text(encoding="utf-8")), f"{path}::{function}"
    assert row[2], "a figure, or — until it is measured"
