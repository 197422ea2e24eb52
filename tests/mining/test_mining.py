"""Subjects → patterns: bounds, determinism, identity, and what many subjects cost."""

import json
from dataclasses import dataclass
from math import isclose, sqrt
from pathlib import Path

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from conduitc.analysis import analyse
from conduitc.codegen.metadata import emit_metadata
from conduitc.ir.patterns import CATEGORIES, Follower, Hole, Pattern, Subject, Trait
from conduitc.mined import patterns_of
from conduitc.mining import EXPLAINED, identity, mine
from conduitc.mining.wilson import lower
from conduitc.span import Span

SCHEMA = Path(__file__).parents[2] / "conduitc/codegen/metadata/schema-1.0.0.json"

# -- Wilson's bound --------------------------------------------------------------------------------

COUNTS = st.integers(0, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_bound_lies_below_the_share_and_grows(counts: tuple[int, int]) -> None:
    k, n = counts
    bound = lower(k, n)
    assert 0 <= bound <= (k / n if n else 1)
    assert bound <= lower(k + 1, n + 1)
    if n:
        assert lower(10 * k, 10 * n) >= bound or k == 0
        assert k == n or lower(k + 1, n) > bound


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_the_bound_is_where_the_share_is_just_at_the_end(counts: tuple[int, int]) -> None:
    """Wilson's interval: shares p with |k/n - p| at most z sqrt(p (1 - p) / n)."""
    k, n = counts
    p = lower(k, n)
    assert isclose(k / n - p, 1.959963984540054 * sqrt(p * (1 - p) / n), abs_tol=1e-9)


def test_known_values() -> None:
    assert [round(lower(n, n), 3) for n in (0, 3, 10, 100)] == [0.0, 0.439, 0.722, 0.963]
    assert round(lower(8, 10), 3) == 0.49 and lower(0, 10) == 0


# -- mining --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """A subject in short: its file and line, and the templates it has."""

    file: str
    line: int
    templates: tuple[str, ...]


TEMPLATES = [
    f"def {{handler}}(..., {name}=Depends({what}), ...)" for name in ("user", "{name}") for what in "abc"
]
MADE = st.lists(
    st.builds(
        Made,
        st.sampled_from(["a.py", "b.py", "c.py"]),
        st.integers(1, 1_000),
        st.lists(st.sampled_from(TEMPLATES), unique=True).map(tuple),
    ),
    max_size=40,
)


def subject(made: Made, kind: str = "handler") -> Subject:
    span = Span(made.file, made.line, 1, made.line + 3, 1)
    traits = tuple(
        Trait("auth", one, span, (Hole("handler", f"f{made.line}"), Hole("name", "u")))
        for one in made.templates
    )
    return Subject(kind, f"function:{made.file}{made.line}", span, (f"in {made.file}",), traits)


@given(MADE, st.randoms(use_true_random=False))
def test_the_order_of_subjects_does_not_matter(made: list[Made], random: object) -> None:
    subjects = [subject(one) for one in made]
    mixed = list(subjects)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert mine(mixed) == mine(subjects)


@given(MADE)
def test_what_a_pattern_says_is_so(made: list[Made]) -> None:
    subjects = [subject(one) for one in made]
    for one in mine(subjects):
        assert one.support == len(one.followers) >= 3
        assert one.n == one.support + len(one.exceptions)
        assert one.support >= 0.75 * one.n and isclose(
            one.confidence, lower(one.support, one.n), abs_tol=1e-4
        )
        assert one.id == identity(one.category, one.template) and one.category in CATEGORIES
        assert list(one.files) == sorted({x.span.file for x in one.followers})
        having = [x for x in subjects if any(t.template == one.template for t in x.traits)]
        assert {x.span for x in one.followers} <= {x.span for x in having}
        assert not {x.span for x in one.exceptions} & {x.span for x in one.followers} or len(
            {x.span for x in subjects}
        ) < len(subjects)


@given(MADE, st.integers(1, 10_000))
def test_an_id_stays_when_code_moves(made: list[Made], lines: int) -> None:
    moved = [Made(one.file, one.line + lines, one.templates) for one in made]
    before, after = (mine(map(subject, some)) for some in (made, moved))
    assert [(one.id, one.support, one.n) for one in before] == [(one.id, one.support, one.n) for one in after]


def test_an_id_is_that_of_category_and_template() -> None:
    assert identity("auth", "x()") == "pattern:auth/6c27ee437db3"
    assert identity("auth", "\ud800") != identity("error", "\ud800")


def test_a_part_must_hold_for_certain_more_often_than_the_whole() -> None:
    """Half of all do it; in one file three of three do, which may be chance, in another twelve of twelve."""
    template = TEMPLATES[0]
    some = [Made("few.py", at, (template,)) for at in range(3)]
    many = [Made("many.py", at, (template,)) for at in range(12)]
    others = [Made("other.py", at, ()) for at in range(15)]
    (found,) = mine(map(subject, some + many + others))
    assert (found.population, found.support, found.n, found.lift) == ("handlers in many.py", 12, 12, 2.0)


def test_of_two_that_say_the_same_the_special_one_is_told() -> None:
    special, general = TEMPLATES[0], TEMPLATES[3]
    every = [Made("a.py", at, (special, general)) for at in range(10)]
    assert [one.template for one in mine(map(subject, every))] == [special]
    most = [*every[:7], *(Made("a.py", at, (general,)) for at in range(20, 22))]
    assert [one.template for one in mine(map(subject, most))] == [general]


def test_ten_thousand_that_are_the_same() -> None:
    same = [subject(Made(f"{at % 40}.py", at, tuple(TEMPLATES[:1]))) for at in range(10_000)]
    other = [subject(Made("z.py", at, tuple(TEMPLATES[1:2]))) for at in range(2_000)]
    (found,) = [one for one in mine(same + other) if one.template == TEMPLATES[0]]
    assert (found.support, found.n) == (10_000, 12_000)
    assert [bool(one.why) for one in found.exceptions] == [True] * EXPLAINED + [False] * (2_000 - EXPLAINED)


def test_ten_thousand_patterns() -> None:
    """Each of ten thousand kinds of schemas has a base of its own."""
    subjects = []
    for at in range(10_000):
        for line in range(3):
            span = Span(f"{at}.py", line + 1, 1, line + 1, 9)
            trait = Trait("schema", f"class {{schema}}(Base{at}, ...)", span)
            subjects.append(Subject(f"kind{at}", "", span, (), (trait,)))
    assert len(mine(subjects)) == 10_000


# -- what is published --------------------------------------------------------------------------------

PROGRAM = '''
from fastapi import Depends, FastAPI

app = FastAPI()


def user_of(key): ...


@app.get("/a")
def a(user=Depends(user_of("sk-ant-0123456789abcdef0123456789"))):
    """Ask ada@example.org."""


@app.get("/b")
def b(user=Depends(user_of("sk-ant-0123456789abcdef0123456789"))):
    """Of b."""


@app.get("/c")
def c(user=Depends(user_of("sk-ant-0123456789abcdef0123456789"))):
    """Of c."""
'''


def published(folder: Path, *more: Pattern, stripped: bool = False) -> tuple[str, dict[str, object]]:
    (folder / "app.py").write_text(PROGRAM)
    analysis = analyse(folder / "app.py")
    assert analysis.app is not None
    text = emit_metadata(analysis.app, (), (*patterns_of(analysis), *more), stripped=stripped)
    document = json.loads(text)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    return text, document


def test_what_is_published_has_no_secrets(tmp_path: Path) -> None:
    text, document = published(tmp_path)
    assert len(document["patterns"]) >= 2  # type: ignore[arg-type]
    assert "sk-ant" not in text and "ada@" not in text and "[redacted]" in text


def test_a_template_that_holds_a_secret_is_not_told(tmp_path: Path) -> None:
    at = Follower("", Span("app.py", 1, 1, 1, 2))
    template = "raise E(detail='ada@example.org', ...)"
    one = Pattern(
        identity("error", template), "error", "x", template, (), "errors", 3, 3, 0.44, 1.0, ("app.py",),
        (at,) * 3, (), at, "raise E(detail='ada@example.org')",
    )  # fmt: skip
    assert "ada@" not in published(tmp_path, one)[0]
    named = structs.replace(one, template="raise E(...)", name="mail ada@example.org")
    text, document = published(tmp_path, named)
    assert "ada@" not in text and document["patterns"][-1]["name"] == "mail [redacted]"  # type: ignore[index]


def test_stripped_patterns_have_no_texts_and_no_places(tmp_path: Path) -> None:
    text, document = published(tmp_path, stripped=True)
    patterns = document["patterns"]
    assert patterns and '"span"' not in json.dumps(patterns) and "Of b." not in text
    assert not any(texts for one in patterns for texts in one["holes"].values())  # type: ignore[attr-defined]
