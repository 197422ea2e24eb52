"""``check`` and ``explain``: what they print and how they exit; the JSON keeps to its schema."""

import json
from pathlib import Path

import jsonschema
import pytest

import conduitc.report.json
from conduitc.cli.check import check_command
from conduitc.cli.explain import explain_command
from conduitc.diagnostics import Edit, Fix, Rule
from conduitc.report.rules import all_rules
from conduitc.span import Span

SCHEMA = json.loads(
    Path(conduitc.report.json.__file__).with_name("diagnostics.schema.json").read_text(encoding="utf-8")
)
FINE = 'from conduit import Conduit\n\napp = Conduit()\n\n@app.get("/{x}")\ndef f(x: int):\n    return x\n'
#: An error with two places and a fix.
CONFLICT = FINE + '\n@app.get("/{y}")\ndef g(y: int):\n    return y\n'
WARNING = FINE.replace("{x}", "{z}")
HINT = 'from conduit import Conduit\n\napp = Conduit()\n\n@app.post("/")\ndef f(x: dict):\n    return 1\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (FINE, 0, "no problems found"),
        (HINT, 0, "1 hint"),
        (WARNING, 1, "1 warning"),
        (CONFLICT, 1, "1 error"),
        ("x = (", 1, "1 error"),
        ("", 0, ""),
    ],
)
def test_exit_and_count(
    text: str, code: int, said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, app=text)
    assert check_command(["app.py"], "text", False, False) == code
    assert said in capsys.readouterr().out
    assert check_command(["app.py"], "text", True, False) == 0


def test_several_paths(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "sub").mkdir()
    write(here, one=FINE, two=WARNING)
    write(here / "sub", app=CONFLICT)
    assert check_command(["one.py", "two.py", "sub/app.py", "two.py"], "text", False, False) == 1
    out = capsys.readouterr().out
    assert "--> two.py:5:" in out
    assert "--> sub/app.py:9:" in out
    assert '9 | @app.get("/{y}")' in out
    assert out.endswith("1 error, 1 warning\n")


def test_missing_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_command(["nowhere.py"], "text", False, False) == 1
    assert "nowhere.py" in capsys.readouterr().out


def test_quiet(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, hint=HINT, warning=WARNING)
    assert check_command(["hint.py"], "text", False, True) == 0
    assert capsys.readouterr().out == ""
    assert check_command(["warning.py", "hint.py"], "text", False, True) == 1
    assert capsys.readouterr().out.endswith("1 warning\n")


@pytest.mark.parametrize("text", [FINE, HINT, WARNING, CONFLICT, "x = ("])
def test_json(text: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, app=text)
    outputs = []
    for _ in range(2):
        check_command(["app.py"], "json", False, False)
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(outputs[0]))


def test_json_says_what_the_text_says(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, app=CONFLICT)
    check_command(["app.py"], "json", False, False)
    document = json.loads(capsys.readouterr().out)
    (one,) = document["diagnostics"]
    assert (document["version"], document["summary"]["error"]) == (1, 1)
    assert (one["code"], one["rule"], one["severity"]) == ("CDT240", "route-conflict", "error")
    assert one["place"] == {"file": "app.py", "line": 9, "column": 10, "end_line": 9, "end_column": 16}
    assert [other["place"]["line"] for other in one["others"]] == [5]
    assert one["fix"]["replacement"] == '"/by-y/{y}"'


def test_all_edits_of_a_fix_are_in_the_json() -> None:
    rule = Rule("CDT999", "a-rule", "error", "it is {what}", "Docs.", "", "")
    first, second = Span("app.py", 1, 1, 1, 2), Span("other.py", 3, 1, 4, 1)
    fix = Fix("both", first, "x", also=(Edit(second, ""),), safe=True)
    document = json.loads(conduitc.report.json.render([rule.at(first, fix=fix, what="wrong")]))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    [one] = document["diagnostics"]
    assert one["fix"]["safe"] is True
    assert [(edit["place"]["file"], edit["replacement"]) for edit in one["fix"]["also"]] == [("other.py", "")]


def test_missing_file_in_json_has_no_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_command(["nowhere.py"], "json", False, False)
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert document["diagnostics"][0]["place"] is None


@pytest.mark.parametrize("name", ["CDT240", "cdt240", "240", "route-conflict", "Route-Conflict"])
def test_explain(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain_command(name) == 0
    out = capsys.readouterr().out
    assert out.startswith("CDT240 route-conflict\n")
    assert "Wrong:" in out
    assert "Right:" in out


def test_explain_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain_command("rout-conflict") == 2
    assert "did you mean route-conflict?" in capsys.readouterr().err


def test_rules_are_sorted_and_more_than_a_few() -> None:
    codes = [rule.code for rule in all_rules()]
    assert codes == sorted(codes)
    assert len(codes) >= 40
