"""Every limit: what is just within it is read, what is one beyond it is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from conduitc.analysis import analyse, bounded
from conduitc.diagnostics import CompileError
from conduitc.frontend import limits

HEAD = "from conduit import Conduit\n\napp = Conduit()\n"


def _found(folder: Path, text: str) -> list[str]:
    (folder / "app.py").write_text(HEAD + text, encoding="utf-8")
    return [
        f"{one.rule.code} {one.span}-{one.span.end_column} {one.message}"
        for one in analyse(folder / "app.py").diagnostics
    ]


def test_bytes_of_a_file(tmp_path: Path) -> None:
    room = limits.SIZE - len(HEAD) - 3
    assert _found(tmp_path, "# " + "a" * room + "\n") == []
    (found,) = _found(tmp_path, "# " + "a" * (room + 1) + "\n")
    assert found == "CDT120 app.py:1:1-1 the file has 8,388,609 bytes, which is more than the compiler reads"


def test_words_and_signs_of_a_file(tmp_path: Path) -> None:
    within = (limits.TOKENS - 11) // 2
    assert _found(tmp_path, "x\n" * within) == []
    (found,) = _found(tmp_path, "x\n" * (within + 1))
    assert found.startswith(f"CDT120 app.py:{within + 4}:1-2 it has more than 500,000 words and signs")


def test_characters_of_an_f_string(tmp_path: Path) -> None:
    assert _found(tmp_path, "y = 1; x = f'" + "{y}" * 33_000 + "'\n") == []
    (found,) = _found(tmp_path, "y = 1; x = f'" + "{y}" * 34_000 + "'\n")
    assert found.startswith("CDT120 app.py:4:12-102015 this f-string has more than 100,000 characters")
    assert _found(tmp_path, "x = '" + "{y}" * 34_000 + "'\n") == []


def test_digits_of_a_number(tmp_path: Path) -> None:
    assert _found(tmp_path, "x = 0x" + "f" * 3_000 + "\n") == []
    (found,) = _found(tmp_path, "x = 0x" + "f" * 3_001 + "\n")
    assert found.startswith("CDT120 app.py:4:5-3008 this number has more than 3,000 digits")
    assert _found(tmp_path, "x = " + "9" * 4_301 + "\n")[0].startswith("CDT102 app.py:4:")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("y = 1\nx = " + "+".join("1" * 20_000) + "\nz = 1\n", "app.py:5:1"),
        ("def f():\n    return " + "-" * 20_000 + "1\n", "app.py:5:5"),
        ("x = 1\nif x:\n    pass\n" + "elif x:\n    pass\n" * 5_000, "app.py:7:1"),
        ("s = '''\n" + "a + b\n" * 9_000 + "'''\nx = " + "not " * 10_000 + "1\n", "app.py:9006:1"),
    ],
)
def test_nesting(text: str, place: str, tmp_path: Path) -> None:
    (found,) = _found(tmp_path, text)
    assert found.startswith(f"CDT121 {place}-") and "nested more deeply" in found


@pytest.mark.parametrize(
    "steps",
    [
        "x = 'ab'\n" + "x = x + x\n" * 60,
        "x = 'ab'\n" + "x = f'{x}{x}'\n" * 60,
        "x = 'ab'\n" + "x = '%s%s' % (x, x)\n" * 60,
        "x = 'ab'\n" + "x = x.replace('a', 'aa')\n" * 60,
        "x = [1]\n" + "x = x + x\n" * 60,
        "x = [1]\n" + "x = [*x, *x]\n" * 60,
        "x = {'a': 1}\n" + "x = {**x, **{k + 'b': 1 for k in x}}\n" * 60,
    ],
)
def test_what_is_computed(steps: str, tmp_path: Path) -> None:
    """Beyond the limit a value is not known, and a path that needs it says so."""
    found = _found(tmp_path, f"{steps}app.get('/' + str(x))(print)\n")
    assert any(one.startswith("CDT200 ") for one in found), found


@pytest.mark.parametrize(("fault", "word"), [(RecursionError, "nested"), (MemoryError, "memory")])
def test_the_net(fault: type[Exception], word: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD)

    @bounded
    def fails(target: Path) -> None:
        raise fault

    with pytest.raises(CompileError) as caught:
        fails(tmp_path / "app.py")
    (found,) = caught.value.diagnostics
    assert found.rule is limits.TOO_LARGE and found.span.file == "app.py" and word in found.message
