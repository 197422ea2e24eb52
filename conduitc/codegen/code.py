"""A tiny code tree: lines and indented blocks, so that no emitter glues text with nested f-strings.

What users wrote comes into generated code by three ways only, and all are here: ``constant``, ``comment`` and
``docstring``. A line that is not printable ASCII is refused, so text that came by another way and could end
what it stands in makes the compiler fail, and never the program.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite

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
        """One line at the present depth; an empty one stays empty.

        Raises:
            ValueError: it is not printable ASCII.
        """
        if not (text.isascii() and text.isprintable()):
            raise ValueError(f"generated code would hold {text!a}")
        self._lines.append(_INDENT * self._depth + text if text else "")

    def lines(self, *texts: str) -> None:
        for text in texts:
            self.line(text)

    def header(self, title: str, version: str, origin: str) -> None:
        """How a module begins. Nothing of the user's stands in the first two lines, which may name an
        encoding: Cython takes one from whatever looks like it."""
        self.docstring(title)
        self.line()
        self.comment(f"Made by conduitc {version} from {origin}.")
        self.line()

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


def constant(value: object) -> str:
    """``value`` as Python source in ASCII: text, bytes, numbers, None, and tuples, lists, dicts of these.

    Raises:
        TypeError: it is something else, whose ``repr`` is nobody's to trust.
    """
    kind = type(value)
    if kind in (str, bytes, bool, type(None)):
        return ascii(value)
    if isinstance(value, int) and kind is int:
        return str(value) if value.bit_length() < _PLAIN_BITS else hex(value)
    if isinstance(value, float) and kind is float:
        return ascii(value) if isfinite(value) else _ENDLESS[str(value)]
    if isinstance(value, tuple) and kind is tuple:
        return f"({''.join(f'{constant(one)}, ' for one in value).rstrip(' ' if len(value) == 1 else ', ')})"
    if isinstance(value, list) and kind is list:
        return f"[{', '.join(map(constant, value))}]"
    if isinstance(value, dict) and kind is dict:
        return f"{{{', '.join(f'{constant(key)}: {constant(one)}' for key, one in value.items())}}}"
    raise TypeError(f"no constant for generated code: {kind.__name__}")


def safe_comment(text: str) -> str:
    """``text`` as one printable ASCII line, so that nothing of it can end a comment or a docstring."""
    return text.encode("ascii", "backslashreplace").decode().translate(_CONTROL)


_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}
#: Python refuses to write integers of many more digits.
_PLAIN_BITS = 8192
#: Floats whose ``repr`` is a name.
_ENDLESS = {"inf": "1e999", "-inf": "-1e999", "nan": "(1e999 - 1e999)"}
