"""Records of one app → ``ir.nodes.App``: what is reached through includes; slots and declarations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from conduitc.diagnostics import Diagnostic, Rule
from conduitc.frontend import limits
from conduitc.frontend.conduit.records import IncludeDetails, Owner, Piece, Record
from conduitc.frontend.scope import Scope
from conduitc.ir.nodes import Declaration, SlotSite

TOO_MANY = Rule(
    code="CDT218",
    slug="too-many-routes",
    severity="error",
    message="{what}, which is more than the compiler follows",
    docs=(
        f"An app reaches at most {limits.REACHED:,} declarations through its includes, and groups stand in "
        f"at most {limits.GROUPS} others. A router that is included several times counts as often, so a few "
        "routers that include each other twice make routes without end."
    ),
    bad="""\
from conduit import Conduit, Router

inner = Router()


@inner.get("/")
def index():
    return []


for _ in range(60):
    outer = Router(prefix="/a")
    outer.include(inner)
    inner = outer
app = Conduit()
app.include(inner)
""",
    good="""\
from conduit import Conduit, Router

inner = Router()


@inner.get("/")
def index():
    return []


app = Conduit()
app.include(inner, prefix="/a" * 60)
""",
)


class Place(Struct, frozen=True):
    """A route record as reached through includes: what stands around it."""

    record: Record
    prefix: tuple[Piece, ...]
    via: tuple[Record, ...]
    owners: tuple[Owner, ...]


def reach(
    owner: Owner, prefix: tuple[Piece, ...] = (), via: tuple[Record, ...] = (), owners: tuple[Owner, ...] = ()
) -> Iterator[Place]:
    """Every record of ``owner`` and of what it includes, in the order of declaration.

    Cycles are cut, and what lies deeper than ``limits.GROUPS``.
    """
    owners = (*owners, owner)
    own = (owner.prefix,) if owner.prefix.text else ()
    for record in owner.records:
        yield Place(record, (*prefix, *own), via, owners)
        if not isinstance(record.details, IncludeDetails) or len(owners) > limits.GROUPS:
            continue
        if record.details.router not in owners:
            inner = (*prefix, *own, record.details.prefix)
            yield from reach(record.details.router, inner, (*via, record), owners)


def reached(owner: Owner) -> tuple[list[Place], Diagnostic | None]:
    """As ``reach``, and what is wrong where that is too much."""
    places = list(islice(reach(owner), limits.REACHED + 1))
    deep = (one for one in places if isinstance(one.record.details, IncludeDetails))
    beyond = next((one for one in deep if len(one.owners) > limits.GROUPS), None)
    if len(places) > limits.REACHED:
        included = (places[-1].via or (owner.own,))[0]
        what = f"this leads to more than {limits.REACHED:,} declarations"
        return places[: limits.REACHED], TOO_MANY.at(included.span, what=what)
    if beyond is not None:
        what = f"this is a group in more than {limits.GROUPS} groups"
        return places, TOO_MANY.at(beyond.record.span, what=what)
    return places, None


class Numbering:
    """Slots for every declaring call of the program, and declarations for those that one app reaches."""

    def __init__(self, scopes: list[Scope], owners: list[Owner]) -> None:
        ranks = {scope.name: rank for rank, scope in enumerate(scopes)}
        records = [record for owner in owners for record in (owner.own, *owner.records)]
        sites: dict[int, Record] = {id(record.node): record for record in records}
        ordered = sorted(
            sites.values(), key=lambda one: (ranks[one.scope.name], one.node.lineno, one.node.col_offset)
        )
        self._slots = {id(record.node): slot for slot, record in enumerate(ordered)}
        self._sites: dict[str, list[SlotSite]] = {}
        for slot, record in enumerate(ordered):
            self._sites.setdefault(record.scope.name, []).append(
                SlotSite(slot, record.scope.span(record.node), record.bare)
            )
        self._made: dict[int, Declaration] = {}

    def sites(self, scope: Scope) -> tuple[SlotSite, ...]:
        return tuple(self._sites.get(scope.name, ()))

    def declare(self, records: list[Record], conditional: set[int]) -> tuple[Declaration, ...]:
        """Declarations of ``records``, in execution order; turns are counted among them."""
        turns: dict[int, int] = {}
        made = []
        for record in sorted(records, key=lambda one: one.order):
            slot = self._slots[id(record.node)]
            turn = turns.get(slot, 0)
            turns[slot] = turn + 1
            one = Declaration(
                slot, turn, record.kind, record.key, record.line, record.span,
                record.uncertain or record.order in conditional, (*record.scope.guards(), *record.guards),
            )  # fmt: skip
            self._made[record.order] = one
            made.append(one)
        return tuple(made)

    def of(self, record: Record) -> Declaration:
        return self._made[record.order]
