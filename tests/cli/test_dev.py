"""``conduitc dev``: reload on save, the last good version while the program is broken."""

from pathlib import Path

from tests.cli.servers import serving, until

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
