"""A name and a template → the files of a new project; templates are folders below ``templates/new``."""

import re
import shutil
from pathlib import Path

from conduitc import __version__
from conduitc.codegen.render import render
from conduitc.staging import staging

#: Template → its files. A test holds it equal to the folders.
TEMPLATES = dict.fromkeys(
    ("api", "mcp"), (".gitignore", "README.md", "app.py", "pyproject.toml", "test_app.py")
)

_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class Refused(Exception):
    """Why a project cannot be made there."""


def files(name: str, template: str) -> dict[str, str]:
    """Path → text of a project called ``name``.

    Raises:
        Refused: the name cannot be that of a distribution.
    """
    if not _DISTRIBUTION.fullmatch(name):
        raise Refused(
            f"{name!r} cannot name a project: use ASCII letters, digits, `-`, `_` and `.`, "
            "with a letter or digit first and last"
        )
    words = re.sub(r"[-_.]+", " ", name)
    heading = words[:1].upper() + words[1:]
    context = {
        "title": f'"{heading}"',
        "heading": heading,
        "distribution": f'"{name}"',
        "version": __version__,
    }
    return {
        # package data leaves out names that begin with a dot
        path: render(f"new/{template}/{path.removeprefix('.')}.jinja", **context)
        for path in TEMPLATES[template]
    }


def create(folder: Path, template: str) -> list[str]:
    """Make ``folder`` a new project, all of it or nothing; the paths of its files.

    Raises:
        Refused: the name is none, or the folder is there and not empty.
        OSError: it cannot be written.
    """
    made = files(folder.absolute().name, template)
    if folder.is_symlink() or folder.exists():
        if not folder.is_dir() or any(folder.iterdir()):
            raise Refused(f"{folder} is there already, and not an empty folder")
        folder.rmdir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with staging(folder.parent) as work:
        project = work / "project"
        project.mkdir()
        for path, text in made.items():
            (project / path).write_text(text, encoding="utf-8", newline="\n")
        shutil.move(project, folder)
    return list(made)
