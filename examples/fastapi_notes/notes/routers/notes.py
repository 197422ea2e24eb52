"""Notes of the caller, and those that others share."""

from fastapi import APIRouter, HTTPException, Query, status

from notes.dependencies import CurrentUser, PagingDep, StoreDep
from notes.errors import QuotaExceeded
from notes.routers.notebooks import own_notebook
from notes.schemas import NoteCreate, NoteOut, NoteUpdate
from notes.settings import QUOTA
from notes.store import Note, Store, User

router = APIRouter(prefix="/notes", tags=["notes"])


def own_note(store: Store, user: User, note_id: int) -> Note:
    """The caller's note; others' look as if they were not there."""
    note = store.notes.get(note_id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="note not found")
    return note


def visible_note(store: Store, user: User, note_id: int) -> Note:
    """A note that the caller may read: one's own, or a shared one."""
    note = store.notes.get(note_id)
    if note is None or user.id not in {note.owner_id, *note.shared_with}:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="note not found")
    return note


@router.get("", response_model=list[NoteOut])
def list_notes(
    store: StoreDep,
    user: CurrentUser,
    paging: PagingDep,
    search: str | None = Query(default=None, min_length=2, max_length=100),
) -> list[Note]:
    """The caller's notes, all or those that have a text in them."""
    found = store.notes_of(user)
    if search is not None:
        found = [note for note in found if search in note.title or search in note.body]
    return paging.cut(found)


@router.post("", response_model=NoteOut, status_code=status.HTTP_201_CREATED)
def create_note(data: NoteCreate, store: StoreDep, user: CurrentUser) -> Note:
    if len(store.notes_of(user)) >= QUOTA:
        raise QuotaExceeded(QUOTA)
    if data.notebook_id is not None:
        own_notebook(store, user, data.notebook_id)
    note = Note(next(store.numbers), user.id, data.notebook_id, data.title, data.body, data.tags)
    store.notes[note.id] = note
    return note


@router.get("/shared", response_model=list[NoteOut])
def shared_notes(store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Note]:
    """What others share with the caller."""
    return paging.cut([note for note in store.notes.values() if user.id in note.shared_with])


@router.get("/{note_id}", response_model=NoteOut)
def get_note(note_id: int, store: StoreDep, user: CurrentUser) -> Note:
    return visible_note(store, user, note_id)


@router.patch("/{note_id}", response_model=NoteOut)
def update_note(note_id: int, data: NoteUpdate, store: StoreDep, user: CurrentUser) -> Note:
    note = own_note(store, user, note_id)
    for name, value in data.model_dump(exclude_unset=True, exclude_none=True).items():
        setattr(note, name, value)
    return note


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(note_id: int, store: StoreDep, user: CurrentUser) -> None:
    """Its comments go, too."""
    note = own_note(store, user, note_id)
    for comment in store.comments_on(note):
        del store.comments[comment.id]
    del store.notes[note.id]
