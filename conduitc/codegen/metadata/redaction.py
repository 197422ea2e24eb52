"""A person's words (docstrings, comments, messages) in → the same without what must not be published.

That is secrets, home folders and personal data: e-mail addresses, telephone, card, bank account and identity
numbers. Numbers are only taken where their own check digits or their usual punctuation say what they are:
versions, dates and sizes stay.
"""

import re

from conduitc.ir import secrets

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
#: ``+49 30 1234567``, ``(555) 123-4567``, ``555-123-4567``; a bare run of digits is no telephone number.
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d[\d ()/.-]{7,18}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?![\w])"
)
_IDENTITY = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
#: None of the above is possible without ``@``, three digits or two apart. To begin with a set of characters
#: makes the search four times as fast.
_POSSIBLE = re.compile(r"[@\d](?:(?<=@)|\d\d|[ -]\d)")


def redact(text: str) -> str:
    """``text`` with what must not be published replaced by ``[redacted]``."""
    text = secrets.redact(text)
    if not _POSSIBLE.search(text):
        return text
    text = _EMAIL.sub(secrets.REDACTED, text)
    text = _ACCOUNT.sub(lambda match: _if(_account(match[0]), match[0]), text)
    text = _CARD.sub(lambda match: _if(_card(match[0]), match[0]), text)
    text = _IDENTITY.sub(secrets.REDACTED, text)
    return _PHONE.sub(secrets.REDACTED, text)


def _if(found: bool, text: str) -> str:
    return secrets.REDACTED if found else text


def _card(text: str) -> bool:
    """Luhn: every second digit from the right doubled, the sum of digits divisible by ten."""
    digits = [int(c) for c in reversed(text) if c.isdigit()]
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)]
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _account(text: str) -> bool:
    """IBAN, ISO 13616: country and check digits moved to the end, letters as numbers, modulo 97 is 1."""
    plain = text.replace(" ", "")
    return len(plain) >= 15 and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
