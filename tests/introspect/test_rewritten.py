"""Answers from a metadata.json that is written anew, cut off or taken away meanwhile; several at once."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conduit.introspect import MetadataError, indexing, load

from conduitc.cli.introspect import introspect_command
from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP, app, function

ONE = emit_metadata(SHOP).encode()
OTHER = emit_metadata(app(functions=tuple(function(f"f{n}", n + 1) for n in range(300)))).encode()


def test_whoever_reads_meanwhile_sees_one_or_the_other(tmp_path: Path) -> None:
    """Files are overwritten where they stand, in two pieces, as no build of ours does."""
    counts = {len(load_of(tmp_path, text)) for text in (ONE, OTHER)}
    done = threading.Event()

    def write() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            text = (ONE, OTHER)[turn % 2]
            for name, data in (("metadata.json", text), ("metadata.idx", indexing.build(text))):
                with (tmp_path / name).open("wb", buffering=0) as file:
                    file.write(data[: len(data) // 2])
                    file.write(data[len(data) // 2 :])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [told(tmp_path) for _ in range(300)]
    finally:
        done.set()
        writer.join()
    assert set(seen) <= {*counts, -1} and max(seen) > 0


def load_of(folder: Path, text: bytes) -> list[object]:
    (folder / "metadata.json").write_bytes(text)
    return [*load(folder).select("")]


def told(folder: Path) -> int:
    """How much there is; -1 where it says that the file cannot be read."""
    try:
        return len([*load(folder).select("")])
    except MetadataError:
        return -1


@pytest.mark.parametrize("kept", [0, 1, 100, len(ONE) // 2, len(ONE) - 2])
def test_a_file_that_was_cut_off(kept: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "metadata.json").write_bytes(ONE[:kept])
    (tmp_path / "metadata.idx").write_bytes(indexing.build(ONE))
    assert introspect_command([str(tmp_path), "routes"]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("kept", [0, 1, 100, -2])
def test_an_index_that_was_cut_off(kept: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "metadata.json").write_bytes(ONE)
    (tmp_path / "metadata.idx").write_bytes(indexing.build(ONE)[:kept])
    assert introspect_command([str(tmp_path), "routes"]) == 0
    assert "GET /items" in " ".join(capsys.readouterr().out.split())


def test_what_is_no_file_is_called_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    for name, why in (
        ("pipe.json", "no regular file"),
        ("loop.json", "no regular file"),
        ("a.json", "no such"),
    ):
        assert introspect_command([str(tmp_path / name)]) == 2
        assert why in capsys.readouterr().err


def test_many_at_once_and_one_killed(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_bytes(ONE)
    words = [sys.executable, "-m", "conduitc", "introspect", str(tmp_path), "export", "--format", "json"]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    running[0].kill()
    outputs = [one.communicate() for one in running]
    assert {out for out, _ in outputs[1:]} == {outputs[1][0]} and outputs[1][0]
    assert not any(err for _, err in outputs[1:])
    assert sorted(one.name for one in tmp_path.iterdir()) == ["metadata.json"]
