"""Words that are understood without typer mean what they mean to typer; all others are left to it."""

import inspect
from itertools import product
from typing import Any

import pytest

from conduitc.cli import build, fast
from conduitc.cli.main import run_cli
from conduitc.cli.words import build_arguments
from conduitc.options import Options

WORDS = [
    *(
        "app.py",
        "-q",
        "--quiet",
        "--no-fold",
        "--lazy",
        "--strip",
        "--no-typed",
        "--no-cache",
        "--watch",
        "--help",
        "-x",
        "",
    ),
    *("-o", "out", "--output", "--output=out", "-oout", "--output=", "--target", "python", "--target=cython"),
    *("--target=other", "-j", "3", "-j3", "--jobs=0", "--jobs=2", "--jobs", "-1", "--", "-o=out", "--", "٣"),
]


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What ``build_command`` is called with."""
    found: list[dict[str, Any]] = []
    signature = inspect.signature(build.build_command)

    def record(*arguments: Any, **named: Any) -> int:
        bound = signature.bind(*arguments, **named)
        bound.apply_defaults()
        found.append(bound.arguments)
        return 0

    monkeypatch.setattr(build, "build_command", record)
    return found


def test_build_means_the_same(called: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]) -> None:
    understood = 0
    for length in (1, 2, 3):
        for words in product(WORDS, repeat=length):
            if length == 3 and "app.py" not in words:
                continue
            asked = build_arguments(words)
            if asked is None:
                continue
            understood += 1
            called.clear()
            assert fast.answer(["build", *words]) == 0 and run_cli(["build", *words]) == 0, words
            assert called[0] == called[1], words
    assert understood > 100
    capfd.readouterr()


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--help",
        "app.py --target x",
        "app.py other.py",
        "app.py -j 0",
        "app.py -j x",
        "app.py -o",
        "app.py -z",
    ],
)
def test_help_and_faults_are_left_to_typer(words: str) -> None:
    assert build_arguments(words.split()) is None


def test_options_become_options() -> None:
    asked = build_arguments(["app.py", "--no-fold", "--lazy", "--strip", "--no-typed", "-j", "4"])
    assert asked is not None
    assert asked["options"] == Options(fold=False, lazy=True, strip=True, typed=False) and asked["jobs"] == 4
