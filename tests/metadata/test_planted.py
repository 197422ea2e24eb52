"""Two hundred secrets of twenty kinds, wherever text can be in programs, and in nothing said of them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from conduitc.cli.introspect import introspect_command
from tests.planted import kinds, ordinary
from tests.planted.positions import ALONE, APP, HEAD, POSITIONS, PUBLIC
from tests.planted.said import findings, metadata_of, said
from tests.planted.web import FASTAPI, FASTAPI_ALONE, FLASK, IN_FASTAPI, IN_FLASK

MADE = kinds.made()
#: A path may be random without being a secret, and what stands in it is no value of a name.
NO_PATH = {"aws secret key", "azure", "basic auth", "password in text", "random under a name"}
IN_PATHS = {"path", "prefix", "endpoint", "unknown path", "loop", "mount", "constant", "rule"}
#: These stand within a literal of the program's own.
UNQUOTED = {"annotation", "rule"}


def written(head: str, block: str, planted: Iterable[tuple[int, str]]) -> str:
    """A program with every secret, each in its block."""
    made = (block.format(V=ascii(one), N=n, L=one.splitlines()[0]) + "\n\n" for n, one in planted)
    return head + "".join(made)


def forms(secret: str) -> set[str]:
    core = kinds.core(secret)
    return {core, json.dumps(core)[1:-1], ascii(core)[1:-1]}


def seen(texts: Iterable[tuple[str, str]], planted: Iterable[str]) -> list[tuple[str, str]]:
    """Where which of them is shown."""
    wanted = {form: secret for secret in planted for form in forms(secret)}
    return [(name, secret) for name, text in texts for form, secret in wanted.items() if form in text]


def programs() -> Iterator[tuple[str, str, str]]:
    for name, block in {**POSITIONS, **PUBLIC}.items():
        if name not in ALONE:
            yield f"conduit: {name}", HEAD + APP, block
    yield from ((f"fastapi: {name}", FASTAPI, block) for name, block in IN_FASTAPI.items())
    yield from ((f"flask: {name}", FLASK, block) for name, block in IN_FLASK.items())


PROGRAMS = {name: (head, block) for name, head, block in programs()}
SINGLE = {
    **{f"conduit: {name}": (HEAD + (APP if name == "module" else ""), POSITIONS[name]) for name in ALONE},
    **{f"fastapi: {name}": (FASTAPI, block) for name, block in FASTAPI_ALONE.items()},
}


def planted_in(name: str) -> list[str]:
    """All of them, but in paths those that only random text or a name gives away."""
    place = name.partition(": ")[2]
    found = [secret for kind, secret in MADE if not (place in IN_PATHS and kind in NO_PATH)]
    return [one for one in found if not (place in UNQUOTED and set(one) & set("'\"\n"))]


def test_there_are_enough() -> None:
    assert Counter(kind for kind, _ in MADE) == dict.fromkeys(kinds.KINDS, 10)
    assert len(kinds.KINDS) == 20 and len({secret for _, secret in MADE}) == 200
    assert len(PROGRAMS) + len(SINGLE) >= 70
    assert len(set(ordinary.strings())) >= 200


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_said_shows_one(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, block = PROGRAMS[name]
    planted = planted_in(name)
    (tmp_path / "m.npz").write_bytes(b"")
    target = tmp_path / "app.py"
    target.write_text(written(head, block, enumerate(planted)))
    assert not seen(said(metadata_of(target)), planted)
    assert not seen(findings(target, capsys), planted)


@pytest.mark.parametrize("name", SINGLE)
def test_nothing_said_of_what_there_is_once(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, block = SINGLE[name]
    target = tmp_path / "app.py"
    for number, (_, secret) in enumerate(MADE[::3]):
        target.write_text(written(head, block, [(number, secret)]))
        assert not seen([("metadata.json", metadata_of(target).decode())], [secret])
    assert not seen(said(metadata_of(target)), [secret])
    assert not seen(findings(target, capsys), [secret])


def test_what_stands_beside_the_program(tmp_path: Path) -> None:
    """Tests are subjects of patterns, and a curation's names come from people."""
    (tmp_path / "app.py").write_text(FASTAPI + "@app.get('/a')\ndef a():\n    return 1\n")
    lines = ["from fastapi.testclient import TestClient", "from app import app", "client = TestClient(app)"]
    toml = []
    for number, (_, secret) in enumerate(MADE):
        lines += [
            f"def test_{number}(key={secret!a}):",
            f"    {secret!a}",
            f"    response = client.get('/a', headers={{'X-Key': {secret!a}}})  # {secret.splitlines()[0]}",
            f"    assert response.json() == {secret!a}",
        ]
        toml += ["[[rejected]]", f'id = "pattern:test/{number:012x}"', f"name = {json.dumps(secret)}"]
    (tmp_path / "test_app.py").write_text("\n".join(lines) + "\n")
    (tmp_path / "conduit-patterns.toml").write_text("\n".join(toml) + "\n")
    assert not seen(said(metadata_of(tmp_path / "app.py")), [secret for _, secret in MADE])


