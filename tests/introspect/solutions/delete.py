"""The trash."""

from fastapi import APIRouter, status
from notes.dependencies import CurrentUser, StoreDep
from notes.routers.notes import own_note

router = APIRouter(prefix="/trash", tags=["trash"])


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_from_trash(note_id: int, store: StoreDep, user: CurrentUser) -> None:
    note = own_note(store, user, note_id)
    del store.notes[note.id]
