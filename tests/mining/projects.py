"""Real projects whose mined patterns were judged by hand: where they are, and what is mined from them."""

import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from bench.real_projects import PROJECTS, Project, site, version
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
        wanted = project.packages[0].rpartition("==")[2]
        if version(Path(given), project) != wanted:
            pytest.skip(f"labels are of {name} {wanted}, {version(Path(given), project)} is installed")
        return site(Path(given), project)
    if not os.environ.get("CONDUIT_SOAK"):
        pytest.skip("set CONDUIT_REAL to a folder with the projects installed, or CONDUIT_SOAK to fetch them")
    return fetched(project, folder)


def fetched(project: Project, folder: Path) -> Path:
    """Its wheel, unpacked."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder)]
    done = subprocess.run([*command, project.packages[0]], capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        pytest.skip(f"{project.name} cannot be fetched: {done.stderr.strip()[-200:]}")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


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
