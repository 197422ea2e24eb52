"""Whether the service is up: for load balancers, so nobody has to sign in."""

from fastapi import APIRouter

from notes.dependencies import StoreDep

router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(store: StoreDep) -> dict[str, int]:
    """The store can be read."""
    return {"notes": len(store.notes)}
