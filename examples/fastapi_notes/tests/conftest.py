"""What tests are given: an app with a store of its own, and people to call it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from notes.dependencies import get_store
from notes.main import app
from notes.security import hash_password, issue_token
from notes.store import Store, User


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store, which the app uses while the test runs."""
    store = Store()
    app.dependency_overrides[get_store] = lambda: store
    yield store
    app.dependency_overrides.clear()


@pytest.fixture
def client(store: Store) -> TestClient:
    """A caller whom nobody knows."""
    return TestClient(app)


@pytest.fixture
def ada(store: Store) -> TestClient:
    """A caller who is signed in."""
    return signed_in(store, "ada")


@pytest.fixture
def alan(store: Store) -> TestClient:
    """Another one."""
    return signed_in(store, "alan")


@pytest.fixture
def admin(store: Store) -> TestClient:
    """An administrator who is signed in."""
    return signed_in(store, "grace", is_admin=True)


def signed_in(store: Store, name: str, is_admin: bool = False) -> TestClient:
    user = User(next(store.numbers), name, hash_password("difference engine"), is_admin)
    store.users[user.id] = user
    return TestClient(app, headers={"Authorization": f"Bearer {issue_token(store, user)}"})
