"""What a person may choose about a build, the target aside."""

from msgspec import Struct


class Options(Struct, frozen=True):
    """All of it is written into the build's mark, so another choice is another build.

    ``fold``: answer constant handlers from bytes made at build time. ``lazy``: import route groups when they
    are first asked for. ``strip``: leave docs and comments out, and places out of the metadata. ``typed``:
    compile numeric loops (Cython target).
    """

    fold: bool = True
    lazy: bool = False
    strip: bool = False
    typed: bool = True


#: Nothing chosen.
PLAIN = Options()
