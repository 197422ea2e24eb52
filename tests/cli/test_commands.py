"""The command line as a user sees it: exit codes, what is printed, and where."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conduitc import driver
from tests.cli.servers import ROOT, environment, serving, until
from tests.service.programs import HELLO, SHOP

CONFLICT = ROOT / "examples" / "planted_conflict" / "app.py"


def conduitc(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conduitc", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(HELLO)
    return tmp_path


def test_version(tmp_path: Path) -> None:
    done = conduitc("--version", folder=tmp_path)
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "conduitc", "")


def test_wrong_usage_exits_2(tmp_path: Path) -> None:
    for arguments in (["frobnicate"], ["build"], ["check", "--format", "yaml", "app.py"]):
        done = conduitc(*arguments, folder=tmp_path)
        assert done.returncode == 2 and "Traceback" not in done.stderr, arguments


def test_build_prints_routes_links_and_files(hello: Path) -> None:
    done = conduitc("build", "app.py", "-o", "dist", "--target", "python", folder=hello)
    assert done.returncode == 0, done.stderr
    for text in (
        "GET     / → app.index",
        "/users/{id}",
        "handlers linked 2/2",
        "_conduit/dispatch.py",
        "perfect-hash",
    ):
        assert text in done.stdout
    assert conduitc("build", "app.py", "-o", "dist", "--target", "python", "-q", folder=hello).stdout == ""


@pytest.mark.parametrize("name", ["missing.py", "empty.py", "broken.py", "noapp.py", "."])
def test_what_cannot_be_built_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "noapp.py").write_text("x = 1\n")
    done = conduitc("build", name, "-o", "dist", folder=tmp_path)
    assert done.returncode == 1 and "CDT" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "dist").exists()


def test_modules_of_the_working_directory_are_never_imported(hello: Path) -> None:
    for name in ("random", "typer", "libcst", "string"):
        (hello / f"{name}.py").write_text("open('executed', 'w')\n")
    for arguments in (["check", "app.py"], ["build", "app.py", "--target", "python"], ["explain", "CDT230"]):
        done = conduitc(*arguments, folder=hello)
        assert done.returncode == 0, done.stderr
    assert not (hello / "executed").exists()


def test_which_app_is_a_question_of_usage(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from conduit import Conduit\n\na = Conduit()\nb = Conduit()\n")
    done = conduitc("build", "app.py", "-o", "dist", folder=tmp_path)
    assert done.returncode == 2 and "several apps: a, b" in done.stderr
    assert conduitc("build", "app:c", "-o", "dist", folder=tmp_path).returncode == 2
    assert conduitc("build", "app:b", "-o", "dist", "--target", "python", folder=tmp_path).returncode == 0


def test_without_a_c_compiler_the_python_target_is_built_and_said(
    hello: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "/no/such/compiler")
    done = conduitc("build", "app.py", "-o", "dist", folder=hello)
    assert done.returncode == 0 and "note: built the Python target: no C compiler" in done.stdout
    done = conduitc("build", "app.py", "-o", "dist", "--target", "cython", folder=hello)
    assert done.returncode == 1 and "CDT510" in done.stderr


def test_check_shows_both_places_of_a_conflict_and_exits_1(tmp_path: Path) -> None:
    done = conduitc("check", str(CONFLICT), folder=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    places = [line for line in done.stdout.splitlines() if "app.py:" in line or " ::: " in line]
    assert len(places) >= 1 and done.stdout.count("@") >= 2
    assert conduitc("check", "--exit-zero", str(CONFLICT), folder=tmp_path).returncode == 0


def test_check_of_a_sound_app_exits_0(hello: Path) -> None:
    assert conduitc("check", "app.py", folder=hello).returncode == 0


def test_run_serves_a_build_and_refuses_anything_else(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SHOP)
    assert conduitc("build", "app.py", "-o", "dist", "--target", "python", folder=tmp_path).returncode == 0
    with serving(["run", "dist", "--port", "18431"], tmp_path) as server:
        until(lambda: server.get("/users/7") == (200, '{"user_id":"7"}'), server.output)
    done = conduitc("run", ".", folder=tmp_path)
    assert done.returncode == 2 and "is no build" in done.stderr


def test_plain_uvicorn_serves_a_build(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HELLO)
    assert conduitc("build", "app.py", "-o", "dist", "--target", "python", folder=tmp_path).returncode == 0
    command = ["--app-dir", "dist", "app:app", "--port", "18432"]
    with serving(command, tmp_path, module="tests.cli.plain_uvicorn") as server:
        until(lambda: server.get("/users/7") == (200, '{"user_id":"7"}'), server.output)


def test_an_uncompiled_app_runs_as_a_program_and_under_uvicorn(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HELLO.replace("port=8000", "port=18433"))
    with serving([], tmp_path, module="app") as server:
        until(lambda: server.get("/users/7") == (200, '{"user_id":"7"}'), server.output)
    with serving(["app:app", "--port", "18434"], tmp_path, module="tests.cli.plain_uvicorn") as server:
        until(lambda: server.get("/users/8") == (200, '{"user_id":"8"}'), server.output)


TOOLS = """from conduit import Conduit
from conduit.ml import NumpyModel

