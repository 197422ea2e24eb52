"""Blocks: typed steps that an app declares and the compiler checks. What runs them is not there yet.

A block keeps the arguments it was made with; ``a >> b`` and ``parallel(a, b)`` keep their blocks.
"""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from conduit.unserved import not_served

I = TypeVar("I")  # noqa: E741  # the language's own name
O = TypeVar("O")  # noqa: E741


class Block(Generic[I, O]):
    """A step from ``I`` to ``O``: subclasses write ``forward``, the library's own are made with arguments."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.arguments = arguments
        self.options = options

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        raise not_served(f"calling {type(self).__name__}")

    async def acall(self, data: I) -> O:
        """As a call, awaited."""
        raise not_served(f"calling {type(self).__name__}")

    def __rshift__(self, other: Block[Any, Any] | Pipeline) -> Pipeline:
        return Pipeline("sequence", (self, other))


class Pipeline:
    """Several blocks as one. ``kind`` is ``sequence`` or ``parallel``."""

    def __init__(self, kind: str, blocks: tuple[Any, ...]) -> None:
        self.kind = kind
        self.blocks = blocks

    def __call__(self, *arguments: Any) -> Any:
        raise not_served("calling a pipeline of blocks")

    async def acall(self, data: Any) -> Any:
        """As a call, awaited."""
        raise not_served("calling a pipeline of blocks")

    def __rshift__(self, other: Block[Any, Any] | Pipeline) -> Pipeline:
        return Pipeline("sequence", (self, other))


def parallel(*blocks: Block[Any, Any] | Pipeline) -> Pipeline:
    """Give the same input to all."""
    return Pipeline("parallel", blocks)


class NoOp(Struct, frozen=True):
    """The input of a block that takes none."""


class HttpOperation(Struct):
    """What an HTTP request came to."""

    success: bool
    status_code: int | None = None
    data: str | None = None
    reason: str | None = None


class SqlOperation(Struct):
    """What an SQL statement came to."""

    success: bool
    reason: str | None = None
    rows: list[dict[str, Any]] | None = None
    row_count: int | None = None


class FileSystemOperation(Struct):
    """What reading or writing a file came to."""

    success: bool
    error_code: int | None = None
    data: str | None = None
    reason: str | None = None
    path: str | None = None


class SystemCommandOperation(Struct):
    """What a command came to."""

    success: bool
    command: str
    return_code: int | None = None
    stdout: str | None = None
    stderr: str | None = None
    reason: str | None = None
    syntax_ok: bool | None = None


class SupportsShellCommand(Protocol):
    """What ``SystemCommandBlock`` takes."""

    shell_command: str


class SupportsSqlCommand(Protocol):
    """What the SQL blocks take."""

    sql_command: str


class SupportsFileContent(Protocol):
    """What ``FileSystemWriteBlock`` takes."""

    file_content: str


class HttpGetBlock(Block[NoOp, HttpOperation]):
    """``HttpGetBlock(url)``."""


class HttpPostBlock(Block[Any, HttpOperation]):
    """``HttpPostBlock(InputDataclass, url)``."""


class Sqlite3Block(Block[SupportsSqlCommand, SqlOperation]):
    """SQL on an SQLite file."""


class PostgresBlock(Block[SupportsSqlCommand, SqlOperation]):
    """SQL on a PostgreSQL database."""


class FileSystemReadBlock(Block[NoOp, FileSystemOperation]):
    """``FileSystemReadBlock(path)``."""


class FileSystemWriteBlock(Block[SupportsFileContent, FileSystemOperation]):
    """``FileSystemWriteBlock(InputDataclass, path)``."""


class SystemCommandBlock(Block[SupportsShellCommand, SystemCommandOperation]):
    """``SystemCommandBlock(InputDataclass, timeout_seconds=5)``."""
