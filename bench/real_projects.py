"""Routes of real projects, as the compiler reads them and as their own router lists them when they run.

    python bench/real_projects.py FOLDER [NAME ...] [--install]
    python bench/real_projects.py FOLDER --prepare

FOLDER holds one virtual environment a project, by its name (``--install`` makes them; that takes minutes and
gigabytes; ``--prepare`` makes what the tests need, which takes a minute, and compares nothing). Each app is
imported there, in a process of its own, and says what its router holds; the compiler reads the installed
source. The table goes to docs/real-projects.md. Without FOLDER nothing is measured.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from conduitc.analysis import Analysis, analyse
from conduitc.frontend.web.routes import SILENT

#: A method and a path, as the router has it.
Pair = tuple[str, str]


class Project(NamedTuple):
    """What is installed, the module below site-packages that holds the app, and how to get at it."""

    name: str
    packages: tuple[str, ...]
    module: str
    variable: str = "app"
    call: bool = False
    environment: tuple[tuple[str, str], ...] = ()


PROJECTS = (
    Project("chainlit", ("chainlit==2.12.0", "fastapi==0.165.0"), "chainlit/server.py"),
    Project("mlflow", ("mlflow==3.17.2", "fastapi==0.165.0"), "mlflow/server/fastapi_app.py"),
    Project("litellm", ("litellm[proxy]==1.106.2",), "litellm/proxy/proxy_server.py"),
    Project(
        "prefect", ("prefect==3.8.8", "fastapi==0.140.13"), "prefect/server/api/server.py", "create_app", True
    ),
    Project("skypilot", ("skypilot[server]==0.14.1",), "sky/server/server.py"),
    Project(
        "openwebui",
        ("open-webui==0.12.4",),
        "open_webui/main.py",
        environment=(("WEBUI_SECRET_KEY", "x" * 32), ("FROM_INIT_PY", "true")),
    ),
    Project("httpbin", ("httpbin==0.10.4",), "httpbin/core.py"),
    Project("zenml", ("zenml[server]==0.98.0",), "zenml/zen_server/zen_server_api.py"),
)


#: What tests compare with its own router, and what they only read.
TESTED, READ = ("chainlit", "httpbin"), ("zenml",)
_RUNS = 3


class Outcome(NamedTuple):
    """One project compared. ``listed`` is what the router holds, None where it cannot be imported."""

    project: Project
    version: str
    analysis: Analysis
    listed: list[Pair] | None
    found: list[Pair]
    sure: list[Pair]
    seconds: float
    why: str

    @property
    def matched(self) -> set[Pair]:
        return set(self.listed or ()) & set(self.found)

    @property
    def missing(self) -> list[Pair]:
        return sorted(set(self.listed or ()) - set(self.found))

    @property
    def wrong(self) -> list[Pair]:
        """Said to be there whatever happens, and not there."""
        return sorted(set(self.sure) - set(self.listed)) if self.listed is not None else []

    @property
    def off(self) -> list[Pair]:
        """Said to depend on a test, and not there in this run."""
        return sorted(set(self.found) - set(self.sure) - set(self.listed or ()))


def install(folder: Path, project: Project) -> None:
    """A virtual environment with the project in it."""
    place = folder / project.name
    if (place / ".done").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = [str(place / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *project.packages], check=True)
    (place / ".done").touch()


def fetch(folder: Path, project: Project) -> None:
    """Its sources where an environment would have them, without what it depends on: it cannot be imported."""
    place = folder / project.name
    if (place / ".done").exists():
        return
    target = place / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--target", str(target), project.packages[0]], check=True)
    (place / ".done").touch()


def site(folder: Path, project: Project) -> Path:
    """Its site-packages."""
    return next((folder / project.name / "lib").glob("python3*")) / "site-packages"


def listed_by(folder: Path, project: Project) -> tuple[list[Pair] | None, str]:
    """What the project's own router lists, or why it cannot be asked."""
    script = Path(__file__).with_name("real_router.py")
    command = [folder / project.name / "bin/python", script, project.module, project.variable]
    home = folder / project.name / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        **dict(project.environment),
    }
    words = [*(str(one) for one in command), *(["--call"] if project.call else [])]
    done = subprocess.run(
        words, capture_output=True, text=True, env=environment, cwd=home, timeout=600, check=False
    )
    marked = [line for line in done.stdout.splitlines() if line.startswith("ROUTES ")]
    if not marked:
        return None, (done.stderr.strip().splitlines() or ["no answer"])[-1]
    return [(method, path) for method, path in json.loads(marked[-1][7:])], ""


