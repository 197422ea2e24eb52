"""Copies of notes."""

from fastapi import APIRouter, status
from notes.dependencies import CurrentUser, StoreDep
from notes.schemas import NoteCreate, NoteOut
from notes.store import Note

router = APIRouter(prefix="/copies", tags=["copies"])


@router.post("", response_model=NoteOut, status_code=status.HTTP_201_CREATED)
def create_copy(data: NoteCreate, store: StoreDep, user: CurrentUser) -> Note:
    note = Note(next(store.numbers), user.id, data.notebook_id, data.title, data.body, data.tags)
    store.notes[note.id] = note
    return note
