"""Programs written to a folder: read by the frontend, and executed for real to compare what was recorded."""

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from types import ModuleType

from conduitc import frontend
from conduitc.ir.nodes import App

HEAD = "from conduit import Conduit, Router\n"


def write(folder: Path, text: str) -> Path:
    """Write ``text``, cut at lines ``# file: NAME``; without such a line it is ``app.py``."""
    parts = re.split(r"^# file: (\S+)\n", dedent(text), flags=re.MULTILINE)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    if parts[0].strip():
        files["app.py"] = parts[0]
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder / ("app.py" if "app.py" in files else next(iter(files)))


def load(folder: Path, text: str, target: str | None = None) -> frontend.Loaded:
    entry = write(folder, text)
    return frontend.load(folder / target if target else entry)


def app_of(folder: Path, text: str, target: str | None = None) -> App:
    """The App of a program without errors."""
    loaded = load(folder, text, target)
    errors = [one for one in loaded.diagnostics if one.severity == "error"]
    assert [(one.rule.code, str(one.span), one.message) for one in errors] == []
    assert loaded.app is not None
    return loaded.app


def codes(loaded: frontend.Loaded) -> list[str]:
    """What was found, in short: ``CDT200 app.py:3``."""
    return [f"{one.rule.code} {one.span.file}:{one.span.line}" for one in loaded.diagnostics]


def routes(app: App) -> list[str]:
    """``GET /path -> module.function`` of every route."""
    return [f"{','.join(one.methods)} {one.path.text} -> {one.handler[9:]}" for one in app.routes]


@contextmanager
def executed(folder: Path, name: str) -> Iterator[ModuleType]:
    """The module ``name`` of ``folder``, imported for real and forgotten again."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))
        for one in set(sys.modules) - before:
            if str(getattr(sys.modules[one], "__file__", "") or "").startswith(str(folder)):
                del sys.modules[one]