def compared(folder: Path, project: Project) -> Outcome:
    """Read the source and ask the router."""
    target = site(folder, project) / project.module
    seconds = float("inf")
    for _ in range(_RUNS):  # nothing is kept between runs; the least disturbed one counts
        start = time.process_time()
        analysis = analyse(f"{target}:{project.variable}")
        seconds = min(seconds, time.process_time() - start)
    routes = analysis.app.routes if analysis.app is not None else ()
    found = [(method, one.path.text) for one in routes for method in one.methods]
    sure = [
        (method, one.path.text)
        for one in routes
        for method in one.methods
        if not one.includes and (not one.declaration.conditional or one.declaration.guards == (SILENT,))
    ]
    listed, why = listed_by(folder, project)
    return Outcome(project, version(folder, project), analysis, listed, found, sure, seconds, why)


def version(folder: Path, project: Project) -> str:
    """Of the package as installed."""
    wanted = project.packages[0].partition("==")[0].partition("[")[0].replace("-", "_")
    infos = site(folder, project).glob(f"{wanted}-*.dist-info")
    return next((one.name.removesuffix(".dist-info").partition("-")[2] for one in infos), "?")


def row(one: Outcome) -> str:
    """One line of the table."""
    app, project = one.analysis.app, one.analysis.project
    lines = sum(scope.source.text.count("\n") for scope in project.scopes.values()) if project else 0
    open_ = len(app.unresolved) if app is not None else 0
    per = 1000 * one.seconds / max(lines / 1000, 1)
    total = "—" if one.listed is None else str(len(set(one.listed)))
    cells = (
        one.project.name, one.version, total, len(one.matched), len(one.missing), len(one.wrong),
        len(one.off), open_, lines, f"{per:.1f} ms",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


_COLUMNS = (
    "project", "version", "run-time routes", "found", "not found", "wrong", "conditional, off here",
    "unresolved", "lines read", "CPU per 1,000 lines",
)  # fmt: skip
HEAD = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"


def main() -> int:
    """Print the table; 1 where a route is wrong, or missing without anything unresolved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--install", action="store_true")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    if arguments.folder is None:
        print("not measured: no folder with installed projects was given")
        return 0
    if arguments.prepare:
        for project in PROJECTS:
            if project.name in TESTED:
                install(arguments.folder, project)
            elif project.name in READ:
                fetch(arguments.folder, project)
        return 0
    chosen = [one for one in PROJECTS if not arguments.names or one.name in arguments.names]
    outcomes = []
    for project in chosen:
        if arguments.install:
            install(arguments.folder, project)
        outcomes.append(compared(arguments.folder, project))
        if arguments.verbose:
            explain(outcomes[-1])
    print(HEAD)
    for one in outcomes:
        print(row(one))
    asked = [one for one in outcomes if one.listed is not None]
    known, total = sum(len(one.matched) for one in asked), sum(len(set(one.listed or ())) for one in asked)
    print(f"\n{known} of {total} routes resolved ({100 * known / max(total, 1):.1f} %)")
    silent = [one for one in asked if one.missing and not (one.analysis.app and one.analysis.app.unresolved)]
    return 1 if silent or any(one.wrong for one in asked) else 0


def explain(one: Outcome) -> None:
    """All that differs, and what is open."""
    print(f"== {one.project.name} {one.why}")
    for title, pairs in (("not found", one.missing), ("wrong", one.wrong), ("off", one.off)):
        for method, path in pairs:
            print(f"  {title}: {method} {path}")
    for open_ in one.analysis.app.unresolved if one.analysis.app is not None else ():
        print(f"  unresolved: {open_.span.file}:{open_.span.line} {open_.what}: {open_.reason}")
    for finding in one.analysis.diagnostics:
        print(f"  {finding.rule.code} {finding.span.file}:{finding.span.line} {finding.message}")


if __name__ == "__main__":
    sys.exit(main())
