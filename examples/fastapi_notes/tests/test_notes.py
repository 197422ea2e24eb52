"""Notes and notebooks."""

import pytest
from fastapi.testclient import TestClient
from notes.routers import notes


def written(client: TestClient, **fields: object) -> int:
    """The number of a new note."""
    return int(client.post("/api/v1/notes", json={"title": "Plan", **fields}).json()["id"])


def test_create_note(ada: TestClient) -> None:
    response = ada.post("/api/v1/notes", json={"title": " Plan ", "tags": ["Work"]})
    assert response.status_code == 201
    assert response.json()["title"] == "Plan"
    assert response.json()["tags"] == ["work"]


def test_create_note_needs_a_token(client: TestClient) -> None:
    response = client.post("/api/v1/notes", json={"title": "Plan"})
    assert response.status_code == 401


def test_unknown_fields_are_refused(ada: TestClient) -> None:
    response = ada.post("/api/v1/notes", json={"title": "Plan", "colour": "red"})
    assert response.status_code == 422


def test_too_many_notes(ada: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "QUOTA", 1)
    written(ada)
    response = ada.post("/api/v1/notes", json={"title": "One more"})
    assert response.status_code == 409
    assert response.json() == {"detail": "no more than 1 notes", "quota": 1}


def test_search(ada: TestClient) -> None:
    written(ada, title="Shopping", body="milk")
    written(ada)
    response = ada.get("/api/v1/notes", params={"search": "milk"})
    assert response.status_code == 200
    assert [note["title"] for note in response.json()] == ["Shopping"]


def test_update_note(ada: TestClient) -> None:
    number = written(ada, body="walk")
    response = ada.patch(f"/api/v1/notes/{number}", json={"title": "Plan B"})
    assert response.status_code == 200
    assert (response.json()["title"], response.json()["body"]) == ("Plan B", "walk")


def test_delete_note(ada: TestClient) -> None:
    number = written(ada)
    response = ada.delete(f"/api/v1/notes/{number}")
    assert response.status_code == 204
    assert ada.get(f"/api/v1/notes/{number}").status_code == 404


def test_notes_of_others_are_not_found(ada: TestClient, alan: TestClient) -> None:
    response = alan.get(f"/api/v1/notes/{written(ada)}")
    assert response.status_code == 404
    assert response.json() == {"detail": "note not found"}


def test_notebook(ada: TestClient) -> None:
    notebook = ada.post("/api/v1/notebooks", json={"title": "House"}).json()["id"]
    number = written(ada, notebook_id=notebook)
    response = ada.get(f"/api/v1/notebooks/{notebook}/notes")
    assert response.status_code == 200
    assert [note["id"] for note in response.json()] == [number]


def test_delete_notebook_keeps_its_notes(ada: TestClient) -> None:
    notebook = ada.post("/api/v1/notebooks", json={"title": "House"}).json()["id"]
    number = written(ada, notebook_id=notebook)
    assert ada.delete(f"/api/v1/notebooks/{notebook}").status_code == 204
    response = ada.get(f"/api/v1/notes/{number}")
    assert response.json()["notebook_id"] is None
