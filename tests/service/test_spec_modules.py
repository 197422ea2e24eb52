"""Apps of several modules: who declares on an app, and what a build and a running app know of it."""

from pathlib import Path

import pytest

from tests.service.ways import WAYS, answers, request

DECLARED_ELSEWHERE = {
    "app.py": "from core import app\nimport routes\nimport package.more\n",
    "core.py": """from conduit import Conduit

app = Conduit()


@app.get("/core")
def core():
    return "core"
""",
    "routes.py": """from core import app as application


@application.get("/routes")
def routes(request):
    return "routes"


@application.middleware
async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-stamp"] = "1"
    return response
""",
    "package/__init__.py": "",
    "package/more.py": """from core import app
from routes import routes

app.post("/more")(routes)
""",
}


@pytest.mark.parametrize("way", WAYS[:2])
def test_modules_that_declare_on_an_app_whose_own_module_does_not_import_them(
    tmp_path: Path, way: str
) -> None:
    requests = [request("GET", "/core"), request("GET", "/routes"), request("POST", "/more")]
    found = answers(way, DECLARED_ELSEWHERE, requests, tmp_path)
    assert [answer[2] for answer in found] == ['"core"', '"routes"', '"routes"']
    assert all(["x-stamp", "1"] in answer[1] for answer in found)


@pytest.mark.parametrize("way", WAYS[:2])
def test_packages_may_be_mere_folders(tmp_path: Path, way: str) -> None:
    files = {
        "app.py": "from inner.core import app\nimport routes\n",
        "inner/core.py": DECLARED_ELSEWHERE["core.py"],
        "routes.py": DECLARED_ELSEWHERE["routes.py"].replace("core", "inner.core"),
    }
    found = answers(way, files, [request("GET", "/core"), request("GET", "/routes")], tmp_path)
    assert [answer[2] for answer in found] == ['"core"', '"routes"']
