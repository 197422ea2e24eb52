"""What the log shows of an error is the user's own lines, and the same however the program is run."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from conduitc import driver
from tests.service.ways import WAYS, Request, asked, request
from tests.tracebacks.program import APP, ASKED, HELPERS, UNFINISHED

GOLDEN = Path(__file__).with_name("expected.txt")


def served(way: str, folder: Path, **files: str) -> Path:
    """The folder to import ``app`` from."""
    source = folder / "source"
    source.mkdir()
    for name, text in files.items():
        (source / f"{name}.py").write_text(text)
    if way == "uncompiled":
        return source
    driver.build(source / "app.py", folder / "dist", kind=way)  # type: ignore[arg-type]
    return folder / "dist"


def said(way: str, folder: Path, requests: Sequence[Request], **files: str) -> tuple[int, str, str]:
    """Status, output and log, less what must differ: folders, slots, lines of the standard library."""
    here = served(way, folder, **files)
    run = asked(here, requests)
    inner = here / "src" if way != "uncompiled" else here
    text = run.stderr.replace(f"{inner}{os.sep}", "")
    text = re.sub(r"\(_slot=\d+\)|, _slot=\d+", "", text)
    return (
        run.returncode,
        run.stdout,
        re.sub(r'File "[^"]*[/\\](asyncio[/\\]\w+\.py)", line \d+', r'File "\1", line N', text),
    )


@pytest.mark.parametrize("way", WAYS)
def test_the_log_is_the_users_own(way: str, tmp_path: Path) -> None:
    requests = [request(*one) for one in ASKED]
    status, _, text = said(way, tmp_path, requests, app=APP, helpers=HELPERS, unfinished=UNFINISHED)
    assert status == 0, text
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_development_mode_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDEVMODE", "1")
    requests = [request(*one) for one in ASKED]
    _, _, text = said("python", tmp_path, requests, app=APP, helpers=HELPERS, unfinished=UNFINISHED)
    slow = re.compile(r"^Executing <.* seconds\n", re.M)  # asyncio's own, where the machine is busy
    assert slow.sub("", text) == GOLDEN.read_text()


@pytest.mark.parametrize("way", WAYS)
def test_an_exception_handler_is_given_the_whole_traceback(way: str, tmp_path: Path) -> None:
    status, out, text = said(
        way, tmp_path, [request("GET", "/teapot")], app=APP, helpers=HELPERS, unfinished=UNFINISHED
    )
    assert (status, text) == (0, "")
    ((_, _, body),) = json.loads(out.splitlines()[-1])
    assert json.loads(body) == {"lines": [APP.splitlines().index("    raise Teapot") + 1]}


START = """\
from conduit import Conduit

app = Conduit()


@app.on_startup
def connect():
    return 1 / 0
"""


@pytest.mark.parametrize("way", WAYS)
def test_a_hook_that_fails(way: str, tmp_path: Path) -> None:
    status, _, text = said(way, tmp_path, [], app=START)
    assert status == 1
    message = text.partition("'message': '")[2].partition("'}")[0].replace("\\n", "\n")
    message = message.replace(str(tmp_path / "source") + os.sep, "").replace(
        str(tmp_path / "dist" / "src") + os.sep, ""
    )
    assert message == (
        "Traceback (most recent call last):\n"
        '  File "app.py", line 8, in connect\n'
        "    return 1 / 0\n"
        "           ~~^~~\n"
        "ZeroDivisionError: division by zero\n"
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_module_that_fails_when_imported(way: str, tmp_path: Path) -> None:
    source = "from conduit import Conduit\n\nimport broken\n\napp = Conduit()\n"
    broken = "LIMITS = {}\n\n\ndef limit():\n    return LIMITS['none']\n\n\nlimit()\n"
    status, _, text = said(way, tmp_path, [], app=source, broken=broken)
    assert status == 1
    tail = text[text.index('  File "app.py", line 3, in <module>') :]
    steps = re.findall(r'File "(\w+\.py)", line (\d+), in (\S+)\n +(.*)', tail)
    assert steps == [
        ("app.py", "3", "<module>", "import broken"),
        ("broken.py", "8", "<module>", "limit()"),
        ("broken.py", "5", "limit", "return LIMITS['none']"),
    ]


LATE = """\
from typing import Annotated

from conduit import Conduit
from msgspec import Meta

Small = Annotated[int, Meta(le=9)]

app = Conduit()


@app.get("/plain")
def plain():
    return "plain"


@app.get("/small")
def small(value: "Small"):
    return value


globals().pop("Small")
"""


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_bound_is_told_at_its_declaration(way: str, tmp_path: Path) -> None:
    status, _, text = said(way, tmp_path, [], app=LATE)
    assert status == 1
    assert 'File "app.py", line 16, in declaration\n    @app.get("/small")\n' in text.replace("\\n", "\n")
    assert "NameError: name 'Small' is not defined" in text
    assert "wiring.py" not in text
