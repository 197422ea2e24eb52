"""Where something stands in a source file."""

import re

from msgspec import Struct

#: What Python takes for the end of a line (and nothing else: form feeds and U+2028 are within one).
LINE_END = re.compile(r"\r\n?|\n")


class Span(Struct, frozen=True, gc=False, order=True):
    """A stretch of one source file.

    ``file`` is relative to the project's root and uses ``/``. Lines and columns count from 1, columns
    in characters (not bytes); ``end_column`` is the column after the last character.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


#: Stands where no source text is to blame (a missing file, a fault of the machine).
NOWHERE = Span("", 0, 0, 0, 0)
