"""What endpoints are given: the store, who is calling, which page is wanted."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query, status
from fastapi.security import OAuth2PasswordBearer

from notes.security import user_of_token
from notes.store import Store, User

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/accounts/login")


@lru_cache
def get_store() -> Store:
    """The one store of this process; tests put another in its place."""
    return Store()


StoreDep = Annotated[Store, Depends(get_store)]


def get_current_user(store: StoreDep, token: Annotated[str, Depends(oauth2_scheme)]) -> User:
    """Who the bearer token was given to; 401 for everybody else."""
    user = user_of_token(store, token)
    if user is None or user.disabled:
        raise HTTPException(
            status_code=status.HTTP_401_UNAUTHORIZED,
            detail="invalid or expired token",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def require_admin(user: CurrentUser) -> User:
    """403 for those who are no administrators."""
    if not user.is_admin:
        raise HTTPException(status_code=status.HTTP_403_FORBIDDEN, detail="administrators only")
    return user


class Paging:
    """Which part of a list is wanted."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> None:
        self.limit = limit
        self.offset = offset

    def cut(self, things: list[Any]) -> list[Any]:
        return things[self.offset : self.offset + self.limit]


PagingDep = Annotated[Paging, Depends(Paging)]
