"""Real projects whose mined patterns were judged by hand: where they are, and what is mined from them."""

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

from bench.real_projects import PROJECTS, fetch, site, version
from conduitc.driver import analyse
from conduitc.frontend.observing import observe
from conduitc.ir.patterns import Pattern, Subject
from conduitc.mining import mine

JUDGED = ("chainlit", "zenml")


def sources(name: str, folder: Path) -> Path:
    """The folder that holds a project's packages; skips the test where it cannot be had.

    It is looked for in ``CONDUIT_REAL``, a folder of environments as ``bench/real_projects.py`` makes them;
    with ``CONDUIT_SOAK`` it is fetched from the registry, without what it depends on.
    """
    project = next(one for one in PROJECTS if one.name == name)
    given = os.environ.get("CONDUIT_REAL")
    if given is not None and (Path(given) / name).exists():
        folder = Path(given)
    elif os.environ.get("CONDUIT_SOAK"):
        try:
            fetch(folder, project)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"{name} cannot be fetched: {error}")
    else:
        pytest.skip("set CONDUIT_REAL to a folder with the projects installed, or CONDUIT_SOAK to fetch them")
    wanted, found = project.packages[0].rpartition("==")[2], version(folder, project)
    if found != wanted:
        pytest.skip(f"labels are of {name} {wanted}, {found} is installed")
    return site(folder, project)


@cache
def subjects(name: str, root: Path) -> tuple[Subject, ...]:
    """All that can follow a convention there."""
    project = next(one for one in PROJECTS if one.name == name)
    analysis = analyse(f"{root / project.module}:{project.variable}")
    assert analysis.project is not None and analysis.app is not None
    return observe(analysis.project, analysis.app)


@cache
def mined(name: str, root: Path) -> tuple[Pattern, ...]:
    """The patterns of a project, every follower with them."""
    return mine(subjects(name, root))
