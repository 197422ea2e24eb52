"""Accounts: who wants one, and who has one."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status
from fastapi.security import OAuth2PasswordRequestForm

from notes.dependencies import CurrentUser, StoreDep
from notes.schemas import PasswordChange, Token, UserCreate, UserOut
from notes.security import hash_password, issue_token, verify_password
from notes.store import User

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.post("", response_model=UserOut, status_code=status.HTTP_201_CREATED)
def sign_up(data: UserCreate, store: StoreDep) -> User:
    """Makes an account; anybody may."""
    if store.user_named(data.name) is not None:
        raise HTTPException(status_code=status.HTTP_409_CONFLICT, detail="name is taken")
    user = User(next(store.numbers), data.name, hash_password(data.password))
    store.users[user.id] = user
    return user


@router.post("/login", response_model=Token)
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()], store: StoreDep) -> Token:
    """A token for a name and its password."""
    user = store.user_named(form.username)
    if user is None or not verify_password(form.password, user.password):
        raise HTTPException(status_code=status.HTTP_401_UNAUTHORIZED, detail="wrong name or password")
    return Token(access_token=issue_token(store, user))


@router.get("/me", response_model=UserOut)
def who_am_i(user: CurrentUser) -> User:
    """The caller's own account."""
    return user


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
def change_password(data: PasswordChange, user: CurrentUser) -> None:
    """Takes effect for the next login; tokens that are out stay good."""
    if not verify_password(data.old, user.password):
        raise HTTPException(status_code=status.HTTP_403_FORBIDDEN, detail="wrong password")
    user.password = hash_password(data.new)


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT)
def close_account(store: StoreDep, user: CurrentUser) -> None:
    """Takes the caller's notes along."""
    for note in store.notes_of(user):
        del store.notes[note.id]
    del store.users[user.id]
