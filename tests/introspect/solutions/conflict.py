"""Names of users."""

from fastapi import APIRouter, HTTPException, status
from notes.dependencies import CurrentUser, StoreDep
from notes.schemas import Share, UserOut
from notes.store import User

router = APIRouter(prefix="/names", tags=["names"])


@router.put("", response_model=UserOut)
def change_name(data: Share, store: StoreDep, user: CurrentUser) -> User:
    if store.user_named(data.user) is not None:
        raise HTTPException(status_code=status.HTTP_409_CONFLICT, detail="name is taken")
    user.name = data.user
    return user
