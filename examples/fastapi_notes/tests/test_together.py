"""What people do with notes together: tags, comments, shares; and what administrators see."""

from fastapi.testclient import TestClient


def written(client: TestClient) -> int:
    return int(client.post("/api/v1/notes", json={"title": "Plan"}).json()["id"])


def test_tags(ada: TestClient) -> None:
    number = written(ada)
    response = ada.put(f"/api/v1/notes/{number}/tags/garden")
    assert response.status_code == 200
    assert ada.get("/api/v1/tags").json() == [{"tag": "garden", "notes": 1}]
    assert ada.get("/api/v1/tags/garden/notes").json()[0]["id"] == number


def test_a_tag_that_is_not_there(ada: TestClient) -> None:
    response = ada.delete(f"/api/v1/notes/{written(ada)}/tags/garden")
    assert response.status_code == 404
    assert response.json() == {"detail": "tag not found"}


def test_share_note(ada: TestClient, alan: TestClient) -> None:
    number = written(ada)
    response = ada.post(f"/api/v1/notes/{number}/shares", json={"user": "alan"})
    assert response.status_code == 201
    assert [note["id"] for note in alan.get("/api/v1/notes/shared").json()] == [number]
    assert alan.patch(f"/api/v1/notes/{number}", json={"title": "Mine"}).status_code == 404


def test_unshare_note(ada: TestClient, alan: TestClient) -> None:
    number = written(ada)
    other = ada.post(f"/api/v1/notes/{number}/shares", json={"user": "alan"}).json()["id"]
    response = ada.delete(f"/api/v1/notes/{number}/shares/{other}")
    assert response.status_code == 204
    assert ada.get(f"/api/v1/notes/{number}/shares").json() == []


def test_comments(ada: TestClient, alan: TestClient) -> None:
    number = written(ada)
    ada.post(f"/api/v1/notes/{number}/shares", json={"user": "alan"})
    response = alan.post(f"/api/v1/notes/{number}/comments", json={"text": "Good."})
    assert response.status_code == 201
    assert ada.get(f"/api/v1/notes/{number}/comments").json()[0]["text"] == "Good."


def test_a_comment_is_deleted_by_its_author_or_the_owner(ada: TestClient, alan: TestClient) -> None:
    number = written(ada)
    ada.post(f"/api/v1/notes/{number}/shares", json={"user": "alan"})
    comment = ada.post(f"/api/v1/notes/{number}/comments", json={"text": "Mine."}).json()["id"]
    response = alan.delete(f"/api/v1/notes/{number}/comments/{comment}")
    assert response.status_code == 403
    assert ada.delete(f"/api/v1/notes/{number}/comments/{comment}").status_code == 204


def test_statistics(admin: TestClient) -> None:
    response = admin.get("/api/v1/admin/statistics")
    assert response.status_code == 200
    assert response.json() == {"users": 1, "notes": 0, "comments": 0}


def test_administrators_only(ada: TestClient) -> None:
    response = ada.get("/api/v1/admin/users")
    assert response.status_code == 403
    assert response.json() == {"detail": "administrators only"}


def test_a_disabled_user_is_nobody(admin: TestClient, ada: TestClient) -> None:
    number = ada.get("/api/v1/accounts/me").json()["id"]
    response = admin.post(f"/api/v1/admin/users/{number}/disable")
    assert response.status_code == 200
    assert ada.get("/api/v1/accounts/me").status_code == 401


def test_health_is_for_all(client: TestClient) -> None:
    response = client.get("/health", headers={"x-request-id": "7"})
    assert response.status_code == 200
    assert response.headers["x-request-id"] == "7"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.get("/ready").json() == {"notes": 0}
