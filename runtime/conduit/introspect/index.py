"""metadata.idx → columns: what most questions need, readable without parsing JSON.

The index is text: the format's name and version; size and checksum of the metadata it was made from, and a
checksum of all that follows; a line about the app; then a line a column, in the order of ``COLUMNS``. Tabs
separate the cells of a column of text, ``\x1f`` the parts of one; blanks separate numbers. It is derived:
where it is missing, stale or damaged it is made again (``indexing``).
"""

from __future__ import annotations

import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MAGIC = "conduit-index 3"

#: Of all resources in the order of the metadata; of routes alone (``route`` is the number of the resource);
#: of all edges, those of the first resource first (``degree`` of each). ``file`` and ``kind`` of an edge are
#: numbers of ``files`` and ``relations``; ``start`` and ``length`` say where a resource stands in the text.
#: Of patterns those of the highest confidence first; ``p_span`` has the file, then the numbers of the span.
COLUMNS = (
    *("id", "kind", "name", "files", "file", "line", "start", "length"),
    *("route", "methods", "pattern", "handler", "middleware", "tags"),
    *("relations", "degree", "target", "relation", "edge_file", "edge_line", "edge_fields"),
    *("p_id", "p_category", "p_name", "p_state", "p_template", "p_support", "p_n", "p_confidence", "p_span"),
    *("p_start", "p_length"),
)
NUMBERS = frozenset(
    {
        *("file", "line", "start", "length", "route", "degree", "target", "relation"),
        *("edge_file", "edge_line", "p_support", "p_n", "p_start", "p_length"),
    }
)
#: Columns whose cells have parts.
PARTED = frozenset({"methods", "middleware", "tags", "edge_fields", "p_span"})
#: The numbers of a span, as its parts stand in a cell.
SPAN = ("line", "column", "end_line", "end_column")

_UNESCAPES = (("\\t", "\t"), ("\\n", "\n"), ("\\u", "\x1f"), ("\\e", ""))
#: A backslash is written ``\\s``, so that undoing the others first can hit nothing else.
_ESCAPES = str.maketrans({"\\": "\\s", "\t": "\\t", "\n": "\\n", "\x1f": "\\u"})


def read(index: bytes, metadata: bytes) -> list[str] | None:
    """The line about the app and the columns; None where the index is not this metadata's, or damaged."""
    head, _, rest = index.partition(b"\n")
    sums, _, rest = rest.partition(b"\n")
    if head != MAGIC.encode() or sums != f"{checksum(metadata)} {checksum(rest)}".encode():
        return None
    return rest.decode(errors="surrogatepass").split("\n")


def checksum(data: bytes) -> str:
    """Size and CRC-32: an edit of up to four neighbouring bytes never goes unseen, another once in 2**32."""
    return f"{len(data)}:{zlib.crc32(data):08x}"


def cells(line: str) -> list[str]:
    """A column of text, or a line of several fields."""
    if not line:
        return []
    found = line.split("\t")
    return [unescape(one) for one in found] if "\\" in line else found


def numbers(line: str) -> list[int]:
    """A column of numbers."""
    return [*map(int, line.split())]


def parts(cell: str) -> list[str]:
    """What is in a cell of several; ``cell`` as it stands in the line."""
    return [unescape(one) for one in cell.split("\x1f")] if cell else []


def written(cells: Iterable[str]) -> str:
    """A column of text. What is empty is marked, so that one empty cell is not none."""
    return "\t".join(one.translate(_ESCAPES) or "\\e" for one in cells)


def written_parts(cells: Iterable[Iterable[str]]) -> str:
    """A column whose cells have parts; an empty cell is none of them."""
    return "\t".join("\x1f".join(one.translate(_ESCAPES) or "\\e" for one in cell) for cell in cells)


def unescape(part: str) -> str:
    """What stood in the metadata."""
    if "\\" not in part:
        return part
    for code, character in _UNESCAPES:
        part = part.replace(code, character)
    return part.replace("\\s", "\\")
