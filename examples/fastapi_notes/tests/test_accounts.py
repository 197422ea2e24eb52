"""Accounts, logins and passwords."""

from fastapi.testclient import TestClient


def test_sign_up(client: TestClient) -> None:
    response = client.post("/api/v1/accounts", json={"name": "ada", "password": "difference engine"})
    assert response.status_code == 201
    assert response.json() == {"id": 1, "name": "ada", "is_admin": False}


def test_a_name_is_taken_once(client: TestClient, ada: TestClient) -> None:
    response = client.post("/api/v1/accounts", json={"name": "ada", "password": "difference engine"})
    assert response.status_code == 409
    assert response.json() == {"detail": "name is taken"}


def test_a_short_password_is_refused(client: TestClient) -> None:
    response = client.post("/api/v1/accounts", json={"name": "ada", "password": "short"})
    assert response.status_code == 422


def test_login(client: TestClient, ada: TestClient) -> None:
    form = {"username": "ada", "password": "difference engine"}
    response = client.post("/api/v1/accounts/login", data=form)
    assert response.status_code == 200
    headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert client.get("/api/v1/accounts/me", headers=headers).json()["name"] == "ada"


def test_a_wrong_password_is_no_login(client: TestClient, ada: TestClient) -> None:
    form = {"username": "ada", "password": "analytical engine"}
    response = client.post("/api/v1/accounts/login", data=form)
    assert response.status_code == 401


def test_who_am_i_needs_a_token(client: TestClient) -> None:
    response = client.get("/api/v1/accounts/me")
    assert response.status_code == 401


def test_change_password(ada: TestClient) -> None:
    passwords = {"old": "difference engine", "new": "analytical engine"}
    response = ada.put("/api/v1/accounts/me/password", json=passwords)
    assert response.status_code == 204


def test_close_account(ada: TestClient) -> None:
    response = ada.delete("/api/v1/accounts/me")
    assert response.status_code == 204
    assert ada.get("/api/v1/accounts/me").status_code == 401
