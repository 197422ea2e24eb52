"""Hostile text in every position: a diagnostic at its place, or the same value, and no statement more.

What was refused is written down in ``refused.txt``; everything else must come out of the documents and the
wiring as it went in, and the emitted modules must be those of a harmless program but for their constants.
"""

import ast
import io
import os
import re
import tokenize
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from conduitc import bundle, driver
from conduitc.codegen.emit import Emitted, emit_service
from conduitc.diagnostics import Diagnostic
from tests.injection.hostile import HOSTILE, LONG
from tests.injection.positions import APP, HEAD, POSITIONS, Made, Position

GOLDEN = Path(__file__).with_name("refused.txt")
VALUES = list(HOSTILE.items())
SOAK = bool(os.environ.get("CONDUIT_SOAK"))
#: Where text has a form or a length.
TOO_LONG = {
    **dict.fromkeys(("path", "prefix", "endpoint"), "CDT200"),
    "method": "CDT208",
    "annotation": "CDT345",
    "tool name": "CDT454",
}
Values = Mapping[int, str]


def source(position: Position, values: Values) -> str:
    """A program with every value, each in its block."""
    blocks = [f"# {n}\n{position.block.format(V=ascii(value), N=n)}\n\n" for n, value in values.items()]
    if position is POSITIONS["module"]:
        return blocks[0].partition("\n")[2] + HEAD + APP
    return HEAD + ("" if position.alone else APP) + "".join(blocks)


def analysed(folder: Path, text: str) -> driver.Analysis:
    (folder / "app.py").write_text(text, "utf-8")
    (folder / "m.npz").write_bytes(b"")
    return driver.analyse(folder / "app.py")


def errors(analysis: driver.Analysis) -> list[Diagnostic]:
    return [one for one in analysis.diagnostics if one.severity == "error"]


def refused(folder: Path, position: Position, values: Values) -> dict[int, list[str]]:
    """The values that the compiler has something against, and the codes it says so with."""
    text = source(position, values)
    found: dict[int, set[str]] = {}
    starts = {
        number: int(line[2:]) for number, line in enumerate(text.split("\n"), 1) if re.match(r"# \d+$", line)
    }
    for one in errors(analysed(folder, text)):
        assert one.span.file == "app.py" and one.span.line, one
        n = max((start for start in starts if start <= one.span.line), default=None)
        found.setdefault(next(iter(values)) if n is None else starts[n], set()).add(one.rule.code)
    return {n: sorted(codes) for n, codes in found.items()}


def emitted(folder: Path, position: Position, values: Values, target: driver.Target) -> tuple[Emitted, Made]:
    analysis = analysed(folder, source(position, values))
    assert not errors(analysis) and analysis.app is not None
    made = emit_service(analysis.app, target)
    files = bundle.texts(analysis.app, made, target, analysis.diagnostics, {})
    documents = [
        msgspec.json.decode(files[name]) if name in files else {}
        for name in ("openapi.json", "metadata.json", "mcp.json", "deploy/manifest.json")
    ]
    (declared,) = [
        node.value
        for node in ast.parse(made.wiring).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DECLARATIONS"
    ]
    return made, Made(*documents, declared=ast.literal_eval(declared))


def structure(text: str) -> str:
    """A module's tree with its constants blanked; tables, whose form follows the paths, are one constant."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.value = type(node.value).__name__
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TABLES":
            assert ast.literal_eval(node.value) is not None
            node.value = ast.Constant("tables")
    return ast.dump(tree)


def tokens(text: str) -> list[str]:
    """The tokens of a Cython module, strings by their kind; numbers of the C tables left out."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL):
            continue
        found.append(c_structure(token.string) if "#include" in token.string else _blank(token))
    return found


def _blank(token: tokenize.TokenInfo) -> str:
    return "text" if token.type == tokenize.STRING else token.string


def c_structure(text: str) -> str:
    """The C part without what stands in arrays: numbers and titles of ours, and nothing else."""
    arrays = re.compile(r"(\[\] = \{\n)(.*?)(\n *\};)", re.DOTALL)
    for array in arrays.finditer(text):
        for line in array[2].split("\n"):
            assert re.fullmatch(r" *(?:(?:\d+u?,? ?)*|/\* [\w:, ]+ \*/)", line), line
    return arrays.sub(r"\1\3", text)


@pytest.mark.parametrize("name", POSITIONS)
def test_what_is_refused_and_what_comes_through(name: str, tmp_path: Path) -> None:
    position = POSITIONS[name]
    known = dict(enumerate(value for _, value in VALUES))
    groups: list[Values] = [{n: value} for n, value in known.items()] if position.alone else [known]
    said: dict[int, list[str]] = {}
    for group in groups:
        found = refused(tmp_path, position, group)
        said.update(found)
        kept = {n: value for n, value in group.items() if n not in found}
        if kept:
            _comes_through(tmp_path, position, kept)
    told = "".join(f"{name}: {VALUES[n][0]}: {' '.join(codes)}\n" for n, codes in sorted(said.items()))
    _compare(name, told)


def _comes_through(folder: Path, position: Position, values: Values) -> None:
    harmless = {n: f"harmless{n}{_weighty(value)}" for n, value in values.items()}
    for target in ("python", "cython"):
        made, documents = emitted(folder, position, values, target)  # type: ignore[arg-type]
        plain, _ = emitted(folder, position, harmless, target)  # type: ignore[arg-type]
        for n, value in values.items():
            for found, wanted in position.find(documents, n, value):
                assert found == wanted, (VALUES[n][0], target)
        for text in (made.wiring, made.adapters, made.dispatch):
            assert text.isascii() and not set(text) & {"\r", "\x0c", "\0"}
        assert structure(made.wiring) == structure(plain.wiring)
        assert structure(made.adapters) == structure(plain.adapters)
        if target == "cython":
            assert sorted(tokens(made.dispatch)) == sorted(tokens(plain.dispatch))  # methods have an order
            assert tokens(made.adapters) == tokens(plain.adapters)
        else:
            assert structure(made.dispatch) == structure(plain.dispatch)


@pytest.mark.parametrize("name", POSITIONS if SOAK else ["path", "docstring", "answer"])
def test_a_megabyte(name: str, tmp_path: Path) -> None:
    position = POSITIONS[name]
    codes = refused(tmp_path, position, {0: LONG})
    assert codes == ({0: [TOO_LONG[name]]} if name in TOO_LONG else {})
    if not codes:
        _comes_through(tmp_path, position, {0: LONG})


def _weighty(value: str) -> str:
    """What has a meaning however harmless it is: half characters are not encoded at build time, and who
    mentions ``__import__`` may do anything."""
    halves = "".join(one for one in value if "\ud800" <= one <= "\udfff")
    return halves + "__import__" * ("__import__" in value)


def _compare(name: str, told: str) -> None:
    lines = GOLDEN.read_text("utf-8").splitlines(keepends=True) if GOLDEN.exists() else []
    own = [line for line in lines if line.startswith(f"{name}: ")]
    if os.environ.get("UPDATE_GOLDEN"):
        rest = [line for line in lines if line not in own]
        GOLDEN.write_text("".join(sorted({*rest, *told.splitlines(keepends=True)})), "utf-8")
        return
    assert "".join(sorted(own)) == "".join(sorted(told.splitlines(keepends=True)))
