"""Golden frames: what a terminal gets for lines, places and widths of every sort, as plain text.

``frames.txt`` holds a part for each case below, ``=== name`` and what is printed. ``make golden`` rewrites
it; read the diff. The cases are here, for they hold what a text file cannot keep (tabs, returns, marks).
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conduitc.diagnostics import Diagnostic, Edit, Fix, Label, Rule
from conduitc.report import github, sarif
from conduitc.report.cells import width_of
from conduitc.report.text import render
from conduitc.span import LINE_END, NOWHERE, Span

FILE = Path(__file__).parent / "frames.txt"
UPDATE = os.environ.get("CONDUIT_GOLDEN") == "update"
ERROR = Rule("CDT999", "an-error", "error", "{what}", "Why it matters.", "", "")
LONG = (
    "the handler of this route takes a parameter which nothing in the path, the query or the body can give it"
)


def at(line: int, column: int, end: int, end_line: int | None = None, file: str = "app.py") -> Span:
    return Span(file, line, column, end_line or line, end)


def one(span: Span, label: str | None = "here", what: str = "it is wrong", **more: object) -> Diagnostic:
    return ERROR.at(span, label=label, what=what, **more)  # type: ignore[arg-type]


@dataclass
class Case:
    found: Diagnostic
    text: str = ""
    width: int | None = None
    others: dict[str, str] = field(default_factory=dict)

    def shown(self) -> str:
        return render([self.found], {"app.py": self.text, **self.others}, width=self.width)


FIX = Fix(
    "take both",
    at(2, 7, 8),
    "b, c",
    also=(
        Edit(at(5, 1, 1, 6), ""),
        Edit(at(9, 5, 5), "await "),
        Edit(at(1, 1, 1, file="b.py"), "import x\n"),
    ),
)
TEXT = "import a\ndef f(b):\n    x = 1\n    return b\nold line\nkept\n\n\n    call()\n"
ROUTE = '@app.get("/users/{id}/posts/{post}", name="posts of one user", tags=["users", "posts"])'

CASES = {
    "tabs": Case(one(at(1, 3, 6)), "\t\tfoo\t= bar"),
    "wide": Case(one(at(1, 6, 9)), "名前 = 東京都 + x"),
    "emoji": Case(one(at(1, 10, 13)), 'x = "🎉🎉" + bad'),
    "combining": Case(one(at(1, 8, 11)), "e\u0301a\u0308 = bad_"),
    "variation-selector": Case(one(at(1, 6, 9)), "❤\ufe0f = bad"),
    "hangul-joined": Case(one(at(1, 7, 10)), "\u1100\u1161\u11a8 = bad"),
    "control-and-bidi": Case(
        one(at(1, 5, 8), "la\x1bbel\u2066", "me\x07ss\u202eage\r\nmore", help="\x1b[2J"),
        "x = bad\x1b[31m\u202e#\x00",
    ),
    "control-in-a-file-name": Case(one(at(1, 1, 2, file="a\x1b[2J.py")), others={"a\x1b[2J.py": "x"}),
    "crlf": Case(one(at(2, 1, 4)), "one\r\ntwo\r\nthree\r\n"),
    "cr": Case(one(at(2, 1, 4)), "one\rtwo\rthree"),
    "form-feed-and-line-separator": Case(one(at(2, 2, 6)), "one\n\x0ctwo\u2028x\nthree"),
    "empty-file": Case(one(at(1, 1, 1)), ""),
    "beyond-the-line": Case(one(at(1, 90, 95)), "short"),
    "beyond-the-file": Case(one(at(9, 1, 2), labels=(Label(at(8, 1, 2), "and there"),)), "one line"),
    "nowhere": Case(one(NOWHERE, help="look elsewhere")),
    "several-lines": Case(one(at(1, 5, 2, 3)), "x = f(\n    1,\n)\n"),
    "zero-columns": Case(one(at(1, 3, 3)), "ab cd"),
    "secret": Case(one(at(1, 1, 8)), 'api_key = "sk-3fT9xLq2ZpW8vB4nR7cJ1mK5"'),
    "secret-cut-by-the-window": Case(
        one(at(1, 101, 104)), "x" * 96 + ' f( bad, "sk-3fT9xLq2ZpW8vB4nR7cJ1mK53fT9xLq2ZpW8vB4nR7cJ1mK5")', 60
    ),
    "fix": Case(one(at(2, 7, 8), fix=FIX), TEXT, others={"b.py": "import y\n"}),
    "fix-over-lines": Case(
        one(at(2, 1, 4), fix=Fix("join", at(2, 1, 5, 3), "a\nb\nc")), "one\ntwo\nthree\nfour\n"
    ),
    "fix-without-text": Case(
        one(at(2, 7, 8, file="gone.py"), fix=Fix("say so", at(2, 1, 2, file="gone.py"), "a\tb\x1b"))
    ),
    "fix-takes-whole-lines": Case(
        one(at(2, 1, 4), fix=Fix("drop", at(2, 1, 1, 4), "")), "one\ntwo\nthree\nfour\n"
    ),
    "fix-twice-in-a-line": Case(
        one(at(1, 1, 4), fix=Fix("both", at(1, 9, 12), "y", also=(Edit(at(1, 1, 4), "x"),))), "one and two\n"
    ),
    "fix-leaves-lines-around": Case(
        one(at(1, 1, 4), fix=Fix("one", at(1, 1, 6, 3), "one\nTWO\nthree")), "one\ntwo\nthree\n"
    ),
    "narrow-word-that-is-longer": Case(
        one(at(1, 1, 4), "a" * 50, "b" * 70, help=f"see {'c' * 45} there"), "one", 40
    ),
    "narrow": Case(
        one(
            at(1, 10, 36), "takes nothing called `post`", LONG, help=LONG, labels=(Label(at(3, 1, 4), LONG),)
        ),
        f"{ROUTE}\n\nend",
        50,
    ),
    "narrow-mark-at-the-end": Case(one(at(1, 73, 80)), ROUTE, 50),
    "narrow-wide-characters": Case(one(at(1, 41, 43)), "# " + "日本語" * 20, 40),
    "narrow-tabs": Case(one(at(1, 21, 24)), "\t" * 20 + "bad = 1", 40),
    "narrower-than-anything": Case(one(at(1, 10, 36), "nothing"), ROUTE, 1),
}


def written() -> str:
    return "".join(f"=== {name}\n{case.shown()}\n\n" for name, case in CASES.items())


@pytest.mark.skipif(UPDATE, reason="being rewritten")
@pytest.mark.parametrize("name", CASES)
def test_frame(name: str) -> None:
    parts = dict(part.split("\n", 1) for part in FILE.read_text(encoding="utf-8").split("=== ")[1:])
    assert CASES[name].shown() == parts[name].removesuffix("\n\n")


@pytest.mark.parametrize("name", CASES)
def test_what_holds_of_every_frame(name: str) -> None:
    case = CASES[name]
    texts = {"app.py": case.text, **case.others}
    lines = {file: LINE_END.split(text) for file, text in texts.items()}
    for width in (1, 20, 33, 80, None):
        shown = render([case.found], texts, width=width)
        assert all(line.isprintable() for line in shown.split("\n"))
        if width:
            assert all(width_of(line) <= max(width, 20) for line in shown.split("\n") if "-->" not in line), (
                shown
            )
        colored = render([case.found], texts, width=width, color=True)
        assert stripped(colored) == shown
    assert "\x1b" not in sarif.render([case.found], lines)
    assert all(line.isprintable() for line in github.render([case.found]).split("\n"))


def stripped(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.mark.skipif(not UPDATE, reason="CONDUIT_GOLDEN=update rewrites the cases")
def test_rewrite() -> None:
    FILE.write_text(written(), encoding="utf-8")
