"""``Introspection(...)`` in a program, and in its settings: what is made of it, and what is refused."""

from pathlib import Path

import pytest
from conduit import Introspection
from conduit.introspection import entries

from conduitc.driver import analyse
from tests.frontend.programs import HEAD, app_of, codes, load
from tests.introspect.serving.programs import shop

IMPORT = "import os\nfrom conduit import Conduit, Introspection\n"
ON = "[tool.conduit.introspection]\nenabled = true\n"


def program(declared: str) -> str:
    return f"{IMPORT}app = Conduit({declared})\n"


@pytest.mark.parametrize(
    ("declared", "enabled"),
    [
        ("introspection=Introspection(enabled=True)", True),
        ("introspection=Introspection(enabled=True, token=os.environ['T'])", True),
        ("introspection=Introspection(enabled=os.environ.get('I') == '1')", None),
        ("introspection=Introspection(enabled=True, rate_limit='5/minute', memory_limit_mb=0.5)", True),
    ],
)
def test_enabled(tmp_path: Path, declared: str, enabled: bool | None) -> None:
    found = app_of(tmp_path, program(declared)).introspection
    assert found is not None
    assert (found.enabled, found.asked, found.secret) == (enabled, False, False)


@pytest.mark.parametrize(
    "declared",
    [
        "",
        "introspection=None",
        "introspection=Introspection()",
        "introspection=Introspection(token=os.environ['T'])",
        "introspection=Introspection(enabled=False)",
        "introspection=Introspection(enabled=None)",
    ],
)
def test_off(tmp_path: Path, declared: str) -> None:
    app = app_of(tmp_path, program(declared))
    assert app.introspection is None
    assert app.introspection_doors == ()


@pytest.mark.parametrize(
    ("declared", "there"),
    [
        ("", True),
        ("introspection=Introspection()", True),
        ("introspection=Introspection(enabled=True)", True),
        ("introspection=Introspection(enabled=False)", False),
    ],
)
def test_settings_decide_where_the_program_does_not(tmp_path: Path, declared: str, there: bool) -> None:
    (tmp_path / "pyproject.toml").write_text(ON)
    found = app_of(tmp_path, program(declared)).introspection
    assert (found is not None) == there
    assert found is None or (found.enabled, found.asked) == (True, True)


@pytest.mark.parametrize(
    "settings",
    [
        "[tool.conduit.introspection]\nenabled = false\n",
        "[tool.conduit]\nintrospection = true\n",
        "[tool.conduit.introspection]\nenabled = 'yes'\n",
        "[tool.other.introspection]\nenabled = true\n",
        "introspection = [broken",
        "tool = 'introspection'",
    ],
)
def test_settings_that_do_not_turn_it_on(tmp_path: Path, settings: str) -> None:
    (tmp_path / "pyproject.toml").write_text(settings)
    assert app_of(tmp_path, f"{HEAD}app = Conduit()\n").introspection is None


@pytest.mark.parametrize(
    "given",
    [
        "enabled='yes'",
        "enabled=1",
        "token=5",
        "token=[]",
        "token=['a', 5]",
        "rate_limit='often'",
        "rate_limit='0/second'",
        "rate_limit=100",
        "memory_limit_mb=0",
        "memory_limit_mb=-1",
        "memory_limit_mb=True",
        "memory_limit_mb='100'",
        "audit=True",
        "audit=''",
    ],
)
def test_wrong_values(tmp_path: Path, given: str) -> None:
    loaded = load(tmp_path, program(f"introspection=Introspection({given})"))
    assert codes(loaded) == ["CDT212 app.py:3"]
    option = given.partition("=")[0]
    assert loaded.diagnostics[0].message.startswith(f"`{option}=` of Introspection(...) must be ")


@pytest.mark.parametrize("given", ["True", "'on'", "{}", "[]", "Introspection", "dict(enabled=True)"])
def test_something_else(tmp_path: Path, given: str) -> None:
    loaded = load(tmp_path, program(f"introspection={given}"))
    assert codes(loaded) == ["CDT212 app.py:3"]


def test_options_that_there_are_not(tmp_path: Path) -> None:
    loaded = load(tmp_path, program("introspection=Introspection(enable=True)"))
    assert codes(loaded) == ["CDT210 app.py:3"]
    assert loaded.diagnostics[0].help == "did you mean `enabled`?"


