"""``conduit-patterns.toml`` → what people decided about mined patterns; patterns → those that are left.

Decisions go by content id, so a rejected pattern stays away however its followers move. What is wrong with
the file is a finding, never an exception; what can be understood of it counts. Deciding: ``deciding.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from conduitc import places
from conduitc.diagnostics import Diagnostic, Fix, Rule
from conduitc.ir.patterns import CATEGORIES, Pattern
from conduitc.span import Span
from conduitc.suggest import closest, did_you_mean

#: The version of the file's format that this reads and writes.
VERSION = 1
ACCEPTED, REJECTED = "accepted", "rejected"
#: No such file is larger: some thousand decisions.
LARGEST = 2**20
#: Of a name that a person gives.
LONGEST_NAME = 200
_KEYS = ("decision", "name", "template")
_ID = re.compile(rf"(?:pattern:)?(({'|'.join(CATEGORIES)})/[0-9a-f]{{12}})")

_DOCS = """`conduit-patterns.toml` says what people decided about the conventions that were mined: each is
accepted or rejected, and may be named, by its content id. `conduitc introspect APP patterns review` writes
it. """
_APP = "# file: app.py\nfrom conduit import Conduit\n\napp = Conduit()\n# file: conduit-patterns.toml\n"
_GOOD = f"""{_APP}version = 1

[pattern."auth/3f2a91c04b7e"]
decision = "rejected"
"""

UNREADABLE = Rule(
    code="CDT150",
    slug="patterns-file-unreadable",
    severity="warning",
    message=f"{places.PATTERNS} {{what}}: no decision in it counts",
    docs=_DOCS
    + "While it cannot be read, patterns that were rejected come back. It is TOML in UTF-8 and begins with "
    f"`version = {VERSION}`.",
    bad=f"""{_APP}version = 1

