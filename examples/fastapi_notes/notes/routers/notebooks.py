"""Notebooks of the caller."""

from fastapi import APIRouter, HTTPException, status

from notes.dependencies import CurrentUser, PagingDep, StoreDep
from notes.schemas import NotebookCreate, NotebookOut, NoteOut
from notes.store import Note, Notebook, Store, User

router = APIRouter(prefix="/notebooks", tags=["notebooks"])


def own_notebook(store: Store, user: User, notebook_id: int) -> Notebook:
    """The caller's notebook; others' look as if they were not there."""
    notebook = store.notebooks.get(notebook_id)
    if notebook is None or notebook.owner_id != user.id:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="notebook not found")
    return notebook


@router.get("", response_model=list[NotebookOut])
def list_notebooks(store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Notebook]:
    return paging.cut([one for one in store.notebooks.values() if one.owner_id == user.id])


@router.post("", response_model=NotebookOut, status_code=status.HTTP_201_CREATED)
def create_notebook(data: NotebookCreate, store: StoreDep, user: CurrentUser) -> Notebook:
    notebook = Notebook(next(store.numbers), user.id, data.title)
    store.notebooks[notebook.id] = notebook
    return notebook


@router.get("/{notebook_id}", response_model=NotebookOut)
def get_notebook(notebook_id: int, store: StoreDep, user: CurrentUser) -> Notebook:
    return own_notebook(store, user, notebook_id)


@router.get("/{notebook_id}/notes", response_model=list[NoteOut])
def notes_of_notebook(notebook_id: int, store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Note]:
    """What is in a notebook."""
    notebook = own_notebook(store, user, notebook_id)
    return paging.cut([note for note in store.notes_of(user) if note.notebook_id == notebook.id])


@router.delete("/{notebook_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_notebook(notebook_id: int, store: StoreDep, user: CurrentUser) -> None:
    """Its notes stay, without a notebook."""
    notebook = own_notebook(store, user, notebook_id)
    for note in store.notes_of(user):
        if note.notebook_id == notebook.id:
            note.notebook_id = None
    del store.notebooks[notebook.id]
