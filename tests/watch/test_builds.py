"""Builds in one process that keeps what it knows, beside builds that keep nothing: the same files."""

from pathlib import Path
from random import Random

from conduitc.diagnostics import CompileError
from conduitc.driver import build
from conduitc.kept import Kept
from tests.build.trees import tree
from tests.watch.edits import edited
from tests.watch.outputs import write
from tests.watch.programs import Program, example


def built(source: Path, dist: Path, kept: Kept | None) -> object:
    """The files; where there are errors, these."""
    try:
        build(source / "app.py", dist, kind="python", kept=kept)
    except CompileError as error:
        return error.diagnostics
    return tree(dist)


def test_every_file_is_the_same(tmp_path: Path) -> None:
    random, kept = Random(5), Kept()
    start = example("shop")
    program: Program = {}
    now = start
    made = 0
    for _ in range(8):
        write(tmp_path / "src", program, now)
        program = now
        found = built(tmp_path / "src", tmp_path / "dist", kept)
        assert found == built(tmp_path / "src", tmp_path / "other", None)
        made += isinstance(found, dict)
        _, now = edited(random, now if isinstance(found, dict) else start, start)
    assert made > 3 and kept.found["source"] > 5


def test_what_is_kept_is_forgotten(tmp_path: Path) -> None:
    """After some analyses; a file that is broken for a while is not read twice."""
    kept = Kept(patience=3)
    kept.turn()
    kept.remember("text", "a", "A")
    for _ in range(3):
        kept.turn()
        assert kept.recall("text", "a") == "A"
    for _ in range(6):
        kept.turn()
    assert kept.recall("text", "a") is None and len(kept) == 0
