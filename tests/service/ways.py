"""One program, three ways to run it: built for both targets, and uncompiled. All answer the same bytes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from conduitc import driver, toolchain
from conduitc.options import PLAIN, Options

ASK = Path(__file__).with_name("ask.py")
RUNTIME = Path(__file__).parents[2] / "runtime"
Request = Sequence[Any]
Answer = list[Any]

WAYS = ("uncompiled", "python", *(("cython",) if toolchain.available() is None else ()))


def request(method: str, target: str, body: str | None = None, **headers: str) -> Request:
    pairs = [[name.replace("_", "-"), value] for name, value in headers.items()]
    if body is not None and "content_type" not in headers:
        pairs.append(["content-type", "application/json"])
    return [method, target, pairs, body]


def answers(
    way: str, files: Mapping[str, str], requests: Sequence[Request], folder: Path, fold: bool = True
) -> list[Answer]:
    """What the program of ``files`` (entry ``app.py``) answers when run in that way."""
    return ask(made(way, files, folder, Options(fold=fold)), requests, "app")


def made(way: str, files: Mapping[str, str], folder: Path, options: Options = PLAIN) -> Path:
    """The folder to import ``app`` from, so that the program of ``files`` is run in that way."""
    source = folder / "source"
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    served = source
    if way != "uncompiled":
        served = folder / way
        driver.build(source / "app.py", served, kind=way, options=options)  # type: ignore[arg-type]
    return served


def ask(folder: Path, requests: Sequence[Request], variable: str = "app") -> list[Answer]:
    """Import ``app`` from ``folder`` in a fresh process and send it the requests."""
    run = asked(folder, requests, variable)
    assert run.returncode == 0, run.stderr
    found: list[Answer] = json.loads(run.stdout.splitlines()[-1])
    return found


def asked(
    folder: Path, requests: Sequence[Request], variable: str = "app", script: Path = ASK
) -> subprocess.CompletedProcess[str]:
    """The process that ``ask`` starts, ended: its stderr holds the log."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": ""}
    if not (folder / "conduit").is_dir():
        environment["PYTHONPATH"] = f"{RUNTIME}{os.pathsep}{RUNTIME.parent}"
    return subprocess.run(
        [sys.executable, str(script), str(folder), "app", variable],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )
