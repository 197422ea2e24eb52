"""Programs as text with the routes they have; the frameworks' own routers must list the same."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import frontend
from conduitc.ir.nodes import App
from tests.frontend.programs import write

HERE = Path(__file__).parent
ROUTER = HERE.parent.parent.parent / "bench/real_router.py"
CASES = sorted((HERE / "cases").glob("*.txt"))


def told(folder: Path, case: Path) -> tuple[App, dict[str, list[str]]]:
    """The App of a case, and what the case says of it."""
    text, *parts = case.read_text("utf-8").split("# file: ROUTES\n")
    listed, _, unresolved = parts[0].partition("# file: UNRESOLVED\n")
    entry = write(folder, text if text.startswith("# file") else f"# file: app.py\n{text}")
    packaged = folder / "shop"
    loaded = frontend.load(entry if not packaged.exists() else packaged)
    assert loaded.app is not None
    assert not loaded.diagnostics, loaded.diagnostics
    return loaded.app, {"routes": listed.splitlines(), "unresolved": unresolved.splitlines()}


def shown(app: App) -> list[str]:
    found = []
    for route in app.routes:
        answers = route.handler.partition(":")[2] or route.answers
        doubt = " ?" if route.declaration.conditional else ""
        found.append(f"{','.join(route.methods)} {route.path.text} {answers}{doubt}")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.stem)
def test_routes(case: Path, tmp_path: Path) -> None:
    app, expected = told(tmp_path, case)
    silent = app.dialect != "conduit" and case.stem == "settings"
    assert [one.removesuffix(" ?") if silent else one for one in shown(app)] == expected["routes"]
    assert silent or [f"{one.what}: {one.reason}" for one in app.unresolved] == expected["unresolved"]


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.stem)
def test_the_framework_lists_the_same(case: Path, tmp_path: Path) -> None:
    app, _ = told(tmp_path, case)
    needed = {app.dialect, *(one for one in app.third_parties if one.startswith("pydantic"))}
    for name in sorted(needed):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed")
    module = "shop/main.py" if (tmp_path / "shop").exists() else "app.py"
    call = ["--call"] if app.variable == "create_app" else []
    command = [sys.executable, str(ROUTER), module, app.variable, *call]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if line.startswith("ROUTES ")][-1]
    listed = {(method, path) for method, path in json.loads(said[7:])}
    sure = {(m, one.path.text) for one in app.routes if not one.includes for m in one.methods}
    certain = {pair for pair in sure if not _conditional(app, pair)}
    assert certain <= listed
    assert listed <= {(m, one.path.text) for one in app.routes for m in one.methods}


def _conditional(app: App, pair: tuple[str, str]) -> bool:
    """Is it only there under a test? What holds in a silent environment holds here."""
    for one in app.routes:
        if one.path.text == pair[1] and pair[0] in one.methods:
            return any(guard.test > 0 for guard in one.declaration.guards)
    return False
