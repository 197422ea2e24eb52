"""Errors are looked at where they can reach a caller: in handlers' modules, and what stands before these."""

from pathlib import Path

from conduitc.driver import analyse
from conduitc.frontend.observing import observe

EXAMPLES = Path(__file__).parents[2] / "examples"


def files(entry: str) -> set[str]:
    """The files whose errors are looked at."""
    analysis = analyse(EXAMPLES / entry)
    assert analysis.project is not None and analysis.app is not None
    found = observe(analysis.project, analysis.app)
    return {one.span.file for one in found if one.kind == "error"}


def test_of_dependencies() -> None:
    found = files("fastapi_notes/notes/main.py")
    assert {"notes/dependencies.py", "notes/routers/notes.py"} <= found


def test_of_middleware_and_not_of_everything() -> None:
    found = files("shop/app.py")
    assert {"shop/middleware.py", "shop/orders.py"} <= found
    assert "shop/store.py" not in found
