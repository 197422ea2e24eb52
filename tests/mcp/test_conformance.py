"""The official suite, where npm is there and time is."""

import os
import shutil

import pytest

from tests.mcp import conformance


@pytest.mark.skipif(os.environ.get("CONDUIT_SOAK") != "1" or not shutil.which("npm"), reason="soak, with npm")
def test_the_official_suite(capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance.main() == 0, capsys.readouterr().out
