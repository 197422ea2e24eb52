"""requirements.txt: what is imported and what serves it, pinned, under the names that indexes know."""

import json
from importlib import metadata
from pathlib import Path

import pytest

from conduitc import driver, places, requirements
from tests.build.test_dist import written

APP = """IMPORTS
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {}
"""


def pinned(tmp_path: Path, imports: str) -> tuple[list[str], driver.Built]:
    source = written(tmp_path, {"app.py": APP.replace("IMPORTS", imports)})
    built = driver.build(source / "app.py", tmp_path / "dist", kind="python")
    return (tmp_path / "dist/requirements.txt").read_text().splitlines(), built


def line(name: str) -> str:
    return f"{requirements.normalised(name)}=={metadata.version(name)}"


def test_what_serves_a_build_is_pinned_with_what_it_needs(tmp_path: Path) -> None:
    lines, built = pinned(tmp_path, "")
    assert {line(name) for name in ("msgspec", "uvicorn", "click", "h11")} <= set(lines)
    assert lines == sorted(lines) and not built.notes
    facts = json.loads((tmp_path / "dist" / places.MARK).read_text())
    assert lines == [f"{name}=={version}" for name, version in facts["third_parties"].items()]


def test_import_names_become_distributions(tmp_path: Path) -> None:
    lines, _ = pinned(tmp_path, "import jinja2\nimport typing_extensions\n")
    plain, _ = pinned(tmp_path / "plain", "import json, os.path\nfrom collections import abc\n")
    assert set(lines) - set(plain) >= {line("Jinja2"), line("MarkupSafe")}
    assert line("typing_extensions") in lines
    assert not any(name.startswith(("conduit", "pip==", "json")) for name in lines + plain)


SOCKET = """from conduit import Conduit, WebSocket

app = Conduit()


@app.websocket("/")
async def talk(ws: WebSocket): ...
"""


def test_what_speaks_websocket_is_pinned_where_an_app_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path, {"app.py": SOCKET})
    driver.build(source / "app.py", tmp_path / "dist", kind="python")
    lines = (tmp_path / "dist/requirements.txt").read_text().splitlines()
    assert {line("starlette"), line("websockets"), line("anyio")} <= set(lines)
    monkeypatch.setattr(requirements, "_SPEAKING", ("no-such-thing",))
    built = driver.build(source / "app.py", tmp_path / "other", kind="python")
    assert built.notes == ("requirements.txt lacks no-such-thing: it is not installed here",)


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    lines, built = pinned(tmp_path, "import no_such_thing\n")
    assert built.notes == ("requirements.txt lacks no_such_thing: it is not installed here",)
    assert not any("no" in name.split("-") for name in lines)


def distribution(folder: Path, name: str, version: str, files: list[str], needs: list[str]) -> None:
    needed = "".join(f"Requires-Dist: {one}\n" for one in needs)
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    texts = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
        f"{info}/RECORD": "".join(f"{file},,\n" for file in files),
        **dict.fromkeys(files, ""),
    }
    written(folder, texts)


def test_extras_needs_and_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    distribution(site, "Big.Cloud_Store", "1.2", ["big/cloud/store/__init__.py"], ["Helper-One[Fast]>=1"])
    distribution(site, "big-cloud-queue", "3", ["big/cloud/queue/__init__.py"], [])
    extra = ["Quick (>=1) ; extra == 'fast'", 'slow; extra == "slow"', "cycle"]
    distribution(site, "helper_one", "2", ["helper_one.py"], [*extra, "elsewhere; sys_platform == 'none'"])
    for name, needs in (("quick", []), ("slow", []), ("cycle", ["helper-one"])):
        distribution(site, name, "1", [f"{name}.py"], needs)
    monkeypatch.syspath_prepend(str(site))
    lines, _ = pinned(tmp_path, "from big.cloud.store import thing\n")
    ours = [one for one in lines if one.split("==")[0] not in {"msgspec", "uvicorn", "click", "h11"}]
    assert [one for one in ours if not one.startswith(("httptools", "uvloop", "typing"))] == [
        *("big-cloud-store==1.2", "cycle==1", "helper-one==2", "quick==1")
    ]