def test_the_line_of_an_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It repeats what was asked, and of the program nothing."""
    head, block = PROGRAMS["fastapi: field"]
    (tmp_path / "app.py").write_text(written(head, block, enumerate(one for _, one in MADE)))
    for words in (["export"], ["routes"], ["resource", "POST /p1"], ["who", "POST", "/p1"]):
        assert introspect_command([str(tmp_path / "app.py"), *words, "--audit", str(tmp_path / "audit")]) == 0
    capsys.readouterr()
    lines = (tmp_path / "audit").read_text()
    assert lines.count("\n") == 4 and not seen([("audit", lines)], [one for _, one in MADE])


ORDINARY = """\
class E{N}(str, Enum):
    A = {V}


@app.get('/p{N}', summary={V}, tags=[{V}])
def h{N}(e: E{N}, q: str = {V}, p: Literal[{V}, 'b'] = 'b'):
    {V}
    return 1  # {V}


"""


def test_no_ordinary_string_is_dropped(tmp_path: Path) -> None:
    strings = [one for one in ordinary.strings() if "@example.com" not in one]
    assert len(strings) >= 200
    (tmp_path / "app.py").write_text(written(FASTAPI, ORDINARY, enumerate(strings)))
    metadata = json.loads(metadata_of(tmp_path / "app.py"))
    known = {one["id"]: one for one in metadata["resources"]}
    for number, text in enumerate(strings):
        route = known[f"route:app.h{number}#GET /p{number}"]
        assert route["doc"] == text.strip()
        assert route["facts"]["summary"]["value"] == text.strip()
        assert route["facts"]["tags"]["value"] == [text]
        taken = {one["name"]: one for one in route["parameters"]}
        assert taken["q"]["default"] == text
        assert taken["p"]["type"] == f"Literal[{text!r}, 'b']"
        assert known[f"schema:app.E{number}"]["facts"]["members"]["value"] == [{"name": "A", "value": text}]


def test_names_with_secrets_still_meet(tmp_path: Path) -> None:
    """Ids say the same wherever they stand, and those of two secrets differ."""
    first, second = (one for kind, one in MADE[:40:20] if kind)
    blocks = [(0, first), (1, second)]
    (tmp_path / "app.py").write_text(written(FASTAPI, IN_FASTAPI["path"], blocks))
    metadata = json.loads(metadata_of(tmp_path / "app.py"))
    ids = [one["id"] for one in metadata["resources"] if "/hook" in one["id"]]
    assert ids == ["route:app.h0#POST /hook0/[redacted]", "route:app.h1#POST /hook1/[redacted 2]"]
    handled = {one["from"]: one["to"] for one in metadata["edges"] if one["kind"] == "handles"}
    assert [handled[one] for one in ids] == ["function:app.h0", "function:app.h1"]


def test_a_stripped_build_says_nothing_that_a_person_wrote(tmp_path: Path) -> None:
    """Words, places and bodies: in patterns, the index and what is written for assistants, too."""
    words = "Zaphod's own words"
    blocks = "".join(
        f"# {words}\n@app.post('/p{n}', summary={words!r}, description={words!r})\n"
        f"def h{n}(b: M, user: int = Depends(user)) -> M:\n    '''{words}'''\n"
        f"    if b.a == {words!r}:\n        raise HTTPException(status_code=404, detail={words!r})\n"
        "    return b\n\n\n"
        for n in range(6)
    )
    schema = f"class M(BaseModel):\n    '''{words}'''\n\n    a: str = Field('', description={words!r})\n\n\n"
    text = f"'''{words}'''\n{FASTAPI}{schema}def user():\n    return 1\n\n\n{blocks}"
    (tmp_path / "app.py").write_text(text)
    whole, stripped = metadata_of(tmp_path / "app.py"), metadata_of(tmp_path / "app.py", stripped=True)
    assert json.loads(stripped)["patterns"] and words in whole.decode()
    for name, said_of_it in said(stripped):
        assert words not in said_of_it and "return b" not in said_of_it, name
        assert not re.search(r"app\.py:\d", said_of_it), name
    assert b'"span"' not in stripped and b'"line"' not in stripped
