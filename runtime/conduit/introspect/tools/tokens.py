"""Text → how many tokens a model's tokenizer makes of it at most, without having one.

Tokenizers differ in their vocabulary, not in where they cut: between words and marks, between letters and
digits. So what is counted is pieces: up to four letters of a word (five with its capital), one digit, slash,
comma, colon or end of a line, a run of blanks; three quarters for any other mark, as many join their
neighbour; two for a letter beyond ASCII, three or four for a sign there, which is what vocabularies of bytes
fall back to. A test holds it against a vocabulary of 32,000 pieces, which needs more tokens than those of
today's models. Letters in random order take more than is counted here; that is no text of a code base, and
the scanner for secrets takes it out.
"""

from __future__ import annotations

import re

#: Of one answer, and of a file for an assistant.
MOST = 1500

_PIECES = re.compile(r"[A-Z]?[a-z]{1,4}|[A-Z]{1,4}|[0-9/:,\n]|  +")
_NO_MARK = bytes(one for one in range(128) if chr(one).isalnum() or chr(one) in " /:,\n")
_BEYOND = bytes(range(128, 256))
#: Counts are kept in quarters of a token, so that they add up.
PIECE, MARK = 4, 3


def quarters(text: str) -> int:
    """Four times the number of tokens; that of a whole is the sum of its parts."""
    found = len(_PIECES.findall(text)) * PIECE
    data = text.encode("utf-8", "replace")
    if len(data) != len(text):
        beyond = [one for one in text if one > "\x7f"]
        found += PIECE * sum(2 if one.isalpha() else 3 + (one > "\uffff") for one in beyond)
        data = data.translate(None, _BEYOND)
    return found + len(data.translate(None, _NO_MARK)) * MARK


def tokens(text: str) -> int:
    """At most so many tokens."""
    return -(-quarters(text) // 4)
