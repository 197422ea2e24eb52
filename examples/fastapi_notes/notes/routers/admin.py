"""For administrators: the whole router asks for one."""

from fastapi import APIRouter, Depends, HTTPException, status

from notes.dependencies import PagingDep, StoreDep, require_admin
from notes.schemas import Statistics, UserOut
from notes.store import Store, User

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_admin)])


def known_user(store: Store, user_id: int) -> User:
    user = store.users.get(user_id)
    if user is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="user not found")
    return user


@router.get("/users", response_model=list[UserOut])
def list_users(store: StoreDep, paging: PagingDep) -> list[User]:
    return paging.cut(list(store.users.values()))


@router.post("/users/{user_id}/disable", response_model=UserOut)
def disable_user(user_id: int, store: StoreDep) -> User:
    """The user's tokens are good for nothing from now on."""
    user = known_user(store, user_id)
    user.disabled = True
    return user


@router.post("/users/{user_id}/enable", response_model=UserOut)
def enable_user(user_id: int, store: StoreDep) -> User:
    user = known_user(store, user_id)
    user.disabled = False
    return user


@router.get("/statistics", response_model=Statistics)
def statistics(store: StoreDep) -> Statistics:
    return Statistics(users=len(store.users), notes=len(store.notes), comments=len(store.comments))
