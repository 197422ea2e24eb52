"""Blocks that are put together meet: what one gives, the next one takes.

In: blocks and pipelines. Out: the same App. Blocks check with ``isinstance``, so an ``int`` does not meet a
``float``; where a type is not known at build time, they are taken to meet.
"""

from collections.abc import Iterator
from itertools import pairwise

from conduitc.diagnostics import Diagnostic, Label, Rule
from conduitc.ir.nodes import App, Block, Pipeline
from conduitc.ir.types import (
    ArrayOf,
    Constrained,
    DictOf,
    External,
    LiteralOf,
    Ref,
    Scalar,
    TupleOf,
    Type,
    UnionOf,
    text,
)

#: What a block takes that starts a pipeline.
NO_OP = External("conduit.blocks.NoOp")
Parts = dict[str, Block | Pipeline]
#: Full names of what each class of the project derives from.
Bases = dict[str, tuple[str, ...]]


def run(app: App) -> tuple[App, tuple[Diagnostic, ...]]:
    parts: Parts = {block.id: block for block in app.blocks}
    parts |= {pipeline.id: pipeline for pipeline in app.pipelines}
    bases = {schema.id: schema.bases for schema in app.schemas}
    found: list[Diagnostic] = []
    for pipeline in app.pipelines:
        if pipeline.kind == "sequence":
            for first, second in pairwise(pipeline.blocks):
                found.extend(_joint(pipeline, first, second, parts, bases))
    return app, tuple(found)


def _joint(pipeline: Pipeline, first: str, second: str, parts: Parts, bases: Bases) -> Iterator[Diagnostic]:
    given = output_of(first, parts)
    for taker in _takers(second, parts):
        if given is None or taker.input is None or meets(given, taker.input, bases):
            continue
        giver = parts[first]
        labels = (
            Label(giver.span, f"gives `{text(given)}`"),
            Label(taker.span, f"takes `{text(taker.input)}`"),
        )
        rule = UNUSED_OUTPUT if taker.input == NO_OP else DO_NOT_MEET
        help_ = (
            f"start a pipeline with `{taker.name}`, or run both side by side: `parallel(...)`"
            if rule is UNUSED_OUTPUT
            else f"put a block between them that takes `{text(given)}` and gives `{text(taker.input)}`"
        )
        yield rule.at(
            pipeline.span,
            labels=labels,
            help=help_,
            first=giver.name,
            second=taker.name,
            given=text(given),
            taken=text(taker.input),
        )


def _takers(id_: str, parts: Parts) -> Iterator[Block]:
    """The blocks that get what is handed to a part: all of a fan-out, the first of a sequence."""
    part = parts.get(id_)
    if isinstance(part, Block):
        yield part
    elif part is not None:
        for inner in part.blocks if part.kind == "parallel" else part.blocks[:1]:
            yield from _takers(inner, parts)


def output_of(id_: str, parts: Parts) -> Type | None:
    """What a part gives; None where that is not known."""
    part = parts.get(id_)
    if part is None:
        return None
    if isinstance(part, Block):
        return part.output
    if part.kind != "parallel":
        return output_of(part.blocks[-1], parts) if part.blocks else None
    outputs = [output_of(one, parts) for one in part.blocks]
    known = tuple(one for one in outputs if one is not None)
    return TupleOf(known) if len(known) == len(outputs) else None


def meets(given: Type, taken: Type, bases: Bases) -> bool:
    """May a value of the one type be an instance of the other?"""
    match given, taken:
        case (Scalar(kind="any"), _) | (_, Scalar(kind="any")):
            return True
        case UnionOf(items=items), _:
            return any(meets(item, taken, bases) for item in items)
        case _, UnionOf(items=items):
            return any(meets(given, item, bases) for item in items)
        case Constrained(base=base), _:
            return meets(base, taken, bases)
        case _, Constrained(base=base):
            return meets(given, base, bases)
        case LiteralOf(values=values), Scalar(kind=kind):
            return any(type(value).__name__ == kind for value in values)
        case Scalar(kind=one), Scalar(kind=other):
            return one == other or (one, other) in {("bool", "int"), ("datetime", "date")}
        case ArrayOf(kind=one, item=item), ArrayOf(kind=other, item=wanted):
            return one == other and meets(item, wanted, bases)
        case TupleOf(items=items), TupleOf(items=wanted):
            return len(items) == len(wanted) and all(
                meets(a, b, bases) for a, b in zip(items, wanted, strict=True)
            )
        case DictOf(key=key, value=value), DictOf(key=key2, value=value2):
            return meets(key, key2, bases) and meets(value, value2, bases)
        case Ref(id=one), Ref(id=other):
            return one == other or other.partition(":")[2] in bases.get(one, ())
        case External(name=one), External(name=other):
            return one == other or not (_is_ours(one) and _is_ours(other))
        case (External(name=name), _) | (_, External(name=name)):
            return not _is_ours(name)
    return not _is_plain(given) or not _is_plain(taken)


def _is_ours(name: str) -> bool:
    """The library's own types: what derives from them is known."""
    return name.startswith("conduit.")


def _is_plain(type_: Type) -> bool:
    return isinstance(type_, Scalar | ArrayOf | TupleOf | DictOf | Ref | LiteralOf)


DO_NOT_MEET = Rule(
    code="CDT470",
    slug="blocks-do-not-meet",
    severity="error",
    message="`{first}` gives `{given}`, and `{second}` takes `{taken}`",
    docs="""A block checks what it is given: in `a >> b` the output of `a` must be an instance of the
input of `b`.""",
    bad="""\
from dataclasses import dataclass

from conduit.blocks import Block

@dataclass
class Page:
    html: str

@dataclass
class Summary:
    title: str

class Read(Block[str, Page]):
    def forward(self, data: str) -> Page:
        return Page(data)

class Send(Block[Summary, str]):
    def forward(self, data: Summary) -> str:
        return data.title

read = Read()
send = Send()
chain = read >> send
""",
    good="""\
from dataclasses import dataclass

from conduit.blocks import Block

@dataclass
class Page:
    html: str

class Read(Block[str, Page]):
    def forward(self, data: str) -> Page:
        return Page(data)

class Send(Block[Page, str]):
    def forward(self, data: Page) -> str:
        return data.html

read = Read()
send = Send()
chain = read >> send
""",
)

UNUSED_OUTPUT = Rule(
    code="CDT471",
    slug="unused-block-output",
    severity="error",
    message="what `{first}` gives (`{given}`) is used by nobody: `{second}` takes nothing",
    docs="""A block that takes `NoOp` starts a pipeline. Behind another block it would be given that
block's output, which it refuses.""",
    bad="""\
from conduit.blocks import FileSystemReadBlock, HttpGetBlock

page = HttpGetBlock("https://example.com")
notes = FileSystemReadBlock("notes.txt")
chain = page >> notes
""",
    good="""\
from conduit.blocks import FileSystemReadBlock, HttpGetBlock, parallel

page = HttpGetBlock("https://example.com")
notes = FileSystemReadBlock("notes.txt")
both = parallel(page, notes)
""",
)
