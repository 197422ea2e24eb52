"""``conduitc dev``: reload on save, the last good version while the program is broken."""

import os
import signal
from pathlib import Path

import pytest

from tests.cli.servers import PATIENCE, alive, serving, until

APP = """from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"version": VERSION}
"""


def save(folder: Path, version: int, text: str = APP) -> None:
    (folder / "app.py").write_text(text.replace("VERSION", str(version)))


def test_a_save_is_served_and_a_broken_one_is_not(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: server.get("/") == (200, '{"version":1}'), server.output)

        save(tmp_path, 2)
        until(lambda: server.get("/") == (200, '{"version":2}'), server.output)
        assert "changed: app.py" in server.output()

        save(tmp_path, 3, APP + "\n@app.get('/')\ndef again():\n    return 1\n")
        until(lambda: "last good version" in server.output(), server.output)
        assert server.get("/") == (200, '{"version":2}'), "other clients get the last good version"
        status, page = server.get("/", Accept="text/html")
        assert status == 500 and "CDT" in page and "app.py" in page

        save(tmp_path, 4)
        until(lambda: server.get("/", Accept="text/html") == (200, '{"version":4}'), server.output)


def test_an_app_that_does_not_start_keeps_the_old_one(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: server.get("/")[0] == 200, server.output)
        save(tmp_path, 2, APP + "\nopen('/no/such/file')\n")
        until(lambda: "No such file" in server.output(), server.output)
        assert server.get("/") == (200, '{"version":1}')


def test_a_program_that_is_broken_at_first_is_served_once_it_is_not(tmp_path: Path) -> None:
    save(tmp_path, 1, "from conduit import Conduit\n\napp = Conduit(\n")
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: "CDT102" in server.output(), server.output)
        save(tmp_path, 2)
        until(lambda: server.get("/") == (200, '{"version":2}'), server.output)


def test_an_address_in_use_is_said(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        from tests.cli.test_commands import conduitc

        other = conduitc("dev", "app.py", "--port", server.url.rpartition(":")[2], folder=tmp_path)
        assert other.returncode == 2 and "cannot listen" in other.stderr


SLOW = (
    APP
    + "\nimport os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()) + '.')\ntime.sleep(1000)\n"
)


def pid_in(folder: Path) -> int:
    """Of the worker that has begun to import the app."""
    return int(until(lambda: (folder / "pid").exists() and (folder / "pid").read_text()).rstrip("."))


def test_a_save_while_the_app_is_starting_is_not_missed(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: server.get("/")[0] == 200, server.output)
        save(tmp_path, 2, SLOW)
        slow = pid_in(tmp_path)
        assert server.get("/") == (200, '{"version":1}')
        save(tmp_path, 3)
        until(lambda: server.get("/") == (200, '{"version":3}'), server.output)
        assert not alive(slow)


def test_an_interrupt_leaves_no_worker_behind(tmp_path: Path) -> None:
    save(tmp_path, 1, SLOW)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        slow = pid_in(tmp_path)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(PATIENCE) == 0
        assert not alive(slow) and "Traceback" not in server.output()


def test_a_worker_ends_with_a_dev_server_that_is_killed(tmp_path: Path) -> None:
    save(tmp_path, 1, APP.replace('{"version": VERSION}', "__import__('os').getpid()"))
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        worker = int(until(lambda: server.get("/")[1], server.output))
        server.process.kill()
        until(lambda: not alive(worker))


def test_an_app_that_ends_by_itself_is_said_and_started_again(tmp_path: Path) -> None:
    save(tmp_path, 1, APP.replace('{"version": VERSION}', "__import__('os').getpid()"))
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        os.kill(int(until(lambda: server.get("/")[1], server.output)), signal.SIGKILL)
        until(lambda: "the app ended with status -9" in server.output(), server.output)
        save(tmp_path, 2)
        until(lambda: server.get("/") == (200, '{"version":2}'), server.output)


def test_an_app_that_exits_when_imported_is_said(tmp_path: Path) -> None:
    save(tmp_path, 1, APP + "\nraise SystemExit(4)\n")
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: "did not start: it ended with status 4" in server.output(), server.output)


def test_files_come_and_go(tmp_path: Path) -> None:
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: "CDT100" in server.output(), server.output)
        save(tmp_path, 1)
        until(lambda: server.get("/") == (200, '{"version":1}'), server.output)
        (tmp_path / "app.py").rename(tmp_path / "other.py")
        until(lambda: "last good version" in server.output(), server.output)
        assert server.get("/") == (200, '{"version":1}')
        save(tmp_path, 2)
        until(lambda: server.get("/") == (200, '{"version":2}'), server.output)


def test_saves_within_a_second_and_of_one_size_are_all_served(tmp_path: Path) -> None:
    """Python would take the bytecode of the save before for that of this one."""
    (tmp_path / "value.py").write_text("VALUE = 0\n")
    save(tmp_path, 0, "import value\n" + APP.replace("VERSION", "value.VALUE"))
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        for number in range(4):
            (tmp_path / "value.py").write_text(f"VALUE = {number}\n")
            os.utime(tmp_path / "value.py", (1_000_000_000, 1_000_000_000 + number / 100))
            until(lambda: server.get("/") == (200, f'{{"version":{number}}}'), server.output)  # noqa: B023


def test_a_module_of_the_project_comes_before_one_that_is_known_already(tmp_path: Path) -> None:
    (tmp_path / "tomllib.py").write_text("VALUE = 5\n")
    (tmp_path / "uuid.py").write_text("VALUE = 6\n")
    values = APP.replace("VERSION", "tomllib.VALUE + uuid.VALUE")
    save(tmp_path, 1, "import tomllib\nimport uuid\n" + values)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: server.get("/") == (200, '{"version":11}'), server.output)
        (tmp_path / "uuid.py").write_text("VALUE = 7\n")
        until(lambda: server.get("/") == (200, '{"version":12}'), server.output)


def test_workers_that_are_gone_are_replaced(tmp_path: Path) -> None:
    save(tmp_path, 1)
    with serving(["dev", "app.py", "--port", "0"], tmp_path) as server:
        until(lambda: server.get("/") == (200, '{"version":1}'), server.output)
        workers = until(lambda: len(found := children(server.process.pid)) == 2 and found)
        for worker in workers:  # the one that serves, and the one that waits for its turn
            os.kill(worker, signal.SIGKILL)
        save(tmp_path, 2)
        until(lambda: server.get("/") == (200, '{"version":2}'), server.output)


def children(process: int) -> list[int]:
    """Of a process, those that run; empty where the system does not tell."""
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        pytest.skip("the children of a process are read from /proc")
