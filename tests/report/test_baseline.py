"""``check --baseline``: what is known is not reported, whatever moves; what is new is."""

import json
import os
from pathlib import Path

import pytest

from conduitc.cli.check import check_command
from tests.report.programs import CONFLICT, FINE, UNREAD, write

BASE = Path("known.json")
#: A second finding of the same sort on an equal line.
AGAIN = '\n\n@app.get("/again/{z}")\ndef again():\n    return 1\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, app=CONFLICT, other=UNREAD)
    return tmp_path


def check(*targets: str, **options: object) -> int:
    return check_command(list(targets or ("app.py",)), **options)  # type: ignore[arg-type]


def adopt(*targets: str) -> None:
    assert check(*targets, write_baseline=BASE) == 0


def test_what_is_listed_is_not_reported_errors_included(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("app.py", "other.py") == 1
    adopt("app.py", "other.py")
    assert capsys.readouterr().out.endswith("known.json: 1 error, 1 warning\n")
    assert check("app.py", "other.py", baseline=BASE) == 0
    assert capsys.readouterr().out == "no problems found\nknown from known.json: 2\n"
    assert check("app.py", "other.py", baseline=BASE, quiet=True) == 0
    assert capsys.readouterr().out == ""


def test_lines_may_move_and_other_code_change(here: Path) -> None:
    adopt()
    text = CONFLICT.replace("app = Conduit()", "# more\n\n\n\napp = Conduit(title='x')")
    write(here, app=text.replace("    return y", "    return [y]"))
    assert check(baseline=BASE) == 0


def test_what_is_new_is_reported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adopt()
    write(here, app=CONFLICT + AGAIN)
    assert check(baseline=BASE) == 1
    out = capsys.readouterr().out
    assert "CDT240" not in out and "/again/{z}" in out
    assert out.endswith("1 warning\nknown from known.json: 1\n")


def test_of_equal_lines_only_so_many_are_known(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = "from conduit import Conduit, Router\n\napp = Conduit()\n"
    once += 'r = Router(prefix="/a")\ns = Router(prefix="/b")\n'
    once += 'app.include(r)\napp.include(s)\n\n\n@r.get("/{z}")\ndef one():\n    return 1\n'
    write(here, app=once)
    adopt()
    write(here, app=once + '\n\nr = s\n\n\n@r.get("/{z}")\ndef two():\n    return 1\n')
    assert check(baseline=BASE) == 1
    out = capsys.readouterr().out
    assert "`two`" in out and "`one`" not in out


def test_entries_no_longer_found_are_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adopt("app.py", "other.py")
    write(here, app=FINE)
    capsys.readouterr()
    assert check("app.py", "other.py", baseline=BASE) == 0
    said = "known from known.json: 1; no longer found: 1 "
    assert (
        said + "(conduitc check app.py other.py --write-baseline known.json drops them)"
        in capsys.readouterr().out
    )


def test_findings_of_files_that_were_not_looked_at_are_not_missed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adopt("app.py", "other.py")
    capsys.readouterr()
    check("app.py", baseline=BASE)
    assert capsys.readouterr().out.endswith("known from known.json: 1\n")
    (here / "other.py").unlink()
    check("app.py", baseline=BASE)
    assert "no longer found: 1" in capsys.readouterr().out


def test_it_holds_wherever_the_command_is_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt()
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert check("../app.py", baseline=Path("../known.json")) == 0
    assert check(str(here / "app.py"), baseline=here / "known.json") == 0


def test_the_file_is_sorted_versioned_and_the_same_each_time(here: Path) -> None:
    adopt("app.py", "other.py")
    first = BASE.read_bytes()
    adopt("other.py", "app.py")
    assert BASE.read_bytes() == first
    document = json.loads(first)
    assert (document["kind"], document["version"]) == ("conduitc baseline", 1)
    assert [one["file"] for one in document["findings"]] == ["app.py", "other.py"]
    assert str(here) not in first.decode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "is no baseline of conduitc"),
        (b'{"kind": "other"}', "is no baseline of conduitc"),
        (b'{"kind": "conduitc baseline", "version": 2}', "version 2"),
        (b'{"kind": "conduitc baseline", "version": 1}', "is damaged"),
        (b'{"kind": "conduitc baseline", "version": 1, "findings": [{"file": 1}]}', "is damaged"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_and_kept(
    content: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    BASE.write_bytes(content)
    for options in ({"baseline": BASE}, {"write_baseline": BASE}):
        assert check(**options) == 2  # type: ignore[arg-type]
        told = capsys.readouterr()
        assert told.err.startswith("conduitc check: known.json ") and why in told.err
        assert told.err.count("\n") == 1 and told.out == ""
    assert BASE.read_bytes() == content


def test_without_a_file_the_command_that_makes_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("app.py", "a b.py", baseline=BASE) == 2
    assert "conduitc check app.py 'a b.py' --write-baseline known.json" in capsys.readouterr().err
    assert check(baseline=BASE, write_baseline=BASE) == 2
    for other in (".", "/dev/zero", "/dev/stdin"):
        assert check(baseline=Path(other)) == 2
        assert check(write_baseline=Path(other)) == 2


def test_it_is_written_whole_or_not_at_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adopt()
    before = BASE.read_bytes()
    BASE.chmod(0o640)
    write(here, app=CONFLICT + AGAIN)
    with monkeypatch.context() as patch:
        patch.setattr(
            os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        assert check(write_baseline=BASE) == 2
    assert BASE.read_bytes() == before
    adopt()
    assert BASE.read_bytes() != before
    assert BASE.stat().st_mode & 0o777 == 0o640
    assert sorted(one.name for one in here.iterdir()) == ["app.py", "known.json", "other.py"]
    assert check(write_baseline=Path("nowhere/known.json")) == 2


@pytest.mark.parametrize("format_", ["json", "github", "sarif"])
def test_other_formats_keep_stdout_for_themselves(
    format_: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adopt()
    write(here, app=CONFLICT + AGAIN)
    capsys.readouterr()
    assert check(format_=format_, baseline=BASE) == 1
    told = capsys.readouterr()
    assert told.err == "known from known.json: 1\n"
    assert "CDT240" not in told.out and "CDT343" in told.out
    if format_ == "sarif":
        states = [one["baselineState"] for one in json.loads(told.out)["runs"][0]["results"]]
        assert states == ["new"]
