"""Notebooks of those who are new."""

from fastapi.testclient import TestClient


def test_no_notebooks(ada: TestClient) -> None:
    response = ada.get("/api/v1/notebooks")
    assert response.status_code == 200
    assert response.json() == []
