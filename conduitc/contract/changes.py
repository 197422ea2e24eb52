"""What was promised before, and what is now → a finding for each promise that is broken.

What is taken may become more, what is given may become less: names, descriptions, defaults and order promise
nothing. Places are those of the program as it stands; where a thing stood before is said in words, for that
line may be another one now.
"""

from collections.abc import Iterator

from conduitc.contract import rules
from conduitc.contract.gaps import Gap
from conduitc.contract.groups import GIVEN, TAKEN
from conduitc.contract.offered import Contract, Json, Offered
from conduitc.contract.places import Successors
from conduitc.contract.subset import gaps
from conduitc.contract.words import given, place, taken
from conduitc.diagnostics import Diagnostic
from conduitc.ir.mirrors import mirrors
from conduitc.passes.json_schema import faults
from conduitc.span import Span

#: What the argument of a prompt or a variable of a URI comes as.
_TEXT = {"type": "string"}
_SAID: Json = {"type": ["array", "boolean", "number", "object", "string"]}
_ALL = "what the app offers by MCP"
_NOTHING: Json = {"type": "object", "properties": {}}
#: Of an argument as such, not of what it says.
_NAMED = frozenset({"required", "member"})


def compare(before: Contract, now: Contract, source: str) -> tuple[Diagnostic, ...]:
    """The findings, by place. ``source`` is what the old contract is called where its places are named."""
    if before.transport is None:
        return ()  # nobody could know it
    if now.transport is None:
        return (
            rules.ACCESS.at(
                now.span, what=_ALL, why="is not offered any more", help="call `app.enable_mcp()`"
            ),
        )
    found = [*_door(before, now)]
    next_ = Successors(before, now)
    for old in before.offered:
        new = next_.of(old)
        found += _gone(old, next_, now, source) if not new else _least(old, new, source)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.span, one.rule.code, one.message)))


def _door(before: Contract, now: Contract) -> Iterator[Diagnostic]:
    """Pipes are always open: only HTTP has an address."""
    if before.transport == "stdio":
        return
    if now.token and not before.token:
        yield rules.ACCESS.at(
            now.span, what=_ALL, why="asks for a token now", help="offer it beside the old one"
        )
    if now.transport != before.transport:
        why = f"is offered over `{now.transport}` now, and was over `{before.transport}`"
        yield rules.ACCESS.at(now.span, what=_ALL, why=why, help=f'`transport="{before.transport}"` keeps it')
    elif now.path != before.path:
        why = f"stands at `{now.path}` now, and stood at `{before.path}`"
        yield rules.ACCESS.at(now.span, what=_ALL, why=why, help=f'`path="{before.path}"` keeps it')


def _gone(old: Offered, next_: Successors, now: Contract, source: str) -> list[Diagnostic]:
    new = next_.renamed(old)
    if new is None:
        help_ = "offer it again, if only to say what to use instead"
        return [rules.GONE.at(now.span, what=old.text, instead="", help=_said(help_, old.span, source))]
    instead = f": it is `{new.name}` now"
    keyword = "uri" if old.kind == "resource" else "name"
    help_ = f"keep the old name (`{keyword}=`), or offer both"
    return [rules.GONE.at(new.span, what=old.text, instead=instead, help=_said(help_, old.span, source))]


def _least(old: Offered, new: list[Offered], source: str) -> list[Diagnostic]:
    """Findings on the best of several of one name, which stand under conditions."""
    return min(([*_changed(old, one, source)] for one in new), key=len)


def _changed(old: Offered, new: Offered, source: str) -> Iterator[Diagnostic]:
    if any(faults(new.takes)):
        return  # the tools pass has said so
    for gap in _inputs(old, new):
        span = new.arguments.get(gap.where[0], new.span) if gap.where else new.span
        yield _of_input(gap, old, span, source)
    if old.gives:
        yield from _outputs(old, new, source)
    if old.media_type and new.media_type and old.media_type != new.media_type:
        yield rules.GIVES.at(
            new.answer,
            where="",
            what=old.text,
            why=f"is `{new.media_type}` now, and was `{old.media_type}`",
            help=_said(f'`media_type="{old.media_type}"` keeps it', old.span, source),
        )
    yield from _headers(old, new, source)
    if more := sorted(set(new.scopes) - set(old.scopes)):
        why = f"asks for tokens with {' and '.join(f'`{one}`' for one in more)} now"
        yield rules.ACCESS.at(
            new.span, what=old.text, why=why, help=_said("offer it beside the old one", old.span, source)
        )


