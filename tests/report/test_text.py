"""Code frames: what is underlined stands under what is meant, whatever the line holds."""

import io

import pytest

from conduitc.diagnostics import Diagnostic, Fix, Label, Rule
from conduitc.report.cells import cells
from conduitc.report.text import counted, render, wants_color
from conduitc.span import NOWHERE, Span

RULE = Rule("CDT999", "a-rule", "error", "it is {what}", "Docs.", "", "")
HINT = Rule("CDT998", "a-hint", "info", "it is {what}", "Docs.", "", "")


def at(line: int, column: int, end: int, file: str = "app.py", end_line: int | None = None) -> Span:
    return Span(file, line, column, end_line or line, end)


def shown(one: Diagnostic, **texts: str) -> list[str]:
    return render([one], {f"{name}.py": text for name, text in texts.items()}).split("\n")[:-2]


def test_one_place() -> None:
    one = RULE.at(at(2, 5, 8), label="here", help="do this", what="wrong")
    assert shown(one, app="first\na = bcd + e\n") == [
        "error[CDT999]: it is wrong",
        " --> app.py:2:5",
        "  |",
        "2 | a = bcd + e",
        "  |     ^^^ here",
        "help: do this",
    ]


def test_two_places_far_apart_and_in_another_file() -> None:
    labels = (Label(at(2, 1, 3), "first"), Label(at(1, 1, 4, "other.py"), "there"))
    one = RULE.at(at(12, 1, 2), label="second", labels=labels, what="wrong")
    text = "\n".join(f"{i:02}" for i in range(1, 20))
    assert shown(one, app=text, other="abc")[1:] == [
        "  --> app.py:12:1",
        "   |",
        " 2 | 02",
        "   | -- first",
        "...",
        "12 | 12",
        "   | ^ second",
        "  ::: other.py:1:1",
        "   |",
        " 1 | abc",
        "   | --- there",
    ]


def test_a_line_between_two_is_shown() -> None:
    one = RULE.at(at(3, 1, 2), labels=(Label(at(1, 1, 2), "x"),), what="w")
    assert "2 | b" in shown(one, app="a\nb\nc")


@pytest.mark.parametrize(
    ("line", "column", "end", "carets"),
    [
        ("\tx = 1", 2, 3, " " * 4 + "^"),
        ("a\tb", 3, 4, " " * 5 + "^"),
        ("日本 = x", 6, 7, " " * 7 + "^"),
        ("日本 = x", 1, 3, "^^^^"),
        ("e\u0301 = x", 6, 7, "     ^"[1:]),
        ("x = 1", 6, 6, "     ^"),
        ("x", 40, 44, " ^"),
    ],
)
def test_tabs_wide_and_combining_characters(line: str, column: int, end: int, carets: str) -> None:
    assert shown(RULE.at(at(1, column, end), what="w"), app=line)[-1] == f"  | {carets}"


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = "x = '\x1b[31m\x07\u202e'"
    out = render([RULE.at(at(1, 1, 2), what="\x1b[2J", help="\x9b")], {"app.py": text})
    assert not any(one in out for one in "\x1b\x07\u202e\x9b")
    assert cells("a\x00b")[0] == "a\N{REPLACEMENT CHARACTER}b"


def test_a_line_of_ten_megabytes_is_cut() -> None:
    line = "x" * 5_000_000 + "HERE" + "y" * 5_000_000
    out = shown(RULE.at(at(1, 5_000_001, 5_000_005), label="this", what="w"), app=line)
    assert max(map(len, out)) < 200
    marked, carets = out[-2], out[-1]
    assert marked[carets.index("^") : carets.index("^") + 4] == "HERE"
    assert carets.endswith("^^^^ this")


def test_several_lines_are_marked_to_the_end_of_the_first() -> None:
    assert shown(RULE.at(at(1, 3, 2, end_line=2), what="w"), app="f(abc,\n)")[-1] == "  |   ^^^^"


def test_places_without_text() -> None:
    assert shown(RULE.at(NOWHERE, what="w")) == ["error[CDT999]: it is w"]
    one = RULE.at(at(3, 1, 2), labels=(Label(at(4, 1, 2), "and this"),), what="w")
    assert shown(one)[1:] == [" --> app.py:3:1", "  | app.py:4:1: and this"]
    assert shown(RULE.at(at(30, 1, 2), what="w"), app="one line")[1:] == ["  --> app.py:30:1"]


def test_fix_shows_the_line_before_and_after() -> None:
    fix = Fix("say it so", at(2, 5, 8), "xy")
    out = shown(RULE.at(at(2, 5, 8), fix=fix, what="w"), app="1\na = bcd + e\n")
    assert out[-4:] == ["fix: say it so", "  |", "2 - a = bcd + e", "2 + a = xy + e"]


def test_secrets_are_masked() -> None:
    out = render([RULE.at(at(1, 1, 2), what="w")], {"app.py": 'key = "sk-3fT9xLq2ZpW8vB4nR7cJ1mK5"'})
    assert "3fT9" not in out


def test_counts() -> None:
    some = [RULE.at(NOWHERE, what="w"), RULE.at(NOWHERE, what="v"), HINT.at(NOWHERE, what="u")]
    assert counted(some) == "2 errors, 1 hint"
    assert counted([]) == "no problems found"
    assert render([]) == "no problems found"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colour_only_on_a_terminal_and_never_against_ones_will(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color(Terminal())
    assert not wants_color(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(Terminal())


def test_colour_changes_nothing_else() -> None:
    import re

    one = RULE.at(at(1, 1, 2), label="x", help="y", fix=Fix("z", at(1, 1, 2), "b"), what="w")
    colored = render([one], {"app.py": "a = 1"}, color=True)
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == render([one], {"app.py": "a = 1"})


def test_a_file_is_split_once_however_much_was_found_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    splits = []

    class Counted:
        def split(self, line: str) -> list[str]:
            splits.append(line)
            return line.split("\n")

    monkeypatch.setattr("conduitc.report.text.LINE_END", Counted())
    found = [RULE.at(at(1, 1, 2), fix=Fix("z", at(1, 1, 2), "b"), what=str(number)) for number in range(5)]
    assert render(found, {"app.py": "a = 1\n"}).count("1 | a = 1") == 5
    assert splits == ["a = 1\n"]
