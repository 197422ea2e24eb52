"""Names of files and folders are text of the user's, too: the build works, or says what is against them."""

import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import driver, toolchain
from conduitc.cli.findings import from_here
from conduitc.diagnostics import CompileError
from conduitc.report import github, sarif
from conduitc.report import json as as_json
from tests.service.ways import answers, request

SOURCE = "from conduit import Conduit\n\napp = Conduit()\n\n\n@app.get('/x')\ndef h(q: int):\n    return q\n"
NAMES = [
    *(
        "we'ird",
        'a"b',
        '"""',
        "a\\",
        "a b",
        "a\nb",
        "# -*- coding: utf-7 -*-",
        "coding=utf-7",
        "{{x}}",
        "{0}",
    ),
    *(
        "%s",
        "-x",
        "--help",
        "\ufb01le",
        "e\u0301",
        "\u202ex",
        "*",
        "[x]",
        "$(x)",
        "a\x1bb",
        "app:app",
        "class",
    ),
]
LOADS = "import sys; sys.path.insert(0, sys.argv[1]); import app; assert app.app"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
@pytest.mark.parametrize("folder", [False, True], ids=["file", "package"])
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_program_of_that_name(name: str, folder: bool, tmp_path: Path) -> None:
    target = tmp_path / (name if folder else f"{name}.py")
    if folder:
        target.mkdir()
        (target / "__init__.py").write_text(SOURCE)
    else:
        target.write_text(SOURCE)
    built = driver.build(target, tmp_path / "out", kind="python")
    assert built.app.module == name
    subprocess.run([sys.executable, "-c", LOADS, tmp_path / "out"], check=True)


@pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")
def test_a_name_that_looks_like_an_encoding(tmp_path: Path) -> None:
    """Cython takes ``coding=`` anywhere in the first two lines for the encoding of a module."""
    source = tmp_path / "coding=utf-7.py"
    source.write_text(SOURCE)
    built = driver.build(source, tmp_path / "out", kind="cython")
    assert built.app.entry == "coding=utf-7.py"
    subprocess.run([sys.executable, "-c", LOADS, tmp_path / "out"], check=True)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    try:
        (tmp_path / "a\udcffb.py").write_text(SOURCE)
    except OSError:
        pytest.skip("this file system refuses the name itself")
    with pytest.raises(CompileError) as caught:
        driver.build(tmp_path / "a\udcffb.py", tmp_path / "out", kind="python")
    assert {one.rule.code for one in caught.value.diagnostics} == {"CDT114"}
    found, _ = from_here(caught.value.diagnostics, tmp_path / "a\udcffb.py")
    assert "\\udcff" in found[0].span.file
    for text in (as_json.render(found), sarif.render(found, {}), github.render(found)):
        text.encode()


def test_names_in_other_forms_of_unicode(tmp_path: Path) -> None:
    """Python reads identifiers in NFKC; a path's parameter is text, and may be written in any form."""
    source = (
        "from conduit import Conduit\n\napp = Conduit()\n\n\n"
        "@app.get('/{fi}/x')\ndef \ufb01le(\ufb01: str, \u2115: int = 3):\n    return [fi, N]\n"
    )
    ways = ("uncompiled", "python")
    got = [
        answers(way, {"app.py": source}, [request("GET", "/a/x?N=5")], tmp_path / way)  # type: ignore[arg-type]
        for way in ways
    ]
    assert got[0] == got[1] and got[0][0][2] == '["a",5]'
