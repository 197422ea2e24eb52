"""The FastAPI example: its own tests pass, nothing is found wrong, and who may call what is as meant."""

import subprocess
import sys
from pathlib import Path

from conduit.introspect import Codebase

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse

NOTES = Path(__file__).parents[2] / "examples/fastapi_notes"
OPEN = {"GET /health", "GET /ready", "POST /api/v1/accounts", "POST /api/v1/accounts/login"}


def test_its_own_tests_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={tmp_path}"]
    done = subprocess.run(command, cwd=NOTES, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_all_but_four_endpoints_ask_who_calls() -> None:
    analysis = analyse(str(NOTES / "notes/main.py"))
    assert analysis.app is not None
    assert analysis.app.unresolved == () and analysis.diagnostics == ()
    codebase = Codebase(emit_metadata(analysis.app).encode())
    without = set()
    for row in codebase.select("kind:route"):
        if not row.file.startswith("notes/routers/"):
            continue
        stack = codebase.effective_stack(row.id)["stack"]
        if not any(layer.get("id") == "provider:notes.dependencies.get_current_user" for layer in stack):
            without.add(row.name)
    assert without == OPEN
