"""What a build makes of ``auth=``: no key in what is generated, what it needs besides, and when it does not
happen at all."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conduitc import driver, requirements
from tests.mcp.speaking import result
from tests.mcp.tokens import bearing, calling, key_set, pem, program, token
from tests.service.ways import WAYS, answers, asked, made, request

SECRET = "a very long secret that stands in the source"
WELL_KNOWN = "/.well-known/oauth-protected-resource"

SHARED = f'''from conduit import BearerJWT, Conduit

app = Conduit()
app.enable_mcp(
    auth=BearerJWT(
        "{SECRET}", algorithm="HS256", issuer="https://auth.example", audience="https://shop.example/mcp"
    )
)


@app.tool(scopes=["a"])
def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b
'''


def built(folder: Path, text: str, kind: Any = "python") -> driver.Built:
    (folder / "app.py").write_text(text)
    return driver.build(folder / "app.py", folder / "dist", kind=kind)


@pytest.mark.parametrize("keys", [SECRET, pem(), json.dumps(key_set())])
def test_keys_are_in_the_copied_source_alone(keys: str, tmp_path: Path) -> None:
    text = SHARED if keys == SECRET else program(json.loads(keys) if keys[0] == "{" else keys)["app.py"]
    made = built(tmp_path, text)
    telling = (
        SECRET if keys == SECRET else pem().splitlines()[2] if keys == pem() else key_set()["keys"][0]["n"]
    )
    holding = {
        path.relative_to(made.folder).as_posix()
        for path in made.folder.rglob("*")
        if path.is_file() and telling.encode() in path.read_bytes()
    }
    assert {path for path in holding if not path.startswith("src/")} == set()
    told = json.loads((made.folder / "mcp.json").read_text())
    assert told["auth"]["scheme"] == "bearer" and "keys" not in told["auth"]
    resources = json.loads((made.folder / "metadata.json").read_text())["resources"]
    scopes = {
        scope
        for one in resources
        if one["kind"] == "tool"
        for scope in one["facts"].get("scopes", {"value": []})["value"]
    }
    assert scopes == ({"a"} if keys == SECRET else {"orders:write"})


def test_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = built(tmp_path, SHARED)
    needs = (made.folder / "requirements.txt").read_text()
    assert "pyjwt==" in needs and "cryptography==" in needs and made.notes == ()
    assert (made.folder / "conduit/auth/signed.py").exists()
    installed = requirements._installed
    monkeypatch.setattr(requirements, "_installed", lambda name: None if name == "pyjwt" else installed(name))
    lacking = built(tmp_path, SHARED)
    assert lacking.notes == ("requirements.txt lacks pyjwt: it is not installed here",)
    piped = built(tmp_path, SHARED.replace("enable_mcp(", 'enable_mcp(transport="stdio", '))
    assert piped.notes == () and "pyjwt" not in (piped.folder / "requirements.txt").read_text()


def test_pipes_ask_for_no_token(tmp_path: Path) -> None:
    from tests.mcp.test_stdio import call, serving

    for transport in ("stdio", "http"):
        made = built(tmp_path, SHARED.replace("enable_mcp(", f'enable_mcp(transport="{transport}", '))
        with serving(made.folder) as server:
            assert [one["name"] for one in server.ask("tools/list")["result"]["tools"]] == ["add"]
            server.send(call("add", a=1))
            assert server.read()["result"]["structuredContent"] == {"result": 3}


SOMETIMES = program(key_set())["app.py"].replace(
    "app.enable_mcp(", "if os.environ.get('OFFERED'):\n  app.enable_mcp("
)


@pytest.mark.parametrize("way", WAYS)
def test_what_does_not_happen_is_not_open(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    several = [calling(None, "add", a=1), calling(token(), "add", a=1), request("GET", WELL_KNOWN)]
    files = {"app.py": SOMETIMES}
    assert [one[0] for one in answers(way, files, several, tmp_path)] == [404, 404, 404]
    monkeypatch.setenv("OFFERED", "1")
    refused, called, about = answers(way, files, several, tmp_path)
    assert refused[0] == 401 and result(called)["structuredContent"] == {"result": 3} and about[0] == 200


NOBODY = '''from conduit import Conduit


def auth():
    return {auth}


app = Conduit()
app.enable_mcp(auth=auth())


@app.tool({scopes})
def add(a: int, b: int = 2) -> int:
    """Add two numbers."""
    return a + b
'''


def test_scopes_without_anybody_to_ask_stop_the_start(tmp_path: Path) -> None:
    def run(number: int, auth: str, scopes: str) -> subprocess.CompletedProcess[str]:
        files = {"app.py": NOBODY.format(auth=auth, scopes=scopes)}
        return asked(made("python", files, tmp_path / str(number)), [bearing(None)])

    none = run(0, "None", 'scopes=["a"]')
    assert none.returncode != 0 and "auth= of enable_mcp is None" in none.stderr
    odd = run(1, "'secret'", "")
    assert odd.returncode != 0 and "auth= is a BearerJWT or a Bearer, not str" in odd.stderr
    open_ = run(2, "None", "")
    assert open_.returncode == 0 and json.loads(open_.stdout.splitlines()[-1])[0][0] == 200
