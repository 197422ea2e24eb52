"""Labels."""

from notes.schemas import Strict
from pydantic import Field


class LabelCreate(Strict):
    """A label to be made."""

    name: str = Field(min_length=1, max_length=30)
