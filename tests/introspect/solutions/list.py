"""Reminders of the caller."""

from fastapi import APIRouter
from notes.dependencies import CurrentUser, PagingDep, StoreDep
from notes.schemas import NoteOut
from notes.store import Note

router = APIRouter(prefix="/reminders", tags=["reminders"])


@router.get("", response_model=list[NoteOut])
def list_reminders(store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Note]:
    return paging.cut(store.notes_of(user))
