"""Questions about what handlers share: a function that several of them call, and names in another order."""

from pathlib import Path

import pytest
from conduit.introspect import Codebase

from conduitc.codegen.metadata import emit_metadata
from conduitc.driver import analyse

PROGRAM = """\
from fastapi import FastAPI, HTTPException

app = FastAPI()
boats = {}


def own_boat(number: int, captain: str) -> dict:
    found = boats.get(number)
    if found is None or found["captain"] != captain:
        raise HTTPException(404)
    return found


@app.put("/boats/{number}/sail")
def sail(number: int, captain: str) -> dict:
    return own_boat(number, captain)


@app.put("/boats/{number}/anchor")
def anchor(number: int, captain: str) -> dict:
    return own_boat(number, captain)


%s
def sink(number: int, captain: str) -> dict:
    return own_boat(number, captain)


@app.get("/harbour/moored")
def moored_boats() -> list:
    return []


@app.get("/boats/{number}/moorings")
def list_moorings(number: int) -> list:
    return []


@app.get("/boats")
def list_boats() -> list:
    return []
"""


def asked(folder: Path, sink: str) -> Codebase:
    (folder / "harbour.py").write_text(PROGRAM % sink)
    analysis = analyse(folder / "harbour.py")
    assert analysis.app is not None
    return Codebase(emit_metadata(analysis.app, analysis.diagnostics).encode())


def confidence(codebase: Codebase, question: str, id_: str) -> float:
    answers = codebase.how_do_i(question, limit=12)["answers"]
    found: list[float] = [one["confidence"] for one in answers if one["id"] == id_]
    return found[0] if found else 0.0


def test_what_three_handlers_call_is_how_things_are_done(tmp_path: Path) -> None:
    question, helper = "how do I make sure that a boat is owned by its captain", "function:harbour.own_boat"
    shared = asked(tmp_path, '@app.delete("/boats/{number}")')
    seldom = asked(tmp_path, "")
    assert confidence(shared, question, helper) > confidence(seldom, question, helper) > 0


@pytest.mark.parametrize("question", ["where are the moored boats", "where do I see all boats moored here"])
def test_two_words_of_a_name_in_either_order(tmp_path: Path, question: str) -> None:
    codebase = asked(tmp_path, "")
    first = codebase.how_do_i(question)["answers"][0]
    assert first["id"] in {"route:harbour.moored_boats#GET /harbour/moored", "function:harbour.moored_boats"}
