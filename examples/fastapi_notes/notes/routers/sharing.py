"""Sharing a note with others, who may then read it."""

from fastapi import APIRouter, HTTPException, status

from notes.dependencies import CurrentUser, StoreDep
from notes.routers.notes import own_note
from notes.schemas import Share, UserOut
from notes.store import User

router = APIRouter(prefix="/notes/{note_id}/shares", tags=["sharing"])


@router.get("", response_model=list[UserOut])
def list_shares(note_id: int, store: StoreDep, user: CurrentUser) -> list[User]:
    """With whom a note is shared."""
    note = own_note(store, user, note_id)
    return [store.users[number] for number in sorted(note.shared_with) if number in store.users]


@router.post("", response_model=UserOut, status_code=status.HTTP_201_CREATED)
def share_note(note_id: int, data: Share, store: StoreDep, user: CurrentUser) -> User:
    note = own_note(store, user, note_id)
    other = store.user_named(data.user)
    if other is None:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="user not found")
    note.shared_with.add(other.id)
    return other


@router.delete("/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
def unshare_note(note_id: int, user_id: int, store: StoreDep, user: CurrentUser) -> None:
    note = own_note(store, user, note_id)
    note.shared_with.discard(user_id)
