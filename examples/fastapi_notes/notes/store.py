"""Everything that is kept, in memory: tables are dicts by number."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count


@dataclass
class User:
    """Someone with an account."""

    id: int
    name: str
    password: str
    is_admin: bool = False
    disabled: bool = False


@dataclass
class Notebook:
    """Notes that belong together."""

    id: int
    owner_id: int
    title: str


@dataclass
class Note:
    """A text of somebody's."""

    id: int
    owner_id: int
    notebook_id: int | None
    title: str
    body: str
    tags: set[str] = field(default_factory=set)
    shared_with: set[int] = field(default_factory=set)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Comment:
    """What somebody says about a note."""

    id: int
    note_id: int
    author_id: int
    text: str


class Store:
    """All tables of an installation."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.notebooks: dict[int, Notebook] = {}
        self.notes: dict[int, Note] = {}
        self.comments: dict[int, Comment] = {}
        self.tokens: dict[str, tuple[int, float]] = {}
        self.numbers = count(1)

    def user_named(self, name: str) -> User | None:
        return next((user for user in self.users.values() if user.name == name), None)

    def notes_of(self, user: User) -> list[Note]:
        return [note for note in self.notes.values() if note.owner_id == user.id]

    def comments_on(self, note: Note) -> list[Comment]:
        return [comment for comment in self.comments.values() if comment.note_id == note.id]
