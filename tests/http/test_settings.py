"""Settings: what is allowed, whence they come, and that docs and completion know each."""

import re
from pathlib import Path

import pytest
from conduit.server.settings import FIELDS, Field, SettingError, Settings, environment_of
from conduit.server.words import parser

DOCS = Path(__file__).parents[2] / "docs" / "deployment.md"


def test_defaults() -> None:
    made = Settings()
    assert {field.name: getattr(made, field.name) for field in FIELDS} == {
        field.name: field.default for field in FIELDS
    }
    assert all(field.least <= field.default <= field.most for field in FIELDS)
    with pytest.raises(TypeError, match="no setting 'nonsense'"):
        Settings(nonsense=1)
    with pytest.raises(AttributeError):
        made.nonsense = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_by_environment_and_flag(field: Field) -> None:
    read = parser("conduitc run").parse_args
    assert getattr(read(["dist"]), field.name) is None
    if isinstance(field.default, bool):
        texts = {"1": True, "true": True, "ON": True, "0": False, "no": False}
        words = {(field.flag,): True, (field.flag.replace("--", "--no-"),): False}
    else:
        kind = type(field.default)
        texts = {
            f"{kind(one):f}" if kind is float else str(one): kind(one) for one in (field.least, field.most)
        }
        words = {(flag, text): value for text, value in texts.items() for flag in (field.flag, *field.also)}
    for text, value in texts.items():
        found = getattr(Settings.from_environment({field.variable: text}), field.name)
        assert found == value and type(found) is type(field.default)
    for said, value in words.items():
        assert getattr(read(["dist", *said]), field.name) == value
        assert getattr(Settings.from_environment(environment_of({field.name: value})), field.name) == value
    for text in ("x", "-1", "1e5", "nan", "٣", "1" * 30, "1.2.3", "0x10"):
        with pytest.raises(SettingError) as refused:
            Settings.from_environment({field.variable: text})
        assert str(refused.value) == f"{field.variable}: {text!r} is not {field.allowed}"


def test_what_goes_before_what() -> None:
    environ = {"CONDUIT_HTTP_HEADER_FIELDS": "7", "CONDUIT_HTTP_TARGET_BYTES": " "}
    made = Settings.from_environment(environ, header_fields=8, target_bytes=99, body_rate=None)
    assert (made.header_fields, made.target_bytes, made.body_rate) == (7, 99, 240)


def test_the_docs_have_the_table() -> None:
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in DOCS.read_text("utf-8").splitlines()
        if re.match(r"\| `--[a-z-]+`.* `CONDUIT_HTTP_", line)
    ]
    expected = []
    for field in FIELDS:
        flags = "`, `".join((field.flag, *field.also))
        default = "off" if isinstance(field.default, bool) else f"{field.default:.15g}"
        expected.append([flags, field.variable, default, field.what])
    assert rows == expected
