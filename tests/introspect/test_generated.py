"""Generated command lines: whatever is asked, an answer or a refusal in plain words, never a traceback."""

import json
import os
import random
from pathlib import Path

import pytest
from conduit.introspect.filters import FACETS, KINDS

from conduitc.cli.introspect import introspect_command
from conduitc.cli.questions import COMMANDS, FORMATS
from conduitc.codegen.metadata import emit_metadata
from tests.metadata.apps import SHOP

COMMANDS_ASKED = 10_000 if os.environ.get("CONDUIT_SOAK") else 400
JUNK = (
    "",
    " ",
    "\x00",
    "\x1b[2J",
    "ü",
    "\ud800",
    '"',
    "%",
    "%zz",
    "/",
    "//",
    "..",
    "-",
    "--",
    "-1",
    "9" * 30,
    "a" * 5000,
)
METHODS = ("GET", "post", "HEAD", "*", "WEBSOCKET", "OPTIONS", "ünd")


def words(dice: random.Random, names: list[str]) -> list[str]:
    """A command as people mistype it: a word too many, too few, or another's option."""
    command = dice.choice([*COMMANDS, *COMMANDS, "nonsense", *JUNK])
    name = dice.choice([*names, *names, *names, *JUNK])
    near = name[:-1] if dice.random() < 0.2 else name
    by_command = {
        "who": [dice.choice(METHODS), dice.choice(["/items/7", "/", name, f"http://x{name}?a=b"])],
        "resources": [f"{dice.choice([*FACETS, 'x'])}:{dice.choice([*KINDS, near])}"],
        "routes": dice.choice([[], [near], ["--method", dice.choice(METHODS)], ["--tag", near]]),
    }
    asked = [command, *by_command.get(command, [near] if dice.random() < 0.8 else [])]
    if dice.random() < 0.3:
        asked += ["--format", dice.choice([*FORMATS, "xml"])]
    if dice.random() < 0.2:
        asked += dice.choice([["--reverse"], ["--depth", dice.choice(["1", "0", "999999999999", "x"])]])
    if dice.random() < 0.1:
        asked.insert(dice.randrange(len(asked)), dice.choice([*JUNK, "--audit"]))
    if dice.random() < 0.1 and len(asked) > 1:
        asked.pop(dice.randrange(len(asked)))
    return asked


def test_generated_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = emit_metadata(SHOP)
    (tmp_path / "metadata.json").write_text(metadata)
    names = [name for one in json.loads(metadata)["resources"] for name in (one["id"], one["name"])]
    names += ["Item.price", "app.Item.price", "schema.Node", "/items/{slug}"]
    dice = random.Random(6)
    codes = {0: 0, 1: 0, 2: 0}
    for _ in range(COMMANDS_ASKED):
        asked = words(dice, names)
        code = introspect_command([str(tmp_path), *asked])
        out, err = capsys.readouterr()
        codes[code] += 1
        assert bool(out.strip()) == (code == 0), asked
        assert bool(err) == (code != 0) and "Traceback" not in err, asked
        assert "\x1b" not in out + err and "\x00" not in out + err, asked
    assert min(codes.values()) > COMMANDS_ASKED / 50
