"""Made-up route tables, paths that hit and just miss them, and how to ask: what tests here share."""

import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote

from conduit.http.matching import Matcher
from hypothesis import strategies as st

from conduitc.codegen.dispatch_python import emit_python
from conduitc.codegen.plan import lower
from conduitc.ir.dispatch import DispatchPlan, Pattern
from conduitc.ir.nodes import Dynamic, Static
from conduitc.span import NOWHERE
from tests.dispatch.reference import Case, Part, free_of_conflicts

Finders = dict[str, tuple[Callable[[str], Any], Callable[[list[str]], Any]]]

METHODS = ("GET", "GET", "GET", "GET", "HEAD", "HEAD", "POST", "OPTIONS", "PURGE")

#: Few, so that routes share them; one with an escaped slash, one not ASCII, one that looks like a value.
STATICS = ("users", "me", "a", "b", "7", "", "übung", "a/b", "files", "0.5")

VALUES = {
    "int": ["0", "7", "-1", "-0", "999999999999999999", "1000000000000000000", "00", "+1", "1_0", "٣", "-"],
    "float": [
        "0.5",
        "-0.0",
        "1e5",
        "1E-400",
        "1e308",
        "1e309",
        "-1e999",
        "1.",
        ".5",
        "1e",
        "nan",
        "inf",
        "0x1",
        "12345678901234567",
        "123456789012345678",
        "0.12345678901234567",
        "0.123456789012345678",
        "1e1234",
    ],
    "uuid": [
        "12345678-1234-5678-1234-567812345678",
        "ABCDEFab-cdef-ABCD-efAB-cdefABCDEFab",
        "12345678123456781234567812345678",
        "1234567-81234-5678-1234-567812345678",
        "{12345678}",
    ],
    "str": ["x", "me", "ö", "日本", "a b", "a.b", "%", "a/b", "/", "..", "👋", "\x7f", "?"],
    "path": ["", "x", "x/y", "/", "a//b", "x/", "ö/日"],
}


def _refuses_some(values: tuple[Any, ...]) -> bool:
    """Stands for an enum or bounds: which values it refuses is neither rare nor everything."""
    return len(repr(values)) % 3 == 0


_PART = st.sampled_from(
    [Part("static", text) for text in STATICS]
    + [Part(kind) for kind in ("int", "float", "uuid", "str", "str")] * 3
)
_PARTS = st.builds(
    lambda head, tail: (*head, *tail),
    st.lists(_PART, max_size=4),
    st.sampled_from(((), (), (), (), (Part("path"),))),
)
_ALLOWED = st.sampled_from(
    (("GET",), ("GET",), ("GET",), ("POST",), ("HEAD",), ("*",), ("GET", "POST"), ("OPTIONS", "GET"))
)
_CASE = st.builds(Case, _ALLOWED, _PARTS, st.sampled_from((None, _refuses_some)))


@st.composite
def cases(draw: st.DrawFn, most: int = 16) -> list[Case]:
    """A route table without conflicts."""
    size = draw(st.sampled_from((1, 2, most // 2, most - 1, most)))
    return free_of_conflicts(draw(st.lists(_CASE, min_size=size, max_size=size)))


def patterns(table: Sequence[Case]) -> list[Pattern]:
    return [
        Pattern(
            index,
            case.methods,
            tuple(
                Static(part.text) if part.kind == "static" else Dynamic(f"p{place}", part.kind, NOWHERE)
                for place, part in enumerate(case.parts)
            ),
        )
        for index, case in enumerate(table)
    ]


def refiners(table: Sequence[Case]) -> list[Any]:
    """``refine`` as ``finders`` takes it: called with a hit, says whether the values are fine."""
    return [
        (lambda hit, refuses=case.refuses: not refuses(hit[1:])) if case.refuses else None for case in table
    ]


def python_finders(plan: DispatchPlan, table: Sequence[Case]) -> Finders:
    module: dict[str, Any] = {}
    exec(emit_python(plan, [repr(case.parts) for case in table]), module)
    found: Finders = module["finders"](list(range(len(table))), refiners(table))
    return found


def lowered(table: Sequence[Case]) -> DispatchPlan:
    return lower(patterns(table))


def raw_path(dice: random.Random, table: Sequence[Case]) -> str:
    """A path as it stands in a request, more often than not close to a route of the table."""
    segments: list[str] = []
    for part in dice.choice(table).parts:
        kind = part.kind if dice.random() < 0.8 else dice.choice(tuple(VALUES))
        segments += [part.text] if kind == "static" else [dice.choice(VALUES[kind])]
    if dice.random() < 0.3:
        segments.insert(dice.randint(0, len(segments)), dice.choice(STATICS))
    if dice.random() < 0.15 and segments:
        segments.pop(dice.randrange(len(segments)))
    raw = "".join(f"/{_escaped(dice, segment)}" for segment in segments)
    return quote(raw, safe="".join(map(chr, range(128)))) if "%" in raw else raw


def _escaped(dice: random.Random, segment: str) -> str:
    """``segment``, escaped where it must be, and here and there where it need not."""
    if dice.random() < 0.7:
        return segment.replace("%", "%25")
    return "".join(quote(c, safe="") if dice.random() < 0.5 else c.replace("%", "%25") for c in segment)


def segments_of(raw: str) -> list[str]:
    """The decoded segments of a raw path, as the language says."""
    return [unquote(segment) for segment in raw.split("/")[1:]]


def ask(finders: Finders, method: str, raw: str) -> Any:
    """The hit of a request, asked for as the serving core does."""
    return Matcher(finders).find(_scope(raw), method)


def status(finders: Finders, method: str, raw: str) -> tuple[int, frozenset[str]]:
    """What the serving core makes of the finders' silence."""
    if ask(finders, method, raw) is not None:
        return 200, frozenset()
    allowed = frozenset(Matcher(finders).allowed(_scope(raw)))
    return (405 if allowed else 404), allowed


def _scope(raw: str) -> dict[str, Any]:
    """Servers escape what is not ASCII; without an escape the decoded path counts."""
    return {"path": unquote(raw), "raw_path": raw.encode() if "%" in raw else None}
