"""The published JSON Schema holds for the metadata of every golden case and every example."""

import json
from pathlib import Path

import pytest

from conduitc.codegen.metadata import emit_metadata
from conduitc.diagnostics import CompileError
from conduitc.driver import analyse
from tests.golden.test_cases import ALL, Case
from tests.metadata.test_metadata import published

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*/app.py"))


def check(target: Path) -> bool:
    """Whether there was an app to tell of."""
    try:
        analysis = analyse(target)
    except CompileError:
        return False
    if analysis.app is None:
        return False
    for stripped in (False, True):
        document = json.loads(emit_metadata(analysis.app, analysis.diagnostics, stripped=stripped))
        published().validate(document)
        ids = [one["id"] for one in document["resources"]]
        assert ids == sorted(set(ids))
        for edge in document["edges"]:
            assert {edge["from"], edge["to"]} <= set(ids)
    return True


@pytest.mark.parametrize(("path", "case"), ALL, ids=[f"{path.stem}-{case.name}" for path, case in ALL])
def test_golden_cases(path: Path, case: Case, tmp_path: Path) -> None:
    for name, text in case.files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check(tmp_path / next(iter(case.files))) is ("app" in case.expected)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_examples(path: Path) -> None:
    assert check(path)
