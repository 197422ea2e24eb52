"""Who may read the statistics."""

from fastapi.testclient import TestClient


def test_statistics_are_for_administrators(ada: TestClient) -> None:
    response = ada.get("/api/v1/admin/statistics")
    assert response.status_code == 403
