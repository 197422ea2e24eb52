"""``# conduit: ignore[CODE]``: silences what it names on its line, and says where it cannot."""

from pathlib import Path

import pytest

from conduitc import driver, suppress
from conduitc.analysis import analyse
from conduitc.cli.check import check_command
from conduitc.diagnostics import Diagnostic
from conduitc.frontend.edits import Offsets, Replacement, apply
from tests.report.programs import CODE, CONFLICT, FINE, LINE, SLUG, UNREAD, ignoring, write


def said(folder: Path, text: str) -> list[Diagnostic]:
    """Errors and warnings of a program."""
    write(folder, app=text)
    return [one for one in analyse(folder / "app.py").diagnostics if one.severity != "info"]


def codes(folder: Path, text: str) -> list[str]:
    return [one.rule.code for one in said(folder, text)]


@pytest.mark.parametrize(
    "comment",
    [
        f"# conduit: ignore[{CODE}]",
        f"# conduit: ignore[{SLUG}]",
        f"# conduitc: ignore[{CODE}]",
        f"#conduit:ignore [ {CODE.lower()} ]",
        f"# noqa  # conduit: ignore[{CODE}] because it is old",
    ],
)
def test_a_warning_is_silenced_by_code_or_name(comment: str, tmp_path: Path) -> None:
    assert codes(tmp_path, UNREAD) == [CODE]
    assert codes(tmp_path, ignoring(comment)) == []


def test_hints_are_silenced_too(tmp_path: Path) -> None:
    text = FINE.replace("def f(x: int):", "def f(x: int, body: Item):").replace("get", "post")
    text = text.replace(
        "app = ", "from dataclasses import dataclass\n\n@dataclass\nclass Item:\n    a: int\n\napp = "
    )
    write(tmp_path, app=text)
    [hint] = analyse(tmp_path / "app.py").diagnostics
    assert hint.severity == "info"
    lines = text.split("\n")
    lines[hint.span.line - 1] += f"  # conduit: ignore[{hint.rule.code}]"
    write(tmp_path, app="\n".join(lines))
    assert analyse(tmp_path / "app.py").diagnostics == ()


def test_the_first_and_the_last_line_of_what_is_underlined_count(tmp_path: Path) -> None:
    spread = UNREAD.replace(LINE, f'@app.get(\n    "/unread/{{z}}",  # conduit: ignore[{CODE}]\n)')
    assert codes(tmp_path, spread) == []
    above = UNREAD.replace(LINE, f"# conduit: ignore[{CODE}]\n{LINE}")
    found = said(tmp_path, above)
    assert [one.rule.code for one in found] == [CODE, suppress.UNUSED.code]
    assert "end of the line" in str(found[1].help)


def test_text_that_is_no_comment_silences_nothing(tmp_path: Path) -> None:
    text = UNREAD.replace("return 1", f'return "# conduit: ignore[{CODE}]"')
    assert codes(tmp_path, text) == [CODE]


def test_an_error_is_not_silenced_and_the_comment_is_told_so(tmp_path: Path) -> None:
    text = CONFLICT.replace('@app.get("/{y}")', '@app.get("/{y}")  # conduit: ignore[CDT240]')
    conflict, comment = said(tmp_path, text)
    assert (conflict.rule.code, comment.rule) == ("CDT240", suppress.NOT_SILENCED)
    assert comment.labels[0].span == conflict.span
    assert text.split("\n")[comment.span.line - 1][comment.span.column - 1 :].startswith("CDT240]")


def test_several_names_each_answer_for_themselves(tmp_path: Path) -> None:
    found = said(tmp_path, ignoring(f"# conduit: ignore[{CODE}, no-such-rule, shadowed-route]"))
    assert [one.rule for one in found] == [suppress.UNKNOWN, suppress.UNKNOWN]
    assert "did you mean" in str(said(tmp_path, ignoring("# conduit: ignore[path-parameter-unred]"))[1].help)


@pytest.mark.parametrize("comment", ["# conduit: ignore", "# conduit: ignore[]", f"# conduit: ignore[{CODE}"])
def test_without_a_code_it_silences_nothing_and_the_fix_names_it(comment: str, tmp_path: Path) -> None:
    text = ignoring(comment)
    warning, bare = said(tmp_path, text)
    assert (warning.rule.code, bare.rule) == (CODE, suppress.NO_CODE)
    assert codes(tmp_path, fixed(text, bare)) == []


def test_what_silences_nothing_can_be_taken_out(tmp_path: Path) -> None:
    text = FINE.replace("return x", "return x  # conduit: ignore[CDT240]")
    [unused] = said(tmp_path, text)
    assert unused.rule == suppress.UNUSED
    assert fixed(text, unused) == FINE
    text = ignoring(f"# conduit: ignore[{CODE}, CDT240]")
    [unused] = said(tmp_path, text)
    assert fixed(text, unused) == ignoring(f"# conduit: ignore[{CODE}]")


def test_an_error_may_hide_what_a_comment_is_for(tmp_path: Path) -> None:
    text = CONFLICT.replace("    return y", "    return y  # conduit: ignore[CDT343]")
    assert codes(tmp_path, text) == ["CDT240"]


def test_files_are_read_by_tokenize_only_where_they_mention_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppress.tokenize, "generate_tokens", lambda readline: pytest.fail("tokenized"))
    assert codes(tmp_path, UNREAD + "# ignore conduit\n") == [CODE]


def test_a_module_of_two_programs_may_need_the_comment_in_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shared = f"""\
from conduit import Router

r = Router()


{LINE.replace("app", "r")}  # conduit: ignore[{CODE}]
def unread():
    return 1
"""
    one = "from conduit import Conduit\nfrom shared import r\n\napp = Conduit()\napp.include(r)\n"
    two = "from conduit import Conduit\nfrom shared import unread\n\napp = Conduit()\n\n\n"
    two += '@app.get("/")\ndef g():\n    return unread()\n'
    write(tmp_path, shared=shared, one=one, two=two)
    assert suppress.UNUSED in [found.rule for found in analyse("two.py").diagnostics]
    assert analyse("one.py").diagnostics == ()
    check_command(["two.py", "one.py"])
    assert suppress.UNUSED.code not in capsys.readouterr().out


def test_a_build_heeds_it_too(tmp_path: Path) -> None:
    for text, expected in ((UNREAD, [CODE]), (ignoring(f"# conduit: ignore[{CODE}]"), [])):
        write(tmp_path, app=text)
        built = driver.build(tmp_path / "app.py", tmp_path / "dist", kind="python")
        assert [one.rule.code for one in built.diagnostics if one.severity != "info"] == expected


def fixed(text: str, one: Diagnostic) -> str:
    assert one.fix is not None
    offsets = Offsets(text)
    return apply(text, [Replacement(*offsets.of(edit.span), edit.replacement) for edit in one.fix.edits])
