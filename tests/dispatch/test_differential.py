"""The reference matcher, the Python target and the Cython target's tables give the same answers."""

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduitc import toolchain
from conduitc.codegen.dispatch_cython import emit_cython
from conduitc.codegen.tables import pack
from conduitc.ir.dispatch import DispatchPlan
from tests.dispatch import reference
from tests.dispatch.conftest import load_native
from tests.dispatch.reference import Case
from tests.dispatch.tables import (
    METHODS,
    Finders,
    ask,
    cases,
    lowered,
    python_finders,
    raw_path,
    refiners,
    segments_of,
    status,
)

REQUESTS = 50
TABLES = int(os.environ.get("CONDUIT_TABLES", "2000"))
#: A full compile takes two seconds: 20 of them only when everything long is asked for.
COMPILED = 20 if os.environ.get("CONDUIT_SOAK") else 3

EVERY_RUN_THE_SAME = settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def native_finders(walker: Callable[..., Any], plan: DispatchPlan, table: Sequence[Case]) -> Finders:
    found: Finders = {}
    for packed in map(pack, plan.tables):
        made = walker(packed.to_bytes(), list(range(len(table))), refiners(table))
        found.update(dict.fromkeys(packed.methods, (made.find, made.find_segments)))
    return found


def agree(table: Sequence[Case], targets: dict[str, Finders], dice: random.Random) -> None:
    for _ in range(REQUESTS):
        raw, method = raw_path(dice, table), dice.choice(METHODS)
        segments = segments_of(raw)
        hit = reference.find(table, method, segments)
        expected = None if hit is None else (hit[0], *hit[1])
        verdict = reference.status(table, method, segments)
        for name, finders in targets.items():
            answer = ask(finders, method, raw)
            assert same(answer, expected), (name, method, raw, answer, expected)
            assert status(finders, method, raw) == verdict, (name, method, raw)
            if "%" not in raw:
                assert same(ask_segments(finders, method, segments), expected), (name, method, segments)


def ask_segments(finders: Finders, method: str, segments: list[str]) -> Any:
    found = finders.get(method) or finders.get("*")
    return found and found[1](segments)


def same(answer: Any, expected: Any) -> bool:
    """Equal, of the same types, and -0.0 is not 0.0."""
    return repr(answer) == repr(expected) and answer == expected


@settings(EVERY_RUN_THE_SAME, max_examples=TABLES)
@given(table=cases(), seed=st.integers(0, 2**32))
def test_all_agree_on_made_up_tables(walker: Callable[..., Any] | None, table: list[Case], seed: int) -> None:
    plan = lowered(table)
    targets = {"python": python_finders(plan, table)}
    if walker:
        targets["cython"] = native_finders(walker, plan, table)
    agree(table, targets, random.Random(seed))


@pytest.mark.usefixtures("compiler")
def test_compiled_tables_agree(tmp_path: Path) -> None:
    tables: list[list[Case]] = []

    @settings(EVERY_RUN_THE_SAME, max_examples=10 * COMPILED)
    @given(table=cases(most=30))
    def collect(table: list[Case]) -> None:
        tables.append(table)

    collect()
    tables = sorted(tables, key=len)[-COMPILED:]
    texts = {
        f"dispatch_{number}": emit_cython(lowered(table), [repr(case.parts) for case in table])
        for number, table in enumerate(tables)
    }
    made = toolchain.compile_modules(texts)
    for (file, data), table in zip(made.items(), tables, strict=True):
        (tmp_path / file).write_bytes(data)
        module = load_native(file.partition(".")[0], tmp_path / file)
        targets = {"compiled": module.finders(list(range(len(table))), refiners(table))}
        for seed in range(4):
            agree(table, targets, random.Random(seed))
