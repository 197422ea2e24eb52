"""What a hostile source file is: its name, what stands in it, and what is to become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

APP = """\
from conduit import Conduit

app = Conduit()


@app.get("/")
def index():
    return {"ok": True}


"""


@dataclass(frozen=True)
class Shape:
    name: str
    make: Callable[[], bytes]
    verdict: str


def text(name: str, verdict: str, make: Callable[[], str]) -> Shape:
    return Shape(name, lambda: (APP + make()).encode(), verdict)  # noqa: PLW0108


def data(name: str, verdict: str, make: Callable[[], bytes]) -> Shape:
    return Shape(name, make, verdict)
