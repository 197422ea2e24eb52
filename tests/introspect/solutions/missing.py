"""Who writes here."""

from fastapi import APIRouter, HTTPException, status
from notes.dependencies import CurrentUser, StoreDep
from notes.schemas import UserOut
from notes.store import User

router = APIRouter(prefix="/authors", tags=["authors"])


@router.get("/{name}", response_model=UserOut)
def get_author(name: str, store: StoreDep, user: CurrentUser) -> User:
    author = store.user_named(name)
    if author is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="user not found")
    return author
