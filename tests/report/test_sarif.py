"""SARIF: what is written keeps to the official schema and says what the text report says."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conduitc.cli.check import check_command
from conduitc.cli.findings import from_here
from conduitc.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from conduitc.report import sarif
from conduitc.span import LINE_END, NOWHERE, Span
from tests.report.programs import CONFLICT, UNREAD, write
from tests.rules.cases import WITH_CASES, analysed

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema/sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
RULES = {
    severity: Rule(f"CDT99{number}", f"a-{severity}", severity, "it is {what}", "Docs.", "", "")
    for number, severity in enumerate(("error", "warning", "info"))
}


def run_of(text: str) -> dict[str, Any]:
    """The only run of a document, which keeps to the schema."""
    document = json.loads(text)
    VALIDATOR.validate(document)
    [run] = document["runs"]
    return dict(run)


def checked(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    write(folder, app=text)
    check_command(["app.py"], "sarif")
    return run_of(capsys.readouterr().out)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_conflict_has_its_other_place_and_its_fix(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = checked(here, CONFLICT, capsys)
    [result], [rule] = run["results"], run["tool"]["driver"]["rules"]
    assert (run["tool"]["driver"]["name"], run["columnKind"]) == ("conduitc", "unicodeCodePoints")
    assert (rule["id"], rule["name"]) == ("CDT240", "RouteConflict")
    assert rule["help"]["text"].startswith("CDT240 route-conflict\n")
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("CDT240", 0, "error")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "app.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 11, "startColumn": 10, "endLine": 11, "endColumn": 16}
    [other] = result["relatedLocations"]
    assert other["physicalLocation"]["region"]["startLine"] == 6
    assert "`f` answers GET" in other["message"]["text"]
    [change] = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == '"/by-y/{y}"'
    assert "baselineState" not in result
    assert str(here) not in json.dumps(run)


def test_a_clean_program_is_a_run_without_results(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = checked(here, "", capsys)
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_the_same_program_gives_the_same_bytes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(here, UNREAD + CONFLICT, capsys) == checked(here, UNREAD + CONFLICT, capsys)


def test_levels_rules_in_use_and_places_that_are_nowhere() -> None:
    found = [RULES[name].at(NOWHERE, what=name) for name in ("info", "error", "warning", "error")]
    run = run_of(sarif.render(found, {}))
    assert [one["level"] for one in run["results"]] == ["note", "error", "warning", "error"]
    assert [one["ruleIndex"] for one in run["results"]] == [2, 0, 1, 0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CDT990", "CDT991", "CDT992"]
    assert not any("locations" in one for one in run["results"])


def test_all_edits_of_a_fix_by_file_and_what_names_need_in_a_uri() -> None:
    fix = Fix(
        "two files",
        Span("a b/ü#?%.py", 1, 1, 1, 3),
        "x",
        also=(Edit(Span("c:d.py", 2, 1, 2, 1), "y"), Edit(Span("a b/ü#?%.py", 4, 1, 5, 1), "")),
    )
    one = RULES["error"].at(fix.span, fix=fix, what="w", labels=(Label(NOWHERE, "lost"),))
    [result] = run_of(sarif.render([one], {}))["results"]
    first, second = result["fixes"][0]["artifactChanges"]
    assert first["artifactLocation"]["uri"] == "a%20b/%C3%BC%23%3F%25.py"
    assert second["artifactLocation"]["uri"] == "c%3Ad.py"
    assert [len(change["replacements"]) for change in (first, second)] == [2, 1]
    assert first["replacements"][1] == {
        "deletedRegion": {"startLine": 4, "startColumn": 1, "endLine": 5, "endColumn": 1},
        "insertedContent": {"text": ""},
    }
    assert "relatedLocations" not in result


def test_regions_count_from_1_and_never_end_before_they_start() -> None:
    one = RULES["error"].at(Span("a.py", 0, 0, 0, 0), what="w")
    two = RULES["error"].at(Span("a.py", 3, 9, 3, 2), what="w")
    regions = [
        result["locations"][0]["physicalLocation"]["region"]
        for result in run_of(sarif.render([one, two], {}))["results"]
    ]
    assert regions == [
        {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
        {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 9},
    ]


def marks(here: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [one["partialFingerprints"]["conduitcLine/v1"] for one in checked(here, text, capsys)["results"]]


def test_fingerprints_stay_when_lines_move(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = UNREAD + UNREAD.partition("\n\n\n")[2].replace("f(x", "h(x").replace("/{x}", "/h/{x}")
    before = marks(here, twice, capsys)
    assert len(before) == len(set(before)) > 1
    assert marks(here, "# one line more\n\n" + twice.replace("    return", "  return"), capsys) == before
    assert marks(here, twice.replace("/unread/", "/other/"), capsys) != before


@pytest.mark.parametrize("rule", WITH_CASES, ids=lambda rule: rule.code)
def test_what_every_rule_reports_keeps_to_the_schema(rule: Rule, here: Path) -> None:
    found, texts = from_here(analysed(here, rule.bad), "app.py")
    lines = {file: LINE_END.split(text) for file, text in texts.items()}
    assert run_of(sarif.render(found, lines, state="new"))["results"]


@pytest.mark.skipif(
    not os.environ.get("CONDUIT_SOAK"), reason="CONDUIT_SOAK=1 installs Microsoft's validator"
)
def test_microsofts_validator_finds_no_fault(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    package = "@microsoft/sarif-multitool-linux@5.7.0"
    subprocess.run(["npm", "install", "--prefix", "tool", package], check=True, capture_output=True)
    tool = here / "tool/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
    tool.chmod(0o755)
    write(here, app=CONFLICT + UNREAD.partition("\n\n\n")[2].replace("f(x", "h(x"))
    check_command(["app.py"], "sarif")
    (here / "found.sarif").write_text(capsys.readouterr().out, encoding="utf-8")
    command = [str(tool), "validate", "found.sarif", "--rule-kind", "Sarif;Gh", "-o", "faults.sarif"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    [run] = json.loads((here / "faults.sarif").read_text(encoding="utf-8-sig"))["runs"]
    faults = {one["ruleId"] for one in run.get("results", []) if one.get("level", "warning") == "error"}
    assert run["invocations"][0]["executionSuccessful"] and faults == set()


def test_a_secret_in_a_message_is_masked_and_a_fix_with_one_left_out(here: Path) -> None:
    secret = "sk-3fT9xLq2ZpW8vB4nR7cJ1mK5"
    write(here, app=f'key = "{secret}"\n')
    span = Span("app.py", 1, 1, 1, 4)
    one: Diagnostic = RULES["error"].at(
        span,
        help=f"not {secret}",
        label=secret,
        labels=(Label(span, secret),),
        fix=Fix("f", span, secret),
        what=secret,
    )
    [moved], texts = from_here([one], "app.py")
    assert moved.fix is None
    assert secret not in sarif.render([moved], {file: text.split("\n") for file, text in texts.items()})
