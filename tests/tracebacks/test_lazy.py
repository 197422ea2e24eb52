"""The first request to a group that is imported late: its error is told as any other."""

import json
from pathlib import Path

from conduitc import driver
from tests.service.ways import asked, request

APP = "from conduit import Conduit\nfrom routes import r\n\napp = Conduit()\napp.include(r)\n"
ROUTES = """\
from conduit import Router

r = Router(prefix="/v1")


@r.get("/x/:n")
def x(n: int):
    return 1 / n
"""
WANTED = """\
unhandled exception in GET /v1/x/0
Traceback (most recent call last):
  File "routes.py", line 6, in GET /v1/x/{n}
    @r.get("/x/:n", _slot=3)
  File "routes.py", line 8, in x
    return 1 / n
           ~~^~~
ZeroDivisionError: division by zero
"""


def test_twice_the_same(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "routes.py").write_text(ROUTES)
    driver.build(tmp_path / "app.py", tmp_path / "dist", kind="python", options=driver.Options(lazy=True))
    run = asked(tmp_path / "dist", [request("GET", "/v1/x/0")] * 2)
    assert run.returncode == 0 and [one[0] for one in json.loads(run.stdout)] == [500, 500]
    assert run.stderr.replace(f"{tmp_path / 'dist' / 'src'}/", "") == WANTED * 2
