"""Planted secrets appear in nothing that is made of a program but its own copied modules."""

import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from conduitc import driver
from conduitc.analysis import analyse
from conduitc.bundle import texts
from conduitc.codegen.emit import emit_service
from conduitc.frontend.project import Project
from tests.planted import kinds
from tests.planted.planted import NAMED, SHAPED, core
from tests.planted.positions import ALONE, APP, HEAD, POSITIONS, PUBLIC
from tests.service.ways import WAYS, asked, request

SECRETS = dict(enumerate(secret for _, secret in SHAPED))
#: Where one stands within a literal of the program's own, it may hold no quotes.
MADE = {n: secret for n, (_, secret) in enumerate(kinds.made()) if not set(secret) & set("'\"")}
TARGETS = [one for one in WAYS if one != "uncompiled"]


def program(block: str, secrets: dict[int, str], *, app: str = APP) -> str:
    """A program with every secret, each in its block."""
    made = [block.format(V=ascii(one), N=n, L=one.splitlines()[0]) + "\n\n" for n, one in secrets.items()]
    return HEAD + app + "".join(made)


def written(name: str, secrets: dict[int, str]) -> str:
    block = {**POSITIONS, **PUBLIC}[name]
    if name == "module":
        return ascii(*secrets.values()) + "\n" + HEAD + APP
    return program(block, secrets, app="" if name == "app" else APP)


def forms(secret: str) -> set[bytes]:
    """The longest line of a secret, as texts, JSON and Python write it."""
    made = kinds.core(secret) if secret in MADE.values() else core(secret)
    line = max(made.splitlines(), key=len)
    return {line.encode(), json.dumps(line)[1:-1].encode(), ascii(line)[1:-1].encode()}


