"""A tiny code tree: lines and indented blocks, so that no emitter glues text with nested f-strings."""

from collections.abc import Iterator
from contextlib import contextmanager

from conduitc.span import Span

_INDENT = "    "
WIDTH = 100


class Code:
    """Python source under construction. ``marks`` say which line was made from which place in the source."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0
        self.marks: list[tuple[int, Span]] = []

    def mark(self, span: Span) -> None:
        """What follows, up to the next mark, was made from the text at ``span``."""
        self.marks.append((len(self._lines) + 1, span))

    def insert(self, other: "Code") -> None:
        """All of ``other`` at the present depth, its marks with it."""
        self.marks += [(line + len(self._lines), span) for line, span in other.marks]
        self.lines(*other._lines)

    def line(self, text: str = "") -> None:
        """One line at the present depth; an empty one stays empty."""
        self._lines.append(_INDENT * self._depth + text if text else "")

    def lines(self, *texts: str) -> None:
        for text in texts:
            self.line(text)

    def comment(self, text: str) -> None:
        """A comment. What users wrote may stand in it: anything but printable ASCII is escaped."""
        self.line("# " + safe_comment(text))

    def docstring(self, text: str) -> None:
        self.line('"""' + safe_comment(text).replace("\\", "\\\\").replace('"', "'") + '"""')

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """``header:`` and what is added inside, one step deeper."""
        self.line(header + ":")
        self._depth += 1
        yield
        self._depth -= 1

    def call(self, head: str, arguments: list[str], tail: str = "") -> None:
        """``head(arguments)tail``, on one line where it fits, else an argument a line."""
        flat = f"{head}({', '.join(arguments)}){tail}"
        if len(flat) + len(_INDENT) * self._depth <= WIDTH:
            self.line(flat)
            return
        self.line(head + "(")
        self._depth += 1
        for argument in arguments:
            self.line(argument + ",")
        self._depth -= 1
        self.line(")" + tail)

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def safe_comment(text: str) -> str:
    """``text`` as one printable ASCII line, so that nothing of it can end a comment or a docstring."""
    return text.encode("ascii", "backslashreplace").decode().translate(_CONTROL)


_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
