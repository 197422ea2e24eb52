"""Local names of handlers are looked at together: what is always called so is always made so."""

from pathlib import Path

from conduitc.driver import analyse
from conduitc.frontend.observing import observe
from conduitc.mining import mine

MADE = """\
class Session:
    async def of(key): ...


def get_store(): ...
def locally(n): ...
def _private(k): ...
"""
PROGRAM = """\
from fastapi import FastAPI

from made import Session, _private, get_store

LIMITS = {}
app = FastAPI()


"""
HANDLER = """\
@app.get("/{number}")
async def h{number}(key: str):
    from made import locally

    store = get_store()
    session = await Session.of(key)
    inner = locally(1)
    limit = LIMITS.get(key)
    hidden = _private(key)
    text = key.strip()
    return store, session, inner, limit, hidden, text


"""


def test_what_the_project_gives_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(MADE)
    text = PROGRAM + "".join(HANDLER.replace("{number}", str(number)) for number in range(4))
    (tmp_path / "app.py").write_text(text)
    analysis = analyse(tmp_path / "app.py")
    assert analysis.project is not None and analysis.app is not None
    found = mine(observe(analysis.project, analysis.app))
    named = {one.template: one.population for one in found if one.population.startswith("local names")}
    assert named == {
        "store = get_store()": "local names called store",
        "session = await Session.of(...)": "local names called session",
        "inner = locally(...)": "local names called inner",
    }