[pattern."auth/3f2a91c04b7e"
decision = "rejected"
""",
    good=_GOOD,
)

NOT_A_DECISION = Rule(
    code="CDT151",
    slug="patterns-file-entry",
    severity="warning",
    message="{what}, so it decides nothing",
    docs=_DOCS
    + """An entry is a table `[pattern."CATEGORY/ID"]` with `decision = "accepted"` or `"rejected"`, and
perhaps a `name`; `template` is for readers. `conduitc introspect APP patterns` lists the ids. Entries of
patterns that are no longer mined are no fault: they count again when these come back.""",
    bad=f"""{_APP}version = 1

[pattern."auth/3f2a91c04b7e"]
decision = "reject"
""",
    good=_GOOD,
)


class Decision(Struct, frozen=True):
    """What was decided about one pattern: ``accepted`` or ``rejected``, and the name it was given."""

    id: str
    state: str
    name: str | None = None


class Curation(Struct, frozen=True):
    """All decisions by the patterns' whole ids, in the order of the file, and what is wrong with it."""

    decisions: dict[str, Decision]
    diagnostics: tuple[Diagnostic, ...] = ()

    def unknown(self, patterns: Iterable[Pattern]) -> tuple[str, ...]:
        """Ids that were decided on and are no longer mined; their decisions are kept."""
        mined = {one.id for one in patterns}
        return tuple(id_ for id_ in self.decisions if id_ not in mined)


def curate(patterns: tuple[Pattern, ...], root: Path) -> tuple[Pattern, ...]:
    """``patterns`` without the rejected ones; accepted ones are ``curated``, by the name they were given."""
    decisions = read(file_of(root), root).decisions
    return tuple(_curated(one, decisions.get(one.id)) for one in patterns if _stays(one, decisions))


def _stays(one: Pattern, decisions: Mapping[str, Decision]) -> bool:
    decision = decisions.get(one.id)
    return decision is None or decision.state != REJECTED


def _curated(one: Pattern, decision: Decision | None) -> Pattern:
    return one if decision is None else replace(one, state="curated", name=decision.name or one.name)


def file_of(root: Path) -> Path:
    """Where decisions about the program at ``root`` are kept: beside pyproject.toml, or its modules."""
    return places.home_of(root) / places.PATTERNS


def read(file: Path, root: Path) -> Curation:
    """The decisions in ``file``, none where there is no file; findings name it from ``root``."""
    try:
        if not file.is_file():
            return Curation({})
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        return _refused(file, root, f"cannot be read ({(error.strerror or 'no file').lower()})")
    if len(data) > LARGEST:
        return _refused(file, root, "is too large")
    return parsed(data, places.seen_from(root, file))


def _refused(file: Path, root: Path, what: str) -> Curation:
    span = Span(places.seen_from(root, file), 1, 1, 1, 1)
    return Curation({}, (UNREADABLE.at(span, what=what),))


def parsed(data: bytes, shown: str) -> Curation:
    """The decisions in a file's bytes; ``shown`` is its name in findings."""
    import tomllib  # nobody without such a file pays for it

    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        return Curation({}, (UNREADABLE.at(Span(shown, 1, 1, 1, 1), what="is not UTF-8"),))
    except RecursionError:
        return Curation({}, (UNREADABLE.at(Span(shown, 1, 1, 1, 1), what="is nested too deeply"),))
    except tomllib.TOMLDecodeError as error:
        return Curation({}, (_syntax(str(error), text, shown),))
    lines = re.split(r"\r\n|\n", text)
    faults = _Faults(shown, lines)
    version = document.get("version")
    if version != VERSION or isinstance(version, bool):
        return Curation({}, (faults.version(version),))
    return _decisions(document, faults)


def _syntax(said: str, text: str, shown: str) -> Diagnostic:
    """tomllib ends its message with the place."""
    what, _, place = said.rpartition(" (")
    found = re.fullmatch(r"at line (\d+), column (\d+)\)", place)
    if found is None:  # at the end of the document
        line, column = text.count("\n") + 1, 1
    else:
        line, column = int(found[1]), int(found[2])
    about = f"is not TOML ({(what or said).lower()})"
    return UNREADABLE.at(Span(shown, line, column, line, column + 1), what=about)


def _decisions(document: Mapping[str, Any], faults: _Faults) -> Curation:
    found: dict[str, Decision] = {}
    said: list[Diagnostic] = []
    for key in document:
        if key not in ("version", "pattern"):
            said.append(faults.unknown(key, ("version", "pattern")))
    entries = document.get("pattern", {})
    if not isinstance(entries, dict):
        return Curation({}, (*said, faults.at("pattern", "`pattern` is no table")))
    for name, entry in entries.items():
        decision, faulty = _decision(name, entry, faults)
        said += faulty
        if decision is not None and decision.id in found:
            said.append(faults.at(name, f"`{decision.id}` is decided on twice"))
        elif decision is not None:
            found[decision.id] = decision
    return Curation(found, tuple(said))


def _decision(name: str, entry: object, faults: _Faults) -> tuple[Decision | None, list[Diagnostic]]:
    """One entry, and what is wrong with it; a name that cannot be used leaves the decision alone."""
    id_ = whole_id(name)
    if id_ is None:
        return None, [faults.at(name, f"`{name}` is no id of a pattern")]
    if not isinstance(entry, dict):
        return None, [faults.at(name, f"`{name}` is no table")]
    said = [faults.unknown(key, _KEYS, within=name) for key in entry if key not in _KEYS]
    state = entry.get("decision")
    if state not in (ACCEPTED, REJECTED):
        return None, [*said, faults.decision(name, state)]
    given = entry.get("name")
    if given is not None and not is_name(given):
        said.append(faults.at(name, "the name is no line of printable text", key="name"))
        given = None
    return Decision(id_, state, given), said


def is_name(text: object) -> bool:
    """May a pattern be called so?"""
    return isinstance(text, str) and bool(text.strip()) and text.isprintable() and len(text) <= LONGEST_NAME


def whole_id(name: str) -> str | None:
    """``auth/3f2a91c04b7e``, with or without ``pattern:``, as a pattern has it; None for anything else."""
    found = _ID.fullmatch(name)
    return f"pattern:{found[1]}" if found else None


class _Faults:
    """Findings at the lines of one file, whose text is searched: TOML's parser keeps no places."""

    def __init__(self, shown: str, lines: list[str]) -> None:
        self._shown, self._lines = shown, lines

    def at(
        self, text: str, what: str, *, key: str = "", fix: str = "", help: str | None = None
    ) -> Diagnostic:
        span = self._span(text, key)
        made = Fix(f"write `{fix}`", span, fix) if fix else None
        return NOT_A_DECISION.at(span, what=what, fix=made, help=help)

    def unknown(self, key: str, known: tuple[str, ...], within: str = "") -> Diagnostic:
        meant = did_you_mean(key, known) or f"there are {', '.join(known)}"
        return self.at(within or key, f"`{key}` is not known here", key=key, help=meant)

    def decision(self, name: str, state: object) -> Diagnostic:
        what = "there is no decision" if state is None else f"`{state}` is no decision"
        meant = closest(state, (ACCEPTED, REJECTED)) if isinstance(state, str) else None
        said = f'`decision` is "{ACCEPTED}" or "{REJECTED}"'
        key = "" if state is None else "decision"
        return self.at(name, what, key=key, fix=f'decision = "{meant}"' if meant else "", help=said)

    def version(self, found: object) -> Diagnostic:
        if found is None:
            fix = Fix(f"begin with `version = {VERSION}`", self._empty(), f"version = {VERSION}\n")
            return UNREADABLE.at(self._empty(), what=f"has no `version = {VERSION}`", fix=fix)
        newer = isinstance(found, int) and found > VERSION
        what = f"is of version {found}, which is {'newer than this conduitc' if newer else 'none'}"
        return UNREADABLE.at(self._span("version", ""), what=what)

    def _empty(self) -> Span:
        return Span(self._shown, 1, 1, 1, 1)

    def _span(self, text: str, key: str) -> Span:
        """The line that has ``text``; the first one from there that begins with ``key``."""
        start = next((n for n, line in enumerate(self._lines) if text in line), 0)
        if key:
            rest = range(start, len(self._lines))
            start = next((n for n in rest if self._lines[n].lstrip().startswith(key)), start)
        line = self._lines[start]
        first = len(line) - len(line.lstrip())
        last = len(line.rstrip())
        return Span(self._shown, start + 1, first + 1, start + 1, max(last, first) + 1)
