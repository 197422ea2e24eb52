"""Titles of notes."""

from fastapi import APIRouter
from notes.dependencies import CurrentUser, StoreDep
from notes.routers.notes import own_note
from notes.schemas import NoteOut, NoteUpdate
from notes.store import Note

router = APIRouter(prefix="/titles", tags=["titles"])


@router.patch("/{note_id}", response_model=NoteOut)
def update_title(note_id: int, data: NoteUpdate, store: StoreDep, user: CurrentUser) -> Note:
    note = own_note(store, user, note_id)
    if data.title is not None:
        note.title = data.title
    return note
