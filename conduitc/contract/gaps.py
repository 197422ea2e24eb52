"""What one schema lets in and another does not, as a list of *gaps*."""

from msgspec import Struct

Where = tuple[str, ...]
#: Stands in a place for any member, any item.
ANY = "*"


class Gap(Struct, frozen=True):
    """A place where schema *a* lets in what *b* does not.

    ``keyword`` says in what they differ; ``a`` and ``b`` what each lets in there, in words. ``sure`` is false
    where it cannot be told.
    """

    where: Where
    keyword: str
    a: str = ""
    b: str = ""
    sure: bool = True


def unsure(where: Where, keyword: str) -> Gap:
    """Nobody can tell because of this keyword."""
    return Gap(where, keyword, sure=False)


def merged(found: list[Gap]) -> list[Gap]:
    """Each place and keyword once, what is certain first; where kinds of values differ, that says it all."""
    first: dict[tuple[Where, str], Gap] = {}
    for one in sorted(found, key=lambda gap: not gap.sure):
        first.setdefault((one.where, one.keyword), one)
    other = [where for where, keyword in first if keyword == "type"]
    return [
        one
        for one in first.values()
        if one.keyword in ("type", "required", "member")
        or not any(one.where[: len(where)] == where for where in other)
    ]
