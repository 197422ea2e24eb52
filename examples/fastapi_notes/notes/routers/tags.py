"""Tags on the caller's notes."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, status

from notes.dependencies import CurrentUser, PagingDep, StoreDep
from notes.routers.notes import own_note
from notes.schemas import NoteOut, TagCount
from notes.store import Note

router = APIRouter(tags=["tags"])

TagName = Annotated[str, Path(min_length=1, max_length=30, pattern=r"^[a-z0-9-]+$")]


@router.get("/tags", response_model=list[TagCount])
def list_tags(store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[TagCount]:
    counts: dict[str, int] = {}
    for note in store.notes_of(user):
        for tag in note.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return paging.cut([TagCount(tag=tag, notes=notes) for tag, notes in sorted(counts.items())])


@router.get("/tags/{tag}/notes", response_model=list[NoteOut])
def notes_with_tag(tag: TagName, store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Note]:
    return paging.cut([note for note in store.notes_of(user) if tag in note.tags])


@router.put("/notes/{note_id}/tags/{tag}", response_model=NoteOut)
def add_tag(note_id: int, tag: TagName, store: StoreDep, user: CurrentUser) -> Note:
    note = own_note(store, user, note_id)
    note.tags.add(tag)
    return note


@router.delete("/notes/{note_id}/tags/{tag}", response_model=NoteOut)
def remove_tag(note_id: int, tag: TagName, store: StoreDep, user: CurrentUser) -> Note:
    note = own_note(store, user, note_id)
    if tag not in note.tags:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="tag not found")
    note.tags.remove(tag)
    return note
