"""What goes over the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Strict(BaseModel):
    """What callers send; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Stored(BaseModel):
    """What callers get, read from an object of the store."""

    model_config = ConfigDict(from_attributes=True)

    id: int


class UserCreate(Strict):
    """An account to be made."""

    name: str = Field(min_length=3, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    password: str = Field(min_length=10, max_length=200)


class UserOut(Stored):
    """An account as others see it; never with its password."""

    name: str
    is_admin: bool


class Token(BaseModel):
    """What a caller shows to be known."""

    access_token: str
    token_type: str = "bearer"


class PasswordChange(Strict):
    """The password as it is, and as it is to be."""

    old: str = Field(max_length=200)
    new: str = Field(min_length=10, max_length=200)


class NotebookCreate(Strict):
    """A notebook to be made."""

    title: str = Field(min_length=1, max_length=120)


class NotebookOut(Stored):
    """A notebook as kept."""

    title: str


class NoteCreate(Strict):
    """A note to be written."""

    title: str = Field(min_length=1, max_length=120)
    body: str = Field(default="", max_length=20_000)
    notebook_id: int | None = None
    tags: set[str] = Field(default_factory=set, max_length=10)

    @field_validator("tags")
    @classmethod
    def lower_case(cls, tags: set[str]) -> set[str]:
        """Tags differ by their letters, not by their case."""
        return {tag.lower() for tag in tags}


class NoteUpdate(Strict):
    """What may be changed of a note; what is not given stays."""

    title: str | None = Field(default=None, min_length=1, max_length=120)
    body: str | None = Field(default=None, max_length=20_000)


class NoteOut(Stored):
    """A note as kept."""

    title: str
    body: str
    notebook_id: int | None
    tags: set[str]
    created_at: datetime


class CommentCreate(Strict):
    """Something to be said about a note."""

    text: str = Field(min_length=1, max_length=2_000)


class CommentOut(Stored):
    """What was said about a note."""

    author_id: int
    text: str


class Share(Strict):
    """With whom to share a note."""

    user: str = Field(min_length=3, max_length=40)


class TagCount(BaseModel):
    """A tag, and how many of the caller's notes have it."""

    tag: str
    notes: int


class Statistics(BaseModel):
    """How much there is of what."""

    users: int
    notes: int
    comments: int
