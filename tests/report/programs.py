"""Programs that are wrong in known ways, for the tests of what becomes of findings."""

from pathlib import Path

FINE = """\
from conduit import Conduit

app = Conduit()


@app.get("/{x}")
def f(x: int):
    return x
"""
#: An error with two places and a fix.
CONFLICT = FINE + '\n\n@app.get("/{y}")\ndef g(y: int):\n    return y\n'
#: `z` is read by nobody; the same name stands for the same mistake at each place.
UNREAD = FINE + '\n\n@app.get("/unread/{z}")\ndef unread():\n    return 1\n'
CODE, SLUG = "CDT343", "path-parameter-unread"
LINE = '@app.get("/unread/{z}")'


def ignoring(comment: str) -> str:
    """The program with a comment at the end of the line that is warned about."""
    return UNREAD.replace(LINE, f"{LINE}  {comment}")


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
