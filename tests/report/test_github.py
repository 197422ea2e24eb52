"""Annotations of GitHub Actions: one command a line, with nothing in it that could be another."""

import re
from pathlib import Path

import pytest

from conduitc.cli.check import check_command
from conduitc.diagnostics import Fix, Label, Rule
from conduitc.report import github
from conduitc.span import NOWHERE, Span
from tests.report.programs import CONFLICT, UNREAD, write

RULE = Rule("CDT999", "a-rule", "error", "{what}", "Docs.", "", "")
#: What the runner takes for a command at the beginning of a line.
COMMAND = re.compile(r"::(error|warning|notice) (\S.*?)::(.*)")


def decoded(text: str) -> str:
    """As the runner reads it."""
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    found = COMMAND.fullmatch(line)
    assert found, line
    properties = dict(one.split("=", 1) for one in found[2].split(","))
    return found[1], {name: decoded(value) for name, value in properties.items()}, decoded(found[3])


def test_a_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    write(tmp_path, app=CONFLICT)
    assert check_command(["app.py"], "github", exit_zero=True, quiet=True) == 0
    assert capsys.readouterr().out.startswith("::error ")
    assert check_command(["app.py"], "github") == 1
    line, count = capsys.readouterr().out.splitlines()
    kind, properties, said = parsed(line)
    assert (kind, count) == ("error", "1 error")
    assert properties == {
        "file": "app.py",
        "line": "11",
        "col": "10",
        "endLine": "11",
        "endColumn": "16",
        "title": "CDT240 route-conflict",
    }
    first, *more = said.split("\n")
    assert first == "GET `/{y:int}` conflicts with `/{x:int}`: both take `/1`"
    assert any(one.startswith("app.py:6:10: `f` answers GET") for one in more)
    assert any(one.startswith("fix: ") for one in more)


def test_nothing_in_a_finding_ends_its_property_or_its_line() -> None:
    span = Span("a,b:c%\n.py", 2, 3, 2, 4)
    nasty = "50%, or: 100%\r\n::error::no\x1b[31m"
    one = RULE.at(span, what=nasty, help=nasty, label=nasty, labels=(Label(NOWHERE, nasty),))
    [line, _] = github.render([one]).split("\n")
    assert "\r" not in line and "\x1b" not in line
    _, properties, said = parsed(line)
    assert properties["file"] == "a,b:c%\N{REPLACEMENT CHARACTER}.py"
    assert set(properties) == {"file", "line", "col", "endLine", "endColumn", "title"}
    assert said.startswith("50%, or: 100%")
    assert github._data("50%\r\n, :") == "50%25%0D%0A, :"
    assert github._property("50%\r\n, :") == "50%25%0D%0A%2C %3A"


def test_severities_and_places_without_columns_or_without_a_file() -> None:
    hint = Rule("CDT998", "a-hint", "info", "{what}", "Docs.", "", "")
    warning = Rule("CDT997", "a-warning", "warning", "{what}", "Docs.", "", "")
    found = [
        hint.at(Span("a.py", 1, 2, 4, 1), what="long", fix=Fix("f", NOWHERE, "")),
        warning.at(NOWHERE, what="nowhere"),
    ]
    first, second, count = github.render(found).split("\n")
    assert parsed(first)[:2] == (
        "notice",
        {"file": "a.py", "line": "1", "endLine": "4", "title": "CDT998 a-hint"},
    )
    assert parsed(second)[:2] == ("warning", {"title": "CDT997 a-warning"})
    assert count == "1 warning, 1 hint"


@pytest.mark.parametrize(
    ("workspace", "file"),
    [(".", "sub/app.py"), ("sub", "app.py"), ("other", "sub/app.py"), ("", "sub/app.py")],
)
def test_files_are_named_from_the_workspace(
    workspace: str,
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", app=UNREAD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace) if workspace else "")
    check_command(["sub/app.py"], "github")
    assert parsed(capsys.readouterr().out.splitlines()[0])[1]["file"] == file
