"""Two projects as installed from the registry: their routes are those that their own routers list.

Needs them installed: in ``CONDUIT_REAL``, a folder of environments (made where they are not there yet), or,
with ``CONDUIT_SOAK``, in one that is made here. ``bench/real_projects.py`` compares all of them.
"""

import os
import subprocess
from pathlib import Path

import pytest

from bench.real_projects import PROJECTS, TESTED, Project, compared, install

SMALL = [one for one in PROJECTS if one.name in TESTED]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("CONDUIT_REAL")
    if given is None and not os.environ.get("CONDUIT_SOAK"):
        pytest.skip("set CONDUIT_REAL to a folder for virtual environments, or CONDUIT_SOAK")
    return Path(given) if given is not None else tmp_path_factory.mktemp("real")


@pytest.mark.parametrize("project", SMALL, ids=lambda one: one.name)
def test_routes_are_those_of_the_router(project: Project, folder: Path) -> None:
    try:
        install(folder, project)
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"{project.name} cannot be installed: {error}")
    outcome = compared(folder, project)
    assert outcome.listed, outcome.why
    assert outcome.wrong == []
    app = outcome.analysis.app
    assert app is not None and outcome.analysis.diagnostics == ()
    assert outcome.missing == [] or app.unresolved
    assert len(outcome.matched) >= 0.9 * len(set(outcome.listed))
