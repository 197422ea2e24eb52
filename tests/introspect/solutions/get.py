"""Drafts of the caller."""

from fastapi import APIRouter
from notes.dependencies import CurrentUser, StoreDep
from notes.routers.notes import own_note
from notes.schemas import NoteOut
from notes.store import Note

router = APIRouter(prefix="/drafts", tags=["drafts"])


@router.get("/{note_id}", response_model=NoteOut)
def get_draft(note_id: int, store: StoreDep, user: CurrentUser) -> Note:
    return own_note(store, user, note_id)
