"""``conduit-patterns.toml``: what is read from it, what is wrong with it, and what writing leaves alone."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduitc.analysis import analyse
from conduitc.curation import ACCEPTED, REJECTED, VERSION, Decision, curate, file_of, parsed, read, whole_id
from conduitc.deciding import Undecided, decide, quoted, with_decision
from conduitc.frontend.edits import Offsets
from conduitc.ir.patterns import CATEGORIES
from tests.introspect.conventions import AUTH, CONVENTIONS, ERROR, TEST

ROOT = Path(__file__).parent.parent.parent
SHORT = AUTH.id.partition(":")[2]
APP = "from conduit import Conduit\n\napp = Conduit()\n"


def said(text: str | bytes) -> list[tuple[str, int, str]]:
    """Code, line and message of what is wrong with a file."""
    data = text if isinstance(text, bytes) else text.encode()
    return [(one.rule.code, one.span.line, one.message) for one in parsed(data, "p.toml").diagnostics]


def entry(id_: str = SHORT, *lines: str) -> str:
    return "\n".join(["version = 1", "", f'[pattern."{id_}"]', *lines, ""])


# -- reading -------------------------------------------------------------------------------------------------


def test_rejected_patterns_go_and_accepted_ones_are_curated(tmp_path: Path) -> None:
    assert curate(CONVENTIONS, tmp_path) == CONVENTIONS
    decide(file_of(tmp_path), Decision(ERROR.id, REJECTED))
    decide(file_of(tmp_path), Decision(AUTH.id, ACCEPTED, "signed-in handlers"))
    auth, test = curate(CONVENTIONS, tmp_path)
    assert (auth.state, auth.name, auth.template) == ("curated", "signed-in handlers", AUTH.template)
    assert test == TEST


def test_a_rejected_pattern_stays_away_when_its_code_moves(tmp_path: Path) -> None:
    decide(file_of(tmp_path), Decision(AUTH.id, REJECTED))
    from msgspec.structs import replace

    moved = replace(AUTH, files=("other.py",), support=3, n=3, population="handlers in other.py")
    assert curate((moved,), tmp_path) == ()


def test_ids_that_are_no_longer_mined_are_known(tmp_path: Path) -> None:
    decide(file_of(tmp_path), Decision("pattern:auth/000000000000", ACCEPTED))
    decide(file_of(tmp_path), Decision(AUTH.id, ACCEPTED))
    found = read(file_of(tmp_path), tmp_path)
    assert found.unknown(CONVENTIONS) == ("pattern:auth/000000000000",)
    assert found.diagnostics == ()


def test_the_file_stands_with_the_settings(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert file_of(tmp_path / "src") == tmp_path / "src/conduit-patterns.toml"
    (tmp_path / "pyproject.toml").write_text("")
    assert file_of(tmp_path / "src") == tmp_path / "conduit-patterns.toml"
    (tmp_path / "conduit-patterns.toml").write_text("version = [")
    (found,) = read(file_of(tmp_path / "src"), tmp_path / "src").diagnostics
    assert found.span.file == "../conduit-patterns.toml"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("version = 1\nx = [", 2, "is not TOML (invalid value)"),
        ("version = 1\n[pattern", 2, "is not TOML"),
        ("version = 1\nversion = 1\n", 2, "is not TOML (cannot overwrite a value)"),
        (b"version = 1 # \xff", 1, "is not UTF-8"),
        ("", 1, "has no `version = 1`"),
        ("# only a comment\n", 1, "has no `version = 1`"),
        ("\nversion = 2\n", 2, "is of version 2, which is newer than this conduitc"),
        ("version = true\n", 1, "is of version True, which is none"),
        ('version = "1"\n', 1, "is of version 1, which is none"),
        ("version = 1\nx = " + "[" * 5000, 1, "is nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read(text: str | bytes, line: int, message: str) -> None:
    ((code, at, told),) = said(text)
    assert code == "CDT150" and at == line and message in told


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (entry(SHORT, 'decision = "yes"'), 4, "`yes` is no decision"),
        (entry(SHORT, 'name = "x"'), 3, "there is no decision"),
        (entry(SHORT, "decision = 1"), 4, "`1` is no decision"),
        (entry(SHORT, 'decision = "accepted"', 'colour = "red"'), 5, "`colour` is not known here"),
        (entry(SHORT, 'decision = "accepted"', "name = 7"), 5, "no line of printable text"),
        (entry(SHORT, 'decision = "accepted"', 'name = "a\\nb"'), 5, "no line of printable text"),
        (entry("auth/xyz", 'decision = "accepted"'), 3, "`auth/xyz` is no id"),
        (entry("colour/3f2a91c04b7e", 'decision = "accepted"'), 3, "is no id of a pattern"),
        ("version = 1\npattern = 3\n", 2, "`pattern` is no table"),
        (f'version = 1\n[pattern]\n"{SHORT}" = 3\n', 3, "is no table"),
        ("version = 1\npatern = 3\n", 2, "`patern` is not known here"),
        (
            entry(SHORT, 'decision = "accepted"', f'[pattern."pattern:{SHORT}"]', 'decision = "rejected"'),
            5,
            "is decided on twice",
        ),
    ],
)
def test_an_entry_that_decides_nothing(text: str, line: int, message: str) -> None:
    ((code, at, told),) = said(text)
    assert code == "CDT151" and at == line and message in told


def test_what_is_understood_counts() -> None:
    text = entry(SHORT, 'decision = "rejected"', f'[pattern."{ERROR.id}"]', 'decision = "whatever"')
    found = parsed(text.encode(), "p.toml")
    assert found.decisions == {AUTH.id: Decision(AUTH.id, REJECTED)}
    assert len(found.diagnostics) == 1


def test_a_typing_error_has_a_fix() -> None:
    text = entry(SHORT, "# why", "  decision = 'acepted'  # sure")
    (found,) = parsed(text.encode(), "p.toml").diagnostics
    assert found.fix is not None and found.help is not None
    start, end = Offsets(text).of(found.fix.span)
    fixed = text[:start] + found.fix.replacement + text[end:]
    assert parsed(fixed.encode(), "p.toml").decisions == {AUTH.id: Decision(AUTH.id, ACCEPTED)}


def test_a_file_without_a_version_has_a_fix() -> None:
    (found,) = parsed(b"# nothing", "p.toml").diagnostics
    assert found.fix is not None
    assert parsed(f"{found.fix.replacement}# nothing".encode(), "p.toml").diagnostics == ()


def test_a_folder_or_a_closed_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "conduit-patterns.toml").mkdir()
    assert read(tmp_path / "conduit-patterns.toml", tmp_path).decisions == {}
    closed = tmp_path / "closed.toml"
    closed.write_text("version = 1")
    closed.chmod(0)
    if not os.access(closed, os.R_OK):
        assert [one.rule.code for one in read(closed, tmp_path).diagnostics] == ["CDT150"]
    large = tmp_path / "large.toml"
    large.write_bytes(b"version = 1\n" + b"# " + b"x" * 2**20)
    assert [one.message for one in read(large, tmp_path).diagnostics if "too large" in one.message]


def test_check_reports_it_where_the_file_stands(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "conduit-patterns.toml").write_text("version = 1\noops\n")
    (found,) = analyse(tmp_path / "app.py").diagnostics
    assert (found.rule.code, found.span.file, found.span.line) == ("CDT150", "conduit-patterns.toml", 2)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
def test_no_bytes_raise(data: bytes) -> None:
    parsed(data, "p.toml")
    parsed(b"version = 1\n" + data, "p.toml")


# -- writing -------------------------------------------------------------------------------------------------

DIGITS = st.text("0123456789abcdef", min_size=12, max_size=12)
IDS = st.builds("pattern:{}/{}".format, st.sampled_from(CATEGORIES), DIGITS)
NAMES = st.none() | st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable() and text.strip())
DECISIONS = st.builds(Decision, IDS, st.sampled_from([ACCEPTED, REJECTED]), NAMES)
COMMENTS = st.text(st.characters(exclude_categories=("C",)), max_size=20)


@given(st.lists(DECISIONS, max_size=8), st.text(max_size=60))
def test_what_is_written_is_read_again(decisions: list[Decision], template: str) -> None:
    data = None
    expected: dict[str, Decision] = {}
    for one in decisions:
        data = with_decision(data, one, template)
        expected[one.id] = one
        assert parsed(data, "").decisions == expected
        assert tomllib.loads(data.decode())["version"] == VERSION
    assert list(parsed(data or b"version = 1", "").decisions) == list(expected)


@given(DECISIONS, DECISIONS, st.lists(COMMENTS, min_size=5, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_comments_order_and_line_ends_stay(
    first: Decision, second: Decision, comments: list[str], end: str
) -> None:
    if first.id == second.id:
        return
    a, b, c, d, e = (f"# {n} {text}".rstrip() for n, text in enumerate(comments))
    lines = [a, "version = 1", b]
    lines += [f'[pattern."{first.id}"]  {c}', d, f'decision = "rejected" {e}']
    lines += ["", f"[pattern.'{second.id}']", "decision='accepted'"]
    old = end.join(lines).encode()
    new = with_decision(old, Decision(second.id, REJECTED, "of a name"))
    new = with_decision(new, Decision(first.id, ACCEPTED))
    text = new.decode()
    places = [text.index(piece) for piece in (f"{a}{end}", f"{b}{end}", f'"]  {c}{end}', f"{d}{end}")]
    assert places == sorted(places)
    assert f'decision = "accepted" {e}'.rstrip() in text
    assert text.index(first.id) < text.index(second.id)
    assert text.count("\n") == text.count(end)
    assert parsed(new, "").decisions[second.id] == Decision(second.id, REJECTED, "of a name")


@given(st.text(max_size=80))
def test_quoted(text: str) -> None:
    expected = text.encode("utf-8", "replace").decode()
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == expected


def test_a_name_is_changed_and_taken_away() -> None:
    data = with_decision(None, Decision(AUTH.id, ACCEPTED, 'a "name"'), "{x}")
    again = with_decision(data, Decision(AUTH.id, ACCEPTED, "another"), "ignored")
    assert again.decode().count("\n") == data.decode().count("\n")
    bare = with_decision(again, Decision(AUTH.id, REJECTED))
    assert parsed(bare, "").decisions == {AUTH.id: Decision(AUTH.id, REJECTED)}
    assert 'template = "{x}"' in bare.decode() and "name" not in bare.decode()


@pytest.mark.parametrize(
    "text",
    [
        f'version = 1\npattern."{SHORT}" = {{ decision = "accepted" }}\n',
        f'version = 1\n[pattern]\n"{SHORT}".decision = "accepted"\n',
        entry(SHORT, 'note = """', 'decision = "rejected"', '"""', 'decision = "accepted"'),
        entry(SHORT, '"decision" = "accepted"'),
    ],
)
def test_a_form_that_is_not_changed_here_is_left(text: str) -> None:
    try:
        new = with_decision(text.encode(), Decision(AUTH.id, REJECTED))
    except Undecided as refusal:
        assert "by hand" in str(refusal)
    else:
        assert parsed(new, "").decisions == {AUTH.id: Decision(AUTH.id, REJECTED)}


def test_a_broken_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "conduit-patterns.toml"
    for text in ("version = 1\noops", "version = 9\n", "# mine\n"):
        file.write_text(text)
        with pytest.raises(Undecided):
            decide(file, Decision(AUTH.id, ACCEPTED))
        assert file.read_text() == text
    assert os.listdir(tmp_path) == [file.name]


def test_mode_and_link_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "real.toml", tmp_path / "conduit-patterns.toml"
    file.write_text("version = 1\n")
    file.chmod(0o640)
    link.symlink_to(file)
    decide(link, Decision(AUTH.id, ACCEPTED))
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["conduit-patterns.toml", "real.toml"]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Undecided, match="cannot be written"):
        decide(tmp_path / "no/file.toml", Decision(AUTH.id, ACCEPTED))


@pytest.mark.parametrize(
    ("name", "whole"), [(SHORT, AUTH.id), (AUTH.id, AUTH.id), ("auth/1", None), ("", None)]
)
def test_ids(name: str, whole: str | None) -> None:
    assert whole_id(name) == whole


# -- a build -------------------------------------------------------------------------------------------------


def test_a_build_is_made_anew_after_a_decision(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        APP
        + "".join(
            f"\n\n@app.get('/{n}')\ndef f{n}(limit: int = {n}) -> int:\n    return limit\n" for n in range(5)
        )
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")]),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def patterns() -> dict[str, str]:
        command = [
            sys.executable,
            "-m",
            "conduitc",
            "build",
            "app.py",
            "-o",
            "dist",
            "--target",
            "python",
            "-q",
        ]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
        found = json.loads((tmp_path / "dist/metadata.json").read_text())["patterns"]
        return {one["id"]: one["state"] for one in found}

    before = patterns()
    assert before and set(before.values()) == {"mined"}
    first, *others = before
    decide(tmp_path / "conduit-patterns.toml", Decision(first, REJECTED))
    assert patterns() == dict.fromkeys(others, "mined")
    decide(tmp_path / "conduit-patterns.toml", Decision(first, ACCEPTED))
    assert patterns() == {**before, first: "curated"}
