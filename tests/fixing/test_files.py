"""Files that fixes change: bytes, modes and encodings stay, and what may not be touched is not."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from conduitc import fixing
from conduitc.diagnostics import Edit, Fix, Rule
from conduitc.driver import Analysis, analyse
from conduitc.fixing import Fixed, fix
from conduitc.fixing.choose import choose, touch
from conduitc.frontend.reread import faults
from conduitc.span import Span
from tests.fixing.test_rules import fixed
from tests.rules.cases import written

WRONG = 'from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get("users")\ndef f():\n    return 1\n'
RIGHT = WRONG.replace('"users"', '"/users"')


def left(folder: Path, why: str) -> Fixed:
    """Nothing is changed, and it is said why."""
    before = {path: path.read_bytes() for path in folder.rglob("*.py")}
    done = fixed(folder)
    assert not done.applied
    assert list(done.refused.values()) == [why]
    assert {path: path.read_bytes() for path in folder.rglob("*.py")} == before
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    return done


@pytest.mark.parametrize(
    ("encoding", "cookie", "comment"),
    [("utf-8", "", "# ü"), ("utf-8-sig", "", "# ü"), ("latin-1", "# coding: latin-1\n", "# ü"),
     ("cp1251", "# -*- coding: cp1251 -*-\n", "# я"), ("utf-8-sig", "# coding: utf-8\n", "# 語")],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings(encoding: str, cookie: str, comment: str, ends: str, tmp_path: Path) -> None:
    def data(text: str) -> bytes:
        return f"{cookie}{comment}\n{text}\x0c\n".replace("\n", ends).encode(encoding)

    (tmp_path / "app.py").write_bytes(data(WRONG))
    assert len(fixed(tmp_path).applied) == 1
    assert (tmp_path / "app.py").read_bytes() == data(RIGHT)


def test_the_mode_stays(tmp_path: Path) -> None:
    path = written(tmp_path, {"app.py": WRONG}) / "app.py"
    path.chmod(0o751)
    fixed(tmp_path)
    assert path.read_text() == RIGHT
    assert stat.S_IMODE(path.stat().st_mode) == 0o751


def test_no_end_of_line_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(WRONG.rstrip().encode())
    fixed(tmp_path)
    assert (tmp_path / "app.py").read_bytes() == RIGHT.rstrip().encode()


def test_read_only(tmp_path: Path) -> None:
    (written(tmp_path, {"app.py": WRONG}) / "app.py").chmod(0o444)
    left(tmp_path, "is read-only")


def test_hard_links(tmp_path: Path) -> None:
    written(tmp_path / "one", {"app.py": WRONG})
    os.link(tmp_path / "one" / "app.py", tmp_path / "other")
    left(tmp_path / "one", "has other names (hard links), which would keep the old text")


def test_symbolic_links(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere", {"routes.py": WRONG})
    written(tmp_path / "one", {"app.py": "from routes import app\n"})
    (tmp_path / "one" / "routes.py").symlink_to(tmp_path / "elsewhere" / "routes.py")
    left(tmp_path / "one", "is a symbolic link: check the file that it leads to")


def test_outside_of_the_project(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere", {"__init__.py": "", "routes.py": WRONG})
    written(tmp_path / "one", {"app.py": "from pkg.routes import app\n"})
    (tmp_path / "one" / "pkg").symlink_to(tmp_path / "elsewhere")
    left(tmp_path / "one", "lies outside of the project")


def test_changed_meanwhile(tmp_path: Path) -> None:
    path = written(tmp_path, {"app.py": WRONG}) / "app.py"

    def look() -> Analysis:
        found = analyse(path)
        path.write_text(WRONG + "# mine\n")
        return found

    assert fix(look).refused == {"app.py": "was changed meanwhile"}
    assert path.read_text() == WRONG + "# mine\n"


def test_changed_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, {"app.py": WRONG}) / "app.py"
    real = os.fsync

    def fsync(number: int) -> None:
        real(number)
        path.write_text(WRONG + "# mine\n")

    monkeypatch.setattr(os, "fsync", fsync)
    assert fixed(tmp_path).refused == {"app.py": "was changed meanwhile"}
    assert path.read_text() == WRONG + "# mine\n"
    assert [one.name for one in tmp_path.iterdir()] == ["app.py"]


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_disk_that_refuses(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, name, refuses)
    written(tmp_path, {"app.py": WRONG})
    left(tmp_path, "cannot be written: no space left on device")


def test_libcst_must_read_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixing, "faults", lambda texts: dict.fromkeys(texts, "libcst ended with status -11"))
    written(tmp_path, {"app.py": WRONG})
    left(tmp_path, "libcst ended with status -11")


def test_one_file_that_libcst_cannot_read_does_not_keep_the_others_back() -> None:
    deep = f"x = {'(' * 90}1{')' * 90}\n"
    found = faults(
        {"a.py": "x = 1\n", "deep.py": deep, "b.py": "def f():\n    await x\n", "c.py": "y\t=  2\r\n"}
    )
    assert "a.py" not in found and "c.py" not in found
    assert found["b.py"] == "Python would refuse the result: 'await' outside async function"


# -- choosing ------------------------------------------------------------------------------------------------

RULE = Rule("CDT999", "one", "error", "wrong", "Why.", "", "")


def edit(start: int, end: int, text: str = "x", file: str = "app.py") -> Edit:
    return Edit(Span(file, 1, start, 1, end), text)


def finding(*edits: Edit, safe: bool = True) -> object:
    first, *rest = edits
    return RULE.at(first.span, fix=Fix("do", first.span, first.replacement, also=tuple(rest), safe=safe))


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (edit(1, 3), edit(3, 5), True),
        (edit(1, 3), edit(2, 5), False),
        (edit(2, 2), edit(2, 2, "y"), False),
        (edit(2, 2), edit(2, 2), True),
        (edit(2, 2), edit(1, 3), False),
        (edit(3, 3), edit(1, 3), False),
        (edit(4, 4), edit(1, 3), True),
        (edit(1, 3), edit(2, 5, file="b.py"), True),
    ],
)
def test_what_can_be_done_together(one: Edit, other: Edit, together: bool) -> None:
    both = one.span.file == other.span.file
    assert (not both) or touch(one, other) == touch(other, one) == (not together)
    assert len(choose([finding(one), finding(other)], ())) == 1 + together  # type: ignore[list-item]


def test_only_safe_ones_and_nothing_by_halves() -> None:
    barred = finding(edit(1, 2), edit(1, 2, file="b.py"))
    assert choose([finding(edit(1, 2), safe=False), barred], {"b.py"}) == ()  # type: ignore[list-item]


def test_fixes_that_undo_each_other_end(tmp_path: Path) -> None:
    """Two findings whose fixes lead from the one to the other: the file goes back to no earlier text."""
    path = written(tmp_path, {"app.py": "x = 1\n"}) / "app.py"

    def look() -> Analysis:
        other = "2" if path.read_text() == "x = 1\n" else "1"
        found = finding(edit(5, 6, other))
        return Analysis(analyse(path).project, None, (found,))  # type: ignore[arg-type]

    done = fix(look)
    assert done.refused == {"app.py": "its fixes undo each other"}
    assert (len(done.applied), path.read_text()) == (1, "x = 2\n")


def test_a_fix_without_end_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixing, "TURNS", 3)
    path = written(tmp_path, {"app.py": "x = 1\n"}) / "app.py"

    def look() -> Analysis:
        return Analysis(analyse(path).project, None, (finding(edit(5, 5, "1")),))  # type: ignore[arg-type]

    assert len(fix(look).applied) == 3


def test_a_text_without_room_for_the_edit(tmp_path: Path) -> None:
    path = written(tmp_path, {"app.py": "x = 1\n"}) / "app.py"
    look: Callable[[], Analysis] = lambda: Analysis(  # noqa: E731
        analyse(path).project,
        None,
        (finding(edit(5, 99)),),  # type: ignore[arg-type]
    )
    assert list(fix(look).refused) == ["app.py"]
