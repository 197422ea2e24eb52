"""What an app recorded, beside what was compiled: the objects for the wiring, or one error that says it all.

In: an app and the compiled declarations ``(slot, turn, kind, key, file, line, conditional)``. Out: a table.
In a build the slot tells which declaration a row is; without one, file, line, kind and key do. Rows of one
place are told apart by their turn.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from conduit.record import Row

    Expected = tuple[int, int, str, str, str, int, bool]


class _Absent:
    """Stands for a conditional declaration that did not happen; called, it is a route that does not match."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __getitem__(self, index: int) -> _Absent:
        return self

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        from conduit.http.errors import Refused

        raise Refused("not declared")


ABSENT = _Absent()

#: Kinds whose key tells apart what one function, or one line, declares.
_KEYED = frozenset({"route", "tool", "resource", "prompt", "completion", "ml_endpoint"})


class Mismatch(RuntimeError):
    """What was executed is not what was compiled."""


class Table:
    """``table[i]`` is the object that compiled declaration *i* was given."""

    def __init__(self, rows: Sequence[Row | None]) -> None:
        self._rows = rows

    def __getitem__(self, index: int) -> Any:
        row = self._rows[index]
        return ABSENT if row is None else row[4]

    def middleware(self, index: int) -> Sequence[Any]:
        """The functions of declaration *i*: those of its ``middleware=[...]``, or the one it declares."""
        row = self._rows[index]
        if row is None:
            return self[index]  # type: ignore[no-any-return]  # whatever its index, it is absent
        if row[2] == "middleware":
            return (row[4],)
        found: Sequence[Any] = self.option(index, "middleware") or ()
        return found

    def option(self, index: int, name: str) -> Any:
        """The object given to declaration *i* as keyword ``name``; None without."""
        row = self._rows[index]
        return None if row is None or row[6] is None else row[6].get(name)


def table(app: Any, expected: Sequence[Expected], later: Collection[int] = ()) -> Table:
    """Bind declarations; those at the places ``later`` need not have been executed yet.

    Raises:
        Mismatch: executed and compiled declarations are not the same.
    """
    rows = sorted(reachable(app), key=lambda row: row[0])
    if any(row[1] is not None for row in rows):  # a build; what has no slot in it was not compiled
        found = _by_slot(rows)
        wanted: list[Hashable] = [(one[0], one[1]) for one in expected]
    else:
        found, wanted = _by_place(app, rows, expected)
    bound = [found.pop(key, None) for key in wanted]
    missing = [
        one
        for index, (one, row) in enumerate(zip(expected, bound, strict=True))
        if row is None and not one[6] and index not in later
    ]
    wrong = [
        (one, row)
        for one, row in zip(expected, bound, strict=True)
        if row is not None and (row[2] != one[2] or (one[2] in _KEYED and row[3] != one[3]))
    ]
    if missing or wrong or found:
        raise Mismatch(_explained(app, missing, wrong, list(found.values())))
    return Table(bound)


def reachable(app: Any) -> Iterator[Row]:
    """The rows of an app and of every router below it, each once, however often it is included."""
    owners, seen = [app], {id(app)}
    for owner in owners:
        for row in owner._record:
            yield row
            if row[2] == "include":
                router = getattr(row[4], "real", None) or row[4]  # what a lazy build's stand-in stands for
                if id(router) not in seen:
                    seen.add(id(router))
                    owners.append(router)


def _by_slot(rows: Sequence[Row]) -> dict[Hashable, Row]:
    turns: dict[int | None, int] = {}
    found: dict[Hashable, Row] = {}
    for row in rows:
        turn = turns.get(row[1], 0)
        turns[row[1]] = turn + 1
        found[row[1], turn] = row
    return found


def _by_place(
    app: Any, rows: Sequence[Row], expected: Sequence[Expected]
) -> tuple[dict[Hashable, Row], list[Hashable]]:
    """Rows by file, line, kind and key; the place is the object's where that is known, else the call's."""
    root = _root(app, expected)
    wanted = _turned([(one[4], one[5], one[2], one[3] if one[2] in _KEYED else "") for one in expected])
    places = {key[:4] for key in wanted}
    keys = []
    for row in rows:
        file, line, call_file, call_line = row[5] or ("", 0, "", 0)
        key = row[3] if row[2] in _KEYED else ""
        own = (_relative(file, root), line, row[2], key)
        call = (_relative(call_file, root), call_line, row[2], key)
        keys.append(own if own in places or call not in places else call)
    return dict(zip(_turned(keys), rows, strict=True)), list(wanted)


def _turned(keys: Sequence[tuple[str, int, str, str]]) -> list[tuple[str, int, str, str, int]]:
    turns: dict[tuple[str, int, str, str], int] = {}
    found = []
    for key in keys:
        turns[key] = turns.get(key, -1) + 1
        found.append((*key, turns[key]))
    return found


def _root(app: Any, expected: Sequence[Expected]) -> str:
    """The project's folder: the app's own file, less what the compiler calls it."""
    file = app._module.get("__file__") or ""
    full = os.path.abspath(file)
    for one in expected:
        tail = os.sep + one[4].replace("/", os.sep)
        if one[2] == "app" and full.endswith(tail):
            return full[: -len(tail)]
    return os.path.dirname(full)


def _relative(file: str, root: str) -> str:
    full = os.path.abspath(file)
    return full[len(root) + 1 :].replace(os.sep, "/") if full.startswith(root + os.sep) else full


def _explained(app: Any, missing: list[Expected], wrong: list[tuple[Expected, Row]], extra: list[Row]) -> str:
    lines = ["the declarations that were executed are not those that were compiled:"]
    for one in missing:
        lines.append(f"  {one[4]}:{one[5]}: {one[2]} {one[3]}: compiled, but not executed{_why(app, one)}")
    for one, row in wrong:
        lines.append(
            f"  {one[4]}:{one[5]}: {one[2]} {one[3]} was compiled, {row[2]} {row[3]} executed: "
            "the file has changed since"
        )
    for row in extra:
        place = f"{row[5][2]}:{row[5][3]}" if row[5] else f"slot {row[1]}"
        lines.append(
            f"  {place}: {row[2]} {row[3]}: executed, but not compiled: it is not static, "
            "or the file has changed since"
        )
    return "\n".join(lines)


def _why(app: Any, one: Expected) -> str:
    if app._ran is not None and app._ran[0].endswith(one[4]) and app._ran[1] < one[5]:
        return f": it stands below app.run() in line {app._ran[1]}"
    return ": the file has changed since, or the line was not reached"