@pytest.mark.parametrize("given", ["'0123456789abcdef'", "['a-token', os.environ['T']]", "NAMED"])
def test_a_token_in_the_source(tmp_path: Path, given: str) -> None:
    declared = f"introspection=Introspection(enabled=True, token={given})"
    text = f"{IMPORT}NAMED = 'abcdefgh'\napp = Conduit({declared})\n"
    (tmp_path / "app.py").write_text(text)
    found = [one for one in analyse(tmp_path / "app.py").diagnostics if one.rule.code == "CDT445"]
    assert [one.message for one in found] == ["the token of introspection looks like a secret"]
    assert found[0].help == "read it from the environment when the app starts"


def test_a_wrong_token_is_not_repeated(tmp_path: Path) -> None:
    loaded = load(tmp_path, program("introspection=Introspection(token=['hush', 5])"))
    assert "hush" not in loaded.diagnostics[0].message


@pytest.mark.parametrize(
    ("route", "taken"),
    [
        ("get('/introspect/v1')", True),
        ("get('/introspect/v1/')", True),
        ("get('/introspect/v1/x/:y')", True),
        ("route('/introspect/v1/x', methods=['*'])", True),
        ("post('/introspect/v1/x')", False),
        ("get('/introspect/v2')", False),
        ("get('/introspect')", False),
        ("get('/:a/v1/x')", False),
        ("get('/*all')", False),
    ],
)
def test_routes_where_it_stands(tmp_path: Path, route: str, taken: bool) -> None:
    text = program("introspection=Introspection(enabled=True)")
    handler = "y" if ":y" in route else "a" if ":a" in route else "all" if "*all" in route else ""
    (tmp_path / "app.py").write_text(f"{text}\n@app.{route}\ndef f({handler}):\n    return 1\n")
    found = [one.rule.code for one in analyse(tmp_path / "app.py").diagnostics if one.severity == "error"]
    assert found == (["CDT466"] if taken else [])


def test_without_introspection_the_paths_are_free(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        f"{HEAD}app = Conduit()\n@app.get('/introspect/v1')\ndef f():\n    return 1\n"
    )
    assert analyse(tmp_path / "app.py").diagnostics == ()


def test_it_only_records() -> None:
    one = Introspection(enabled=True, token="hush", rate_limit="nonsense", memory_limit_mb=-1)
    assert "hush" not in repr(one)
    with pytest.raises(TypeError):
        Introspection(enable=True)  # type: ignore[call-arg]


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("0", "false", " OFF ", "No"):
        monkeypatch.setenv("CONDUIT_INTROSPECTION_ENABLED", value)
        assert entries(Introspection(enabled=True), True, 2, "wiring.py", None) == [None, None]
    monkeypatch.delenv("CONDUIT_INTROSPECTION_ENABLED")
    assert entries(Introspection(enabled=False), True, 2, "wiring.py", None) == [None, None]
    assert entries(Introspection(), False, 2, "wiring.py", None) == [None, None]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "has no token: give Introspection"),
        ({"token": ""}, "has no token"),
        ({"token": []}, "has no token"),
        ({"token": ["a", ""]}, "has no token"),
        ({"token": [1]}, "is a text"),
        ({"token": "a b"}, "without blanks"),
        ({"token": "ü"}, "printable ASCII"),
        ({"token": "a", "rate_limit": "1/never"}, "a rate is a text such as"),
        ({"token": "a", "memory_limit_mb": 0}, "memory_limit_mb of Introspection is a number above 0"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(
    given: dict[str, object], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CONDUIT_INTROSPECTION_TOKEN", raising=False)
    with pytest.raises((TypeError, ValueError), match=why):
        entries(Introspection(enabled=True, **given), False, 2, __file__, None)  # type: ignore[arg-type]


def test_something_else_at_the_start() -> None:
    with pytest.raises(TypeError, match="introspection= is an Introspection, not dict"):
        entries({}, False, 2, "wiring.py", None)  # type: ignore[arg-type]


def test_the_program_of_the_other_tests(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(shop())
    assert [one.rule.code for one in analyse(tmp_path / "app.py").diagnostics] == []