app = Conduit()
app.enable_mcp(transport="sse")


@app.tool(name="search", description="Search the database")
def search(query: str) -> str:
    return query


app.register_model("small", NumpyModel("small.npz"))
"""


def test_a_build_says_plainly_what_is_not_served_yet(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TOOLS)
    done = conduitc("build", "app.py", "-o", "dist", "--target", "python", folder=tmp_path)
    assert done.returncode == 0 and "Routes" not in done.stdout
    assert "search  Search the database" in done.stdout and "handlers linked 1/1" in done.stdout
    assert "note: models are recognised" in done.stdout and "does not serve them" in done.stdout
    assert "search" in (tmp_path / "dist" / "mcp.json").read_text()


def test_an_uncompiled_app_says_in_a_line_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = HELLO.replace('host="0.0.0.0", port=8000', f'host="127.0.0.1", port={port}')
        (tmp_path / "app.py").write_text(text)
        done = subprocess.run(
            [sys.executable, "app.py"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"cannot listen on http://127.0.0.1:{port}: Address already in use\n"


def test_run_refuses_addresses_that_cannot_be_had(hello: Path) -> None:
    assert conduitc("build", "app.py", "--target", "python", folder=hello).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = conduitc("run", "dist", "--port", str(taken.getsockname()[1]), folder=hello)
    assert done.returncode == 2 and done.stdout == ""
    assert (
        done.stderr.startswith("conduitc run: cannot listen on http://127.0.0.1:")
        and "\n" not in done.stderr[:-1]
    )
    for options in (["--port", "99999"], ["--port", "x"], ["--workers", "0"], ["--timeout-keep-alive", "-1"]):
        done = conduitc("run", "dist", *options, folder=hello)
        assert done.returncode == 2 and "number from" in done.stderr and "Traceback" not in done.stderr


def test_run_on_any_port_says_which(hello: Path) -> None:
    assert conduitc("build", "app.py", "--target", "python", folder=hello).returncode == 0
    with serving(["run", "dist", "--port", "0"], hello) as server:
        until(lambda: server.get("/users/7") == (200, '{"user_id":"7"}'), server.output)


@pytest.mark.parametrize("line", ["import not_there_at_all", "raise RuntimeError", "raise SystemExit(3)"])
def test_an_app_that_does_not_start_is_not_our_fault(tmp_path: Path, line: str) -> None:
    (tmp_path / "app.py").write_text(f"{HELLO}\n{line}\n")
    done = conduitc("build", "app.py", "--target", "python", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert ("note: requirements.txt lacks not_there_at_all" in done.stdout) == line.startswith("import")
    done = conduitc("run", "dist", "--port", "0", folder=tmp_path)
    assert done.returncode == 1 and "fault of conduitc" not in done.stderr
    assert line.startswith("raise SystemExit") or "does not start" in done.stderr


def test_a_build_that_was_changed_is_refused_in_a_line(hello: Path) -> None:
    assert conduitc("build", "app.py", "--target", "python", folder=hello).returncode == 0
    (hello / "dist" / "src" / "app.py").write_text("def (\n")
    done = conduitc("run", "dist", "--port", "0", folder=hello)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "changed since it was built: app.py; run conduitc build again",
        "conduitc run: the app in dist does not start",
    ]


def test_every_module_of_the_examples_may_be_checked_by_itself(tmp_path: Path) -> None:
    for module in sorted((ROOT / "examples").rglob("*.py")):
        analysis = driver.analyse(module)
        assert not any(one.rule.code.startswith("CDT9") for one in analysis.diagnostics), module
        assert analysis.app is not None and len({one.id for one in analysis.app.functions}) == len(
            analysis.app.functions
        )
