"""The words after ``check`` and ``build`` → what typer would hand to the command, without typer.

Words are taken only where they mean to typer what they mean here; help and wrong usage are typer's.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_Values = Mapping[str, tuple[str, Callable[[str], Any]]]


def _one_of(*words: str) -> Callable[[str], str | None]:
    return lambda said: said if said in words else None


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and int(said) > 0 else None


#: Options and what commands call them. Those that take a value come with what reads it: None is no value.
_CHECK_FLAGS = {"--exit-zero": "exit_zero", "-q": "quiet", "--quiet": "quiet", "--fix": "fix"}
_CHECK_VALUES: _Values = {
    "--format": ("format_", _one_of("text", "json", "sarif", "github")),
    "--baseline": ("baseline", Path),
    "--write-baseline": ("write_baseline", Path),
    "--against": ("against", Path),
}
_BUILD_FLAGS = {
    "-q": "quiet",
    "--quiet": "quiet",
    "--no-cache": "no_cache",
    "--watch": "watch",
    "--no-fold": "no_fold",
    "--lazy": "lazy",
    "--strip": "strip",
    "--no-typed": "no_typed",
}
_BUILD_VALUES: _Values = {
    "-o": ("folder", Path),
    "--output": ("folder", Path),
    "-j": ("jobs", _number),
    "--jobs": ("jobs", _number),
    "--target": ("kind", _one_of("cython", "python")),
}


def check_arguments(words: Sequence[str]) -> dict[str, Any] | None:
    """What typer would make of the words after ``check``; None where that takes typer."""
    targets, asked = _read(words, _CHECK_FLAGS, _CHECK_VALUES)
    return {"targets": targets, **asked} if targets else None


def build_arguments(words: Sequence[str]) -> dict[str, Any] | None:
    """What typer would make of the words after ``build``; None where that takes typer."""
    targets, asked = _read(words, _BUILD_FLAGS, _BUILD_VALUES)
    if len(targets) != 1:
        return None
    from conduitc.options import Options

    fold, typed = not asked.pop("no_fold", False), not asked.pop("no_typed", False)
    lazy, strip = asked.pop("lazy", False), asked.pop("strip", False)
    options = Options(fold=fold, lazy=lazy, strip=strip, typed=typed)
    return {"target": targets[0], "options": options, **asked}


def _read(
    words: Sequence[str], flags: Mapping[str, str], values: _Values
) -> tuple[list[str], dict[str, Any]]:
    """Targets and options by what commands call them; no target where a word is not understood."""
    targets: list[str] = []
    asked: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if word in flags:
            asked[flags[word]] = True
        elif name in values and (not sign or name.startswith("--")):
            key, read = values[name]
            said = value if sign else next(rest, "")
            if not said or said.startswith("-") or (found := read(said)) is None:
                return [], {}
            asked[key] = found
        elif word == "--":
            targets += rest
        elif not word or word.startswith("-"):
            return [], {}
        else:
            targets.append(word)
    return targets, asked
