"""What is said about notes, by all who may read them."""

from fastapi import APIRouter, HTTPException, status

from notes.dependencies import CurrentUser, PagingDep, StoreDep
from notes.routers.notes import visible_note
from notes.schemas import CommentCreate, CommentOut
from notes.store import Comment

router = APIRouter(prefix="/notes/{note_id}/comments", tags=["comments"])


@router.get("", response_model=list[CommentOut])
def list_comments(note_id: int, store: StoreDep, user: CurrentUser, paging: PagingDep) -> list[Comment]:
    note = visible_note(store, user, note_id)
    return paging.cut(store.comments_on(note))


@router.post("", response_model=CommentOut, status_code=status.HTTP_201_CREATED)
def add_comment(note_id: int, data: CommentCreate, store: StoreDep, user: CurrentUser) -> Comment:
    note = visible_note(store, user, note_id)
    comment = Comment(next(store.numbers), note.id, user.id, data.text)
    store.comments[comment.id] = comment
    return comment


@router.delete("/{comment_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_comment(note_id: int, comment_id: int, store: StoreDep, user: CurrentUser) -> None:
    """For who wrote the comment, and who owns the note."""
    note = visible_note(store, user, note_id)
    comment = store.comments.get(comment_id)
    if comment is None or comment.note_id != note.id:
        raise HTTPException(status_code=status.HTTP_404_NOT_FOUND, detail="comment not found")
    if user.id not in {comment.author_id, note.owner_id}:
        raise HTTPException(status_code=status.HTTP_403_FORBIDDEN, detail="not your comment")
    del store.comments[comment_id]
