"""``who_handles`` of Flask apps: equal to what Werkzeug's map says, slashes and weights included."""

import random
from pathlib import Path

import pytest
from conduit.introspect import Codebase

from tests.introspect.test_who_web import loaded

pytest.importorskip("flask")

PARTS = (
    *("a", "b", "me", "a-b"),
    *("<x>", "<int:n>", "<float:f>", "<path:p>", "<uuid:u>", "<any(a, me):w>"),
    *("x-<y>", "<y>.<int:z>", "a<y>b", "v<int:v>"),
)
WORDS = ("a", "b", "me", "a-b", "7", "1.5", "x-q", "q.7", "axb", "v2", "zz", "", "aab", "x.y")
METHODS = ("GET", "POST", "PUT", "OPTIONS", "HEAD")


def program(dice: random.Random) -> str:
    lines = ["from flask import Blueprint, Flask", "", "app = Flask(__name__, static_folder=None)"]
    if dice.random() < 0.3:
        lines.append("app.url_map.strict_slashes = False")
    lines += ["b = Blueprint('b', __name__, url_prefix='/a')", ""]
    for number in range(dice.randrange(4, 12)):
        seen: set[str] = set()
        parts: list[str] = []
        for _ in range(dice.randrange(1, 4)):
            part = dice.choice(PARTS)
            name = part.rpartition(":")[2].partition(">")[0].lstrip("<")
            if name not in seen:
                seen.add(name)
                parts.append(part.replace("<y>", f"<y{len(parts)}>"))
        rule = "/" + "/".join(parts) + dice.choice(("", "/"))
        more = dice.choice(("", "", ", strict_slashes=False", ", strict_slashes=True"))
        methods = dice.choice(("", ", methods=['POST']", ", methods=['GET', 'PUT']"))
        on = dice.choice(("app", "app", "b"))
        lines += [f"@{on}.route({rule!r}{methods}{more})", f"def r{number}(**given):", "    return ''", ""]
    return "\n".join([*lines, "app.register_blueprint(b)", ""])


def asked(app: object, method: str, path: str) -> tuple[str, object]:
    """What Werkzeug does with it."""
    from werkzeug.exceptions import MethodNotAllowed, NotFound
    from werkzeug.routing import RequestRedirect

    adapter = app.url_map.bind("host")  # type: ignore[attr-defined]
    try:
        endpoint, _ = adapter.match(path, method=method)
        return "route", endpoint.rpartition(".")[2]
    except RequestRedirect as redirect:
        return "redirect", redirect.code
    except MethodNotAllowed as refused:
        return "method_not_allowed", sorted(refused.valid_methods or ())
    except NotFound:
        return "not_found", 404


def told(codebase: Codebase, method: str, path: str) -> tuple[str, object]:
    answer = codebase.who_handles(method, path)
    if answer["outcome"] == "route":
        return "route", answer["route"]["handler"].rpartition(".")[2]
    if answer["outcome"] == "method_not_allowed":
        return "method_not_allowed", answer["allow"]
    return answer["outcome"], answer["status"]


@pytest.mark.parametrize("seed", range(12))
def test_random_rules(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    codebase, module = loaded(f"flask{seed}", program(dice), tmp_path, monkeypatch)
    redirects = 0
    for _ in range(250):
        path = "/" + "/".join(dice.choices(WORDS, k=dice.randrange(1, 4))) + dice.choice(("", "", "/"))
        method = dice.choice(METHODS)
        expected = asked(module.app, method, path)
        answer = told(codebase, method, path)
        assert (method, path, *answer) == (method, path, *expected)
        redirects += expected[0] == "redirect"
    assert redirects or seed


def test_a_map_that_does_not_mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "from flask import Flask\napp = Flask(__name__)\napp.url_map.strict_slashes = False\n"
    text += "@app.get('/a')\ndef a():\n    return ''\n"
    text += "@app.get('/b/', strict_slashes=True)\ndef b():\n    return ''\n"
    codebase, module = loaded("loosely", text, tmp_path, monkeypatch)
    for path in ("/a", "/a/", "/b", "/b/", "//a", "/static/"):
        assert told(codebase, "GET", path) == asked(module.app, "GET", path)
    assert codebase.who_handles("GET", "/b")["status"] == 308