def seen(files: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Where which of the secrets stands."""
    wanted = [(secret, one) for secret in secrets for one in forms(secret)]
    return [(name, secret) for name, data in files for secret, one in wanted if one in data]


def emitted(folder: Path, source: str) -> tuple[set[str], dict[str, bytes]]:
    """The codes of errors; without one, what is made of the program."""
    (folder / "app.py").write_text(source)
    (folder / "m.npz").write_bytes(b"")
    analysis = analyse(folder / "app.py")
    errors = {one.rule.code for one in analysis.diagnostics if one.severity == "error"}
    if errors or analysis.app is None:
        return errors, {}
    assert isinstance(analysis.project, Project)
    sources = {scope.source.file: scope.source.text for scope in analysis.project.scopes.values()}
    made = {}
    for target in TARGETS:
        service = emit_service(analysis.app, target, sources)  # type: ignore[arg-type]
        files = texts(analysis.app, service, target, analysis.diagnostics, {})  # type: ignore[arg-type]
        made.update({f"{target}/{name}": data for name, data in files.items()})
    return errors, made


@pytest.mark.parametrize("name", POSITIONS)
def test_nothing_made_holds_a_secret(name: str, tmp_path: Path) -> None:
    groups = [{n: one} for n, one in SECRETS.items()] if name in ALONE else [SECRETS, MADE]
    for secrets in groups:
        errors, files = emitted(tmp_path, written(name, secrets))
        assert not errors - {"CDT447", "CDT344", "CDT345"}
        unpacked = [
            (file, gzip.decompress(data) if file.endswith(".gz") else data) for file, data in files.items()
        ]
        assert not seen(unpacked, secrets.values())
        if not files:
            assert name in {"tag", "name", "model", "unresolved", "annotation"}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_secret_as_a_name_is_refused(name: str, tmp_path: Path) -> None:
    random_alone = {n for n, (kind, _) in enumerate(SHAPED) if kind == "high entropy"}
    in_path = name in {"path", "prefix", "endpoint"}
    for n, secret in SECRETS.items():
        errors, _ = emitted(tmp_path, written(name, {n: secret}))
        assert "CDT447" in errors or "CDT201" in errors or (in_path and n in random_alone), secret


@pytest.mark.parametrize(("kind", "name", "secret"), NAMED)
def test_names_give_them_away(kind: str, name: str, secret: str, tmp_path: Path) -> None:
    source = (
        f"{HEAD}{APP}class S(msgspec.Struct):\n    {name}: str = {secret!r}\n\n\n"
        f"@app.post('/a')\ndef a(b: S, {name}: str = {secret!r}):\n"
        f'    """Use {name}={secret} here."""\n    return {{"{name}": "{secret}"}}\n\n\n'
        f"class M:\n    pass\n\n\napp.use(M, {name}={secret!r})\n\n\n"
        f"@app.tool(name='t', description='{name}: \"{secret}\"')\ndef t({name}: str = {secret!r}):\n"
        "    return 1\n"
    )
    errors, files = emitted(tmp_path, source)
    assert files and not errors
    unpacked = [
        (file, gzip.decompress(data) if file.endswith(".gz") else data) for file, data in files.items()
    ]
    assert not seen(unpacked, [secret])


def everything() -> str:
    """One program with a secret of every kind in turn at every position that builds."""
    parts, n = [], 0
    for name, block in POSITIONS.items():
        if name in {*ALONE, "tag", "name", "model", "unresolved", "annotation", "hook"}:
            continue
        for turn in range(3):
            secret = SECRETS[n % len(SECRETS)]
            source = block.format(V=ascii(secret), N=f"{n}x{turn}", L=secret.splitlines()[0])
            parts.append(source + "\n\n")
            n += 7
    first = SECRETS[0]
    app = f"app = Conduit(title={first!a}, version={first!a}, description={first!a})\n\n\n"
    return f"{first!a}\n{HEAD}{app}{''.join(parts)}"


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a build but the copied ones, unpacked."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(("src/", "conduit/")):
            data = path.read_bytes()
            if name.endswith(".gz"):
                data = gzip.decompress(data)
            elif zipfile.is_zipfile(io.BytesIO(data)):
                raise AssertionError(f"{name} is packed")
            yield name, data


@pytest.mark.parametrize("target", TARGETS)
def test_a_whole_build(target: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(everything())
    (tmp_path / "m.npz").write_bytes(b"")
    command = [sys.executable, "-m", "conduitc", "build", "app.py", "-o", "dist", "--target", target]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    files = dict(contents(tmp_path / "dist"))
    assert len(files) > 10
    assert not seen([*files.items(), ("stdout", run.stdout), ("stderr", run.stderr)], SECRETS.values())
    (copied,) = [(tmp_path / "dist" / "src" / "app.py").read_bytes()]
    assert seen([("src/app.py", copied)], SECRETS.values())


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_what_check_says(format_: str, tmp_path: Path) -> None:
    """Its frames quote lines, and its messages names: of every position, those that are refused included."""
    for n, name in enumerate({**POSITIONS, **PUBLIC}):
        secrets = {0: SECRETS[n % len(SECRETS)], 1: SECRETS[(n * 5 + 3) % len(SECRETS)]}
        if name in ALONE:
            secrets.pop(1)
        (tmp_path / f"a{n}.py").write_text(written(name, secrets))
    (tmp_path / "m.npz").write_bytes(b"")
    files = [path.name for path in tmp_path.glob("a*.py")]
    command = [sys.executable, "-m", "conduitc", "check", "--format", format_, *files]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 1 and b"CDT445" in run.stdout and b"CDT447" in run.stdout
    assert not seen([("stdout", run.stdout), ("stderr", run.stderr)], SECRETS.values())


FAILS = """\


@app.get("/a{N}", summary={V})
def a{N}():
    return connect({V}, key={V})  # until May: {L}


@app.get("/b{N}")
def b{N}():
    text = {M}
    return connect(text)
"""


@pytest.mark.parametrize("way", WAYS)
def test_the_log_of_a_failing_request(way: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    blocks = [
        FAILS.format(N=n, V=ascii(one), L=one.splitlines()[0], M=f'"""{one}"""; connect(1)')
        for n, one in SECRETS.items()
    ]
    connect = 'def connect(address, **more):\n    raise OSError("no route to host")\n'
    text = f"from conduit import Conduit\n\napp = Conduit()\n\n\n{connect}{''.join(blocks)}"
    served = tmp_path / "source"
    (served / "app.py").write_text(text)
    if way != "uncompiled":
        driver.build(served / "app.py", tmp_path / "dist", kind=way)  # type: ignore[arg-type]
        served = tmp_path / "dist"
    run = asked(served, [request("GET", f"/{kind}{n}") for n in SECRETS for kind in "ab"])
    assert run.returncode == 0 and run.stderr.count("OSError: no route to host") == 2 * len(SECRETS)
    assert "return connect(" in run.stderr and 'raise OSError("no route to host")' in run.stderr
    assert not seen([("log", run.stderr.encode())], SECRETS.values())


def test_the_page_of_the_development_server(tmp_path: Path) -> None:
    """What the worker says when the app does not start goes to browsers: it quotes lines, too."""
    from conduitc.dev.server import DevServer

    said: list[str] = []
    secret = dict(SHAPED)["stripe"]
    server = DevServer("app.py", None, tmp_path, said.append)  # type: ignore[arg-type]
    server._broken(f'  File "app.py", line 1, in <module>\n    connect("{secret}")\nOSError: no')
    shown = server.error_file.read_text() + "".join(said)
    assert "OSError: no" in shown and re.search(r'connect\("\*+"\)', shown)
    assert not seen([("page", shown.encode())], [secret])
