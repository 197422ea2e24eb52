"""Expressions on stdin → the same with ``_slot=N``, on stdout; a script of its own, run in a child process.

libcst can crash or hang on what users write, so it lives here, under limits, and knows nothing of the
compiler. In: one JSON line ``[[text, slot, bare], …]``; without a slot ``text`` is a whole module, to be
given back as it is. Out: one JSON line each, ``[text]`` or ``["", reason]``, flushed at once, so that a death
tells which text caused it. Line ends of expressions are ``\\n``.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libcst import Arg, Call

_MEMORY = 1 << 30
_CPU_SECONDS = 60
#: ``PR_SET_PDEATHSIG``.
_DEATH_SIGNAL = 1


def main() -> None:
    _limit()
    _end_with_parent()
    if len(sys.argv) > 1:  # where the parent has libcst from
        sys.path.append(sys.argv[1])
    for text, slot, bare in json.loads(sys.stdin.readline()):
        print(json.dumps(_answer(text, slot, bare)), flush=True)


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, limit in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or hard >= limit:
            resource.setrlimit(what, (limit, hard))


def _end_with_parent() -> None:
    """libcst holds the interpreter while it parses: only the system can end it, elsewhere the CPU limit."""
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _answer(text: str, slot: int | None, bare: bool) -> list[str]:
    try:
        return [reread(text) if slot is None else with_slot(text, slot, bare)]
    except Exception as error:  # whatever libcst raises is the parent's to tell
        return ["", f"{type(error).__name__}: {error}".splitlines()[0]]


def reread(text: str) -> str:
    """A module as libcst gives it back."""
    import libcst as cst

    return cst.parse_module(text).code


def with_slot(text: str, slot: int, bare: bool) -> str:
    """The call ``text`` with one more keyword, or the ``bare`` decorator made a call.

    Raises:
        ValueError: libcst sees something else there than ``ast`` did.
    """
    import libcst as cst

    wrapped = f"({text})"  # in parentheses a line may end anywhere
    expression = cst.parse_expression(wrapped)
    render = cst.Module([]).code_for_node
    if render(expression) != wrapped:
        raise ValueError("libcst does not give back what it read")
    keyword = cst.Arg(
        cst.Integer(str(slot)),
        keyword=cst.Name("_slot"),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    if bare:
        call = cst.Call(expression.with_changes(lpar=(), rpar=()), (keyword,))
        return render(call)
    if not isinstance(expression, cst.Call):
        raise ValueError(f"libcst sees {type(expression).__name__} where ast saw Call")
    return render(_with_argument(expression, keyword))[1:-1]


def _with_argument(call: Call, new: Arg) -> Call:
    """``new`` as the last argument; what stood before the closing parenthesis still does."""
    import libcst as cst

    space = cst.SimpleWhitespace(" ")
    if not call.args:
        last = new.with_changes(whitespace_after_arg=call.whitespace_before_args)
        return call.with_changes(whitespace_before_args=cst.SimpleWhitespace(""), args=(last,))
    *rest, before = call.args
    if isinstance(before.comma, cst.Comma):
        comma = before.comma.with_changes(whitespace_after=space)
        after = cst.Comma(whitespace_after=before.comma.whitespace_after)
        added = (before.with_changes(comma=comma), new.with_changes(comma=after))
    else:
        moved = before.with_changes(
            comma=cst.Comma(whitespace_after=space), whitespace_after_arg=cst.SimpleWhitespace("")
        )
        added = (moved, new.with_changes(whitespace_after_arg=before.whitespace_after_arg))
    return call.with_changes(args=(*rest, *added))


if __name__ == "__main__":
    main()
