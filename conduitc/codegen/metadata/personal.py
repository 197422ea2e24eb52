"""Text in → where personal data stands in it: e-mail addresses; telephone, card, account, identity numbers.

Numbers count only where their own check digits or their usual punctuation say what they are: versions, dates,
prices, ports and ids stay.
"""

import re
from collections.abc import Callable, Iterator

Found = tuple[int, int]

#: None of the below is possible without ``@`` between two words, or two digits that are not far apart. To
#: begin with a set of characters makes the search four times as fast.
_POSSIBLE = re.compile(r"[@\d](?:(?<=\w@)\w|(?<=\d)\d|(?<=\d)[ -]\d)")
#: Only where a word begins, or a long one would be read from each of its characters.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
#: ``+49 30 1234567``, ``(555) 123-4567``, ``555-123-4567``; a bare run of digits is a telephone number where
#: it is called so.
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d[\d ()/.-]{7,18}\d|\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[-.]\d{3}[-.]\d{4})(?!\w)"
)
_CALLED = re.compile(r"(?:hone|\b[Tt]el|\b[Ff]ax|obile)[.:]? (\d[\d /-]{5,14}\d)\b")
_SOCIAL = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
#: Of Britain's social insurance, and Italy's of a person: their letters say enough.
_LETTERED = re.compile(
    r"\b(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"
    r"|[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z])\b"
)
_CARD = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])")
#: What cards of the world begin with, for their lengths: a time in milliseconds is none.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35\d{14}|62\d{14,17}"
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_BRAZIL = re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])")
_SPAIN = re.compile(r"\b[XYZ\d]\d{7}-?[A-Z]\b")
_INDIA = re.compile(r"(?<![\w-])[2-9]\d{3} \d{4} \d{4}(?![\w-]| \d)")
_CHINA = re.compile(r"(?<!\w)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\w)")


def spans(text: str) -> list[Found]:
    """In order of kind; they may overlap."""
    return list(_spans(text)) if _POSSIBLE.search(text) else []


def _spans(text: str) -> Iterator[Found]:
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))
    for pattern in (_PHONE, _SOCIAL, _LETTERED):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _CALLED.finditer(text):
        yield match.span(1)
    for pattern, holds in _CHECKED:
        yield from (match.span() for match in pattern.finditer(text) if holds(match[0]))


def _digits(text: str) -> list[int]:
    return [int(one) for one in text if one.isdecimal()]


def _card(text: str) -> bool:
    """Luhn: every second digit from the right doubled, the sum of digits divisible by ten."""
    digits = _digits(text)[::-1]
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(digits)]
    return _ISSUED.fullmatch("".join(map(str, digits[::-1]))) is not None and sum(doubled) % 10 == 0


def _account(text: str) -> bool:
    """IBAN, ISO 13616: country and check digits moved to the end, letters as numbers, modulo 97 is 1."""
    plain = text.replace(" ", "")
    return len(plain) >= 15 and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _brazil(text: str) -> bool:
    """CPF: two check digits, each a weighted sum modulo 11."""
    digits = _digits(text)
    sums = [sum(d * (n + 1 - i) for i, d in enumerate(digits[:n])) * 10 % 11 % 10 for n in (9, 10)]
    return len(set(digits)) > 1 and sums == digits[9:]


def _spain(text: str) -> bool:
    """DNI and NIE: the letter is that of the number modulo 23."""
    plain = text.replace("-", "")
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


def _china(text: str) -> bool:
    """GB 11643: weights 2**(17 - i), modulo 11."""
    total = sum(int(one) * 2 ** (17 - i) for i, one in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17]


def _india(text: str) -> bool:
    """Aadhaar, by Verhoeff: permuted digits multiplied in the dihedral group of ten."""
    total = 0
    for place, digit in enumerate(reversed(_digits(text))):
        for _ in range(place % 8):
            digit = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit]
        total = _dihedral(total, digit)
    return total == 0


def _dihedral(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 + (0 if b < 5 else 5)
    return (a - b) % 5 + (5 if b < 5 else 0)


_CHECKED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_CARD, _card),
    (_ACCOUNT, _account),
    (_BRAZIL, _brazil),
    (_SPAIN, _spain),
    (_CHINA, _china),
    (_INDIA, _india),
)
