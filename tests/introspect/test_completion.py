"""Completion scripts: complete with regard to the real commands, and working where the shell is here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from conduit.server.words import LEVELS, LOOPS, parser

from conduitc.cli.completion import COMMANDS, QUESTIONS, completion_command
from conduitc.cli.main import Format, Kind, app
from conduitc.cli.questions import FORMATS, USAGE
from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP

ROOT = Path(__file__).parent.parent.parent
SHELLS = ("bash", "zsh", "fish")


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert completion_command(shell) == 0
    return capsys.readouterr().out


def test_every_command_and_option() -> None:
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    assert set(COMMANDS) == set(commands)
    for name, command in commands.items():
        declared = {
            option
            for parameter in command.params
            if parameter.param_type_name == "option"
            for option in parameter.opts
        }
        if name == "run":
            declared = {
                option for action in parser("conduitc run")._actions for option in action.option_strings
            }
        elif name == "introspect":
            declared = {word.strip("[]|") for word in USAGE.split() if word.strip("[").startswith("--")}
        assert set(COMMANDS[name][1]) == declared - {"-h", "--help"}, name
    assert all(f"\n  {question}" in USAGE for question in QUESTIONS if question != "overview")


def test_values_of_options() -> None:
    assert COMMANDS["build"][1]["--target"] == tuple(one.value for one in Kind)
    assert COMMANDS["check"][1]["--format"] == tuple(one.value for one in Format)
    assert COMMANDS["introspect"][1]["--format"] == FORMATS
    assert COMMANDS["run"][1]["--log-level"] == LEVELS and COMMANDS["run"][1]["--loop"] == LOOPS


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_reads_it(shell: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = script(shell, capsys)
    assert not re.search("@[a-z]+@", text)
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    (tmp_path / "script").write_text(text)
    subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


def test_an_unknown_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert completion_command("tcsh") == 2
    assert "bash, zsh, fish" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bui", {"build"}),
        ("", {*COMMANDS, "--help", "--version"}),
        ("build --target c", {"cython"}),
        ("build --", {one for one in COMMANDS["build"][1] if one.startswith("--")}),
        ("build ap", {"app.py"}),
        ("completion ", set(SHELLS)),
        ("introspect dist re", {"resources", "resource"}),
        ("introspect dist routes --method D", {"DELETE"}),
        ("introspect dist resource create", {"create_item"}),
        ("introspect dist resource \\$(touch", {"$(touch_me)"}),
        ("introspect dist resource GET /it", {"/items/{id:int}", "/items/{slug}", "/items/new"}),
        ("introspect dist deps schema:app.I", {"app.Item"}),
        ("introspect dist deps PU", {"PURGE", "PUT"}),
        ("introspect dist impact Node.c", {"Node.children"}),
        ("introspect dist who PUR", {"PURGE"}),
        ("introspect dist who PURGE ", {"/cache"}),
        ("introspect dist routes kind:mod", {"model", "module"}),
        (
            "introspect dist routes meth",
            {"method:", "method:DELETE", "method:GET", "method:POST", "method:PURGE", "method:PUT"},
        ),
        ("introspect dist routes --middleware a", {"auth"}),
        ("introspect dist routes --tag sh", {"shop"}),
        ("introspect dist routes --format ma", {"markdown"}),
        ("introspect dist deps load --re", {"--reverse"}),
        ("introspect nowhere deps ", {""}),
        ("run di", {"dist"}),
    ],
)
def test_bash(line: str, expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    line = line.replace("\\", "")
    split = [part for word in line.split(" ") for part in word.replace(":", " : ").strip().split(" ")]
    words = " ".join(f"'{word}'" for word in ["conduitc", *split])
    program = script("bash", capsys) + (
        f"COMP_LINE='conduitc {line}'; COMP_POINT=${{#COMP_LINE}}\n"
        f"COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _conduitc\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    assert offered("bash", program, tmp_path) == expected - {""}


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", {*COMMANDS, "--help", "--version"}),
        ("build --target ", {"cython", "python"}),
        ("completion ", set(SHELLS)),
        ("introspect dist ", set(QUESTIONS)),
        ("introspect dist routes --method ", {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}),
        ("introspect dist resource ", {"create_item", "$(touch_me)", "schema:app.Item", "/row"}),
        ("introspect dist deps GET ", {"/items/{slug}", "/row"}),
        ("introspect dist routes ", {"kind:route", "method:GET", "uses:schema.Node"}),
        ("introspect dist routes --tag ", {"home", "shop"}),
        ("introspect dist routes --format ", {"mermaid"}),
        ("build ", {"files", *COMMANDS["build"][1]}),
        ("run ", {"files -/", *COMMANDS["run"][1]}),
    ],
)
def test_zsh(line: str, expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What the function hands to zsh's own ``compadd`` and ``_files``, which only work in its line editor."""
    words = " ".join(f"'{word}'" for word in ["conduitc", *line.split(" ")])
    program = (
        'compadd() { shift; print -rl -- "$@" }; _files() { print -r -- "files $*" }\n'
        + script("zsh", capsys)
        + f"words=({words}); CURRENT=$#words; _conduitc\n"
    )
    found = {one.strip() for one in offered("zsh", program, tmp_path)}
    assert expected <= found
    assert "build" in expected or "build" not in found


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bui", {"build"}),
        ("build --target c", {"cython"}),
        ("build --n", {"--no-fold", "--no-typed", "--no-cache"}),
        ("build ap", {"app.py"}),
        ("completion ", set(SHELLS)),
        ("introspect dist re", {"resources", "resource"}),
        ("introspect dist routes --method D", {"DELETE"}),
        ("introspect dist resource create", {"create_item"}),
        ("introspect dist deps GET /items/", {"/items/{slug}"}),
        ("introspect dist who PUR", {"PURGE"}),
        ("introspect dist routes --tag sh", {"shop"}),
        ("run di", {"dist/"}),
    ],
)
def test_fish(line: str, expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    program = script("fish", capsys) + f"complete -C 'conduitc {line}'\n"
    found = {one.partition("\t")[0] for one in offered("fish", program, tmp_path)}
    assert expected <= found
    assert all(one.startswith(line.rpartition(" ")[2]) for one in found - {"app.py", "dist/"})


def offered(shell: str, program: str, tmp_path: Path) -> set[str]:
    """What ``program`` prints in a folder with a build, a source file, and a name that looks like code."""
    (tmp_path / "dist").mkdir()
    metadata = emit_metadata(SHOP).replace('"name":"search"', '"name":"$(touch_me)"')
    (tmp_path / "dist" / "metadata.json").write_text(metadata)
    (tmp_path / "app.py").write_text("")
    (tmp_path / "conduitc").write_text(f'#!/bin/sh\nexec {sys.executable} -m conduitc "$@"\n')
    (tmp_path / "conduitc").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "runtime")]),
    }
    done = subprocess.run(
        [shell, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert not (tmp_path / "touch_me").exists()
    return set(done.stdout.split("\n")) - {""}
