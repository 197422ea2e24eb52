"""What a person may choose about a build, the target aside."""

from msgspec import Struct


class Options(Struct, frozen=True):
    """All of it is written into the build's mark, so another choice is another build.

    ``fold``: answer constant handlers from bytes made at build time.
    """

    fold: bool = True


#: Nothing chosen.
PLAIN = Options()