def _inputs(old: Offered, new: Offered) -> list[Gap]:
    if old.kind == "tool":
        return gaps(old.takes, new.takes, TAKEN)
    found = gaps(_spoken(old.takes or _NOTHING), new.takes or _NOTHING, TAKEN)
    if old.kind == "resource":  # a URI always says all of its variables
        found = [gap for gap in found if gap.keyword != "required"]
    return [gap for gap in found if gap.keyword in _NAMED or not _any_text(new, gap.where[:1])]


def _spoken(takes: Json) -> Json:
    """What text can say: never null."""
    properties = takes.get("properties")
    if not isinstance(properties, dict):
        return takes
    return {**takes, "properties": {name: {"allOf": [one, _SAID]} for name, one in properties.items()}}


def _any_text(new: Offered, where: tuple[str, ...]) -> bool:
    """Does an argument that comes as text let in any?"""
    properties = new.takes.get("properties")
    if not where or not isinstance(properties, dict) or where[0] not in properties:
        return False
    return not gaps(_TEXT, {**properties[where[0]], "$defs": new.takes.get("$defs", {})})


def _of_input(gap: Gap, old: Offered, span: Span, source: str) -> Diagnostic:
    where = f"`{place(gap)}` of " if gap.where else ""
    if not gap.sure:
        return _unsure(gap, f"{where}{old.text} still takes", span, old, source)
    if gap.keyword == "required":
        help_ = "let it be left out: give it a default"
        return rules.REQUIRED.at(span, what=old.text, place=place(gap), help=_said(help_, old.span, source))
    if gap.keyword == "member":
        help_ = "go on taking it, even if nobody looks at it"
    else:
        help_ = "take what was taken before, and raise `ToolError` for what makes no sense any more"
    return rules.TAKES.at(
        span, where=where, what=old.text, why=taken(gap), help=_said(help_, old.span, source)
    )


def _outputs(old: Offered, new: Offered, source: str) -> Iterator[Diagnostic]:
    if not new.gives:
        help_ = "say its type: `-> ...`"
        why = "has no schema any more"
        yield rules.GIVES.at(
            new.answer, where="", what=old.text, why=why, help=_said(help_, old.span, source)
        )
        return
    for gap in gaps(new.gives, old.gives, GIVEN):
        where = f"`{place(gap)}` of " if gap.where else ""
        if not gap.sure:
            yield _unsure(gap, f"{where}what {old.text} gives still fits", new.answer, old, source)
            continue
        help_ = "give what was given before, or offer a second tool beside it"
        yield rules.GIVES.at(
            new.answer, where=where, what=old.text, why=given(gap), help=_said(help_, old.span, source)
        )


def _unsure(gap: Gap, what: str, span: Span, old: Offered, source: str) -> Diagnostic:
    help_ = _said("look at it yourself", old.span, source)
    return rules.UNSURE.at(span, what=what, keyword=gap.keyword, help=help_)


def _headers(old: Offered, new: Offered, source: str) -> Iterator[Diagnostic]:
    """An argument that is wanted in a header, too: older clients do not send it there."""
    before, now = (
        {path: name for name, path in mirrors(one.takes)} if one.kind == "tool" else {} for one in (old, new)
    )
    for path, name in now.items():
        if _has(old.takes, path) and before.get(path) != name:
            why = f"must stand in the header `{name.title()}`, too"
            yield rules.HEADER.at(
                new.arguments.get(path[0], new.span),
                what=old.text,
                place=".".join(path),
                why=why,
                help=_said("leave the header as it was, or offer a second tool", old.span, source),
            )


def _has(schema: object, path: tuple[str, ...]) -> bool:
    for name in path:
        properties = schema.get("properties") if isinstance(schema, dict) else None
        schema = properties.get(name) if isinstance(properties, dict) else None
    return schema is not None


def _said(help_: str, span: Span, source: str) -> str:
    """With the old place, where it is known."""
    return f"{help_}; in {source} it stood at {span}" if span.file else help_
