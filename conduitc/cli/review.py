"""``conduitc introspect APP patterns review``: each convention that nobody has decided on, one by one.

Every decision is in the file before the next question is asked, so whatever ends the review loses nothing.
Not on a terminal it only tells what is undecided.
"""

from __future__ import annotations

import sys
from pathlib import Path

from conduit.introspect.convention_tables import held, indented, place
from conduit.introspect.store import locate
from conduit.introspect.tables import counted, plain

from conduitc import places
from conduitc.cli.out import Refused, put
from conduitc.curation import ACCEPTED, REJECTED, Curation, Decision, file_of, is_name, read
from conduitc.deciding import Undecided, decide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Json = dict[str, Any]

KEYS = "[a]ccept  [r]eject  [n]ame  [s]kip  [b]ack  [q]uit"
#: Exceptions of one pattern that are shown.
SHOWN = 5


def review_command(target: str, metadata: Sequence[Json], given: str | None) -> int:
    """Decide about the patterns in ``metadata``, in the file of ``target``'s program, or the one ``given``.

    1 where something is undecided and nobody is there to ask.

    Raises:
        Refused: there is no telling where decisions go, or the file there cannot be understood.
    """
    file = _file(target, given)
    curation = _read(file)
    waiting = [one for one in metadata if one["id"] not in curation.decisions]
    gone = [id_ for id_ in curation.decisions if id_ not in {one["id"] for one in metadata}]
    # what was rejected is not in the metadata at all, and is not gone
    gone = [id_ for id_ in gone if curation.decisions[id_].state == ACCEPTED]
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _told(waiting, gone, file)
    return _Review(waiting, gone, file, curation).run()


def _file(target: str, given: str | None) -> Path:
    """Where decisions go: with the source, as that is what they are about."""
    if given is not None:
        file = Path(given)
        if not file.parent.is_dir():
            raise Refused(f"{given}: there is no such folder")
        return file
    found = None if locate(target) else places.entry_file(places.split(target)[0])
    if found is None:
        here = f"{places.PATTERNS} beside the app's source"
        raise Refused(f"{target} is a build; decisions stand in {here}: name it with --file")
    return file_of(places.root_and_names(found)[0])


def _read(file: Path) -> Curation:
    found = read(file, file.parent)
    if found.diagnostics:
        first = found.diagnostics[0]
        raise Refused(f"{file}:{first.span.line}: {first.message}; put it right first ({first.rule.code})")
    return found


def _told(waiting: Sequence[Json], gone: Sequence[str], file: Path) -> int:
    lines = [f"{counted(len(waiting), 'pattern')} nobody has decided on ({plain(str(file))})"]
    lines += [f"  {_short(one['id'])}  {plain(one['name'])}" for one in waiting]
    lines += [*_gone(gone)]
    put("\n".join(lines))
    return 1 if waiting else 0


def _gone(gone: Sequence[str]) -> list[str]:
    head = f"no longer mined, and kept: {counted(len(gone), 'decision')}"
    return [head, *(f"  {_short(id_)}" for id_ in gone)] if gone else []


def _short(id_: str) -> str:
    return id_.partition(":")[2]


class _Review:
    """One walk through what is undecided."""

    def __init__(self, waiting: Sequence[Json], gone: Sequence[str], file: Path, curation: Curation) -> None:
        self._waiting, self._gone, self._file = waiting, gone, file
        self._decisions = dict(curation.decisions)
        self._made: set[str] = set()

    def run(self) -> int:
        try:
            self._walk()
        except (KeyboardInterrupt, EOFError):
            print()
        left = sum(one["id"] not in self._decisions for one in self._waiting)
        lines = [f"{counted(len(self._made), 'decision')} in {plain(str(self._file))}, {left} undecided"]
        put("\n".join([*lines, *_gone(self._gone)]))
        return 0

    def _walk(self) -> None:
        place_ = 0
        while place_ < len(self._waiting):
            one = self._waiting[place_]
            print(self._shown(one, place_))
            move = self._asked(one)
            if move is None:
                return
            place_ = max(0, place_ + move)

    def _asked(self, one: Json) -> int | None:
        """How far to go: 1, or -1 for back; None for the end."""
        while True:
            said = input(f"{KEYS} > ").strip().lower()[:1]
            if said == "q":
                return None
            if said in ("s", "b"):
                return 1 if said == "s" else -1
            if said in ("a", "r"):
                name = self._decisions[one["id"]].name if one["id"] in self._decisions else None
                if self._decided(one, ACCEPTED if said == "a" else REJECTED, name):
                    return 1
            if said == "n" and (name := self._named()) and self._decided(one, ACCEPTED, name):
                return 1

    def _named(self) -> str | None:
        """A name; None where there is none after all."""
        name = input("name > ").strip()
        if name and not is_name(name):
            print("a name is one line of printable text, of 200 characters at most")
            return None
        return name or None

    def _decided(self, one: Json, state: str, name: str | None) -> bool:
        """Is it in the file now?"""
        decision = Decision(one["id"], state, name)
        try:
            decide(self._file, decision, one["template"])
        except Undecided as error:
            print(f"{plain(str(self._file))} {error}")
            return False
        self._decisions[one["id"]] = decision
        self._made.add(one["id"])
        return True

    def _shown(self, one: Json, at: int) -> str:
        example = one.get("example", {})
        parts = [
            f"\n{at + 1} of {len(self._waiting)}  {plain(one['category'])}: {plain(one['name'])}",
            f"  {plain(one['template'])}",
            f"  {held(one)} {plain(one.get('population', ''))}, {one['confidence']:.2f} sure",
        ]
        if example.get("text"):
            parts.append(f"\n  {plain(place(example.get('span')))}\n{indented(example['text'], 4)}")
        breaking = one.get("exceptions", ())
        if breaking:
            parts.append(f"\n  but {counted(len(breaking), 'exception')}:")
        parts += [f"    {_exception(each)}" for each in breaking[:SHOWN]]
        decision = self._decisions.get(one["id"])
        if decision is not None:
            named = f", named {plain(decision.name)}" if decision.name else ""
            parts.append(f"\n  so far: {decision.state}{named}")
        return "\n".join(parts) + "\n"


def _exception(each: Json) -> str:
    return "  ".join(part for part in (plain(place(each.get("span"))), plain(each.get("why", ""))) if part)
