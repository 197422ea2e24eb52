"""DispatchPlan → the text of ``dispatch.pyx``: tables as C constants, and the walker that reads them.

Inside the C block stand numbers only, so no text of the user's can become code there.
"""

from collections.abc import Iterator, Sequence

from conduitc.codegen import perfect_hash, tables
from conduitc.codegen.code import constant
from conduitc.codegen.dispatch_python import comment_lines
from conduitc.codegen.render import render
from conduitc.ir.dispatch import DispatchPlan


def emit_cython(plan: DispatchPlan, origin_comments: Sequence[str]) -> str:
    """``origin_comments`` say of each route, by index, what a reader should know: path, file and line."""
    packed = [tables.pack(table) for table in plan.tables]
    return render(
        "dispatch.pyx.jinja",
        comments=comment_lines(plan, origin_comments),
        tables=[
            (constant(table.methods), list(_word_lines(table)), list(_text_lines(table))) for table in packed
        ],
        exact=tables.EXACT,
        trailing=tables.TRAILING,
        converters=tables.CONVERTERS,
        ends={names[0]: bit for names, bit in tables.ENDS.items()},
        header=tables.HEADER,
        hash=perfect_hash,
    )


def _word_lines(table: tables.PackedTable) -> Iterator[str]:
    for title, rows in table.sections:
        yield f"/* {title} */"
        for row in rows:
            yield "".join(f"{word}u, " for word in row).rstrip()


def _text_lines(table: tables.PackedTable, width: int = 24) -> Iterator[str]:
    """C has no empty arrays: a nought ends the text."""
    text = table.text + b"\0"
    for start in range(0, len(text), width):
        yield " ".join(f"{byte}," for byte in text[start : start + width])
