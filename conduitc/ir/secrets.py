"""Text in → is there a secret in it, and the text without it (and without the names of users' folders).

Everything that the compiler writes about a program passes here. What is looked for: keys of known shape,
PEM blocks, JSON web tokens, credentials in URLs, values given to names such as ``password``, and strings that
look random. A false alarm costs a default or a word of documentation; a miss is published.
"""

import re
from itertools import pairwise

REDACTED = "[redacted]"

#: Tokens whose shape alone gives them away.
_SHAPES = re.compile(
    r"""
      \b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b                                # AWS
    | \b(?:sk|pk|rk)[-_](?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}                  # OpenAI, Anthropic, Stripe
    | \bwhsec_[A-Za-z0-9+/=]{20,}
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{11,} | \bxapp-\d-[A-Z0-9]+-\d+-[0-9a-f]{16,}  # Slack
    | (?:hooks\.slack\.com/services|discord(?:app)?\.com/api/webhooks)/[\w/-]{20,}
    | \b[MNO][A-Za-z0-9_-]{22,27}\.[\w-]{6}\.[\w-]{27,}                     # Discord
    | \b\d{8,10}:AA[\w-]{32,}                                              # Telegram
    | \bAIza[\w-]{30,} | \bya29\.[\w-]{20,} | \bGOCSPX-[\w-]{20,}         # Google
    | \bhf_[A-Za-z0-9]{20,} | \bnpm_[A-Za-z0-9]{20,} | \bpypi-[\w-]{20,}
    | \bdop_v1_[0-9a-f]{32,} | \bSG\.[\w-]{16,}\.[\w-]{16,} | \brpa_[A-Za-z0-9]{20,}
    | \b(?:AC|SK)[0-9a-f]{32}\b | \bkey-[0-9a-f]{32}\b | \bdapi[0-9a-f]{32}\b  # Twilio, Mailgun, Databricks
    | \bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32} | \bsq0(?:atp|csp)-[\w-]{22,} | \bhvs\.[\w-]{24,}
    | \blin_api_\w{32,} | \bAGE-SECRET-KEY-1[0-9A-Z]{50,}
    | \b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}
    | (?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}                             # Azure
    | \beyJ[\w-]{13,}\.[\w-]{8,}\.[\w-]*                                   # JSON web token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY(?:\ BLOCK)?-----(?:.*?-----END\ [A-Z ]*-----|.*)
    """,
    re.VERBOSE | re.DOTALL,
)
_URL = re.compile(r"(?<=://)[^\s/:@'\"]*:(?![{<$%*])[^\s/@'\"]+(?=@)")
_CONTEXT = re.compile(
    r"""
    (?P<name>pass(?:word|wd|phrase|code)|pwd|secret|token|credential
            |(?:api|access|account|private|signing|encryption|shared|master|client)[_-]?key)
    (?:['"]|\b)?\s*(?P<sign>=|:|\bis\b)\s*(?P<quote>['"]?)(?P<value>[^\s'",;&)\]}]{4,})
    | \b(?:bearer|basic)\s+(?P<header>[A-Za-z0-9+/=._~-]{12,})
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: Without one of these, and without a run of so many characters, none of the above is possible.
_WORDS = ("pass", "pwd", "secret", "token", "credential", "key", "bearer", "basic", "://", "-----begin")
_SHORTEST = 16
#: Not what is said to be data or a digest.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?<!base64,)(?<!sha(?:256|384|512):)(?!sha(?:256|384|512)-)[A-Za-z0-9+/_=-]{20,}"
)
#: Hashes of commits and files are everywhere; as secrets they have a name.
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: The home folder of somebody; its name is nobody's business.
_HOME = re.compile(r"(?:/(?:home|Users)/[^\s/'\"]+|/root|[A-Za-z]:\\Users\\[^\s\\'\"]+)(?=[/\\])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: What stands after ``password=`` without being one: placeholders, types, expressions.
_HARMLESS = re.compile(
    r"[<{$*%.\[(]|(?:none|true|false|null|str|bytes|int|optional|string|required|field|changeme)\b|.*[(\[]|os\.",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)*")
#: One in so many characters changes its kind in a random string; words and numbers joined change far less.
_RESTLESS = 0.24
#: So many characters tell.
_SAMPLE = 1_000


def is_secret(text: str, name: str = "") -> bool:
    """Does ``text`` hold a secret? ``name`` is what it is assigned to: ``password`` needs no random value."""
    return bool(_spans(text)) or (bool(name) and bool(text) and bool(_spans(f"{name}={text}")))


def is_key(text: str) -> bool:
    """Does ``text`` hold a secret of known shape, whatever else looks random?"""
    return _possible(text) and bool(_SHAPES.search(text) or _URL.search(text))


def held(value: object, name: str = "") -> bool:
    """Does a constant, or what it is made of, hold a secret? The keys of dictionaries are names."""
    if isinstance(value, str):
        return is_secret(value, name)
    if isinstance(value, bytes):
        return is_secret(value.decode("latin-1"), name)
    if isinstance(value, dict):
        return any(held(key) or held(one, key if isinstance(key, str) else "") for key, one in value.items())
    return isinstance(value, list | tuple) and any(held(one, name) for one in value)


def redact_within(value: object) -> object:
    """JSON material with the secrets in its strings and keys redacted."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact_within(key): redact_within(one) for key, one in value.items()}
    return [redact_within(one) for one in value] if isinstance(value, list | tuple) else value


def redact(text: str) -> str:
    """``text`` with every secret and home folder in it replaced by ``[redacted]``."""
    found = _spans(text)
    if "/" in text or "\\" in text:
        found += [match.span() for match in _HOME.finditer(text)]
    if not found:
        return text
    parts, end = [], 0
    for start, stop in sorted(found):
        if start >= end:
            parts += [text[end:start], REDACTED]
        end = max(end, stop)
    return "".join([*parts, text[end:]])


def masked(text: str) -> str:
    """``text`` with every character of a secret in it replaced by ``*``, so that columns stay."""
    return _starred(text, _spans(text))


def masked_line(line: str) -> str:
    """As ``masked``, for a line of source."""
    return _starred(line, _in_code(line))


def _starred(text: str, spans: list[tuple[int, int]]) -> str:
    for start, stop in spans:
        text = text[:start] + "*" * (stop - start) + text[stop:]
    return text


def places(source: str) -> list[tuple[int, int]]:
    """Line and column, from 1, where a secret begins in a source file; column 1 where it goes on."""
    found = [
        (number, start + 1)
        for number, line in enumerate(source.split("\n"), 1)
        if _possible(line)
        for start, _ in _in_code(line)
    ]
    if "PRIVATE KEY" in source:
        for match in _SHAPES.finditer(source):
            line = source.count("\n", 0, match.start()) + 1
            found += [(line + more, 1) for more in range(1, match[0].count("\n") + 1)]
    return sorted(dict(sorted(found, reverse=True)).items())


def _in_code(line: str) -> list[tuple[int, int]]:
    """As ``_spans``, less names: ``password=form.password`` gives nothing away, a comment or string may."""
    return [
        (start, stop)
        for start, stop in _spans(line)
        if not _NAME.fullmatch(line, start, stop) or "#" in line[:start] or line[start - 1] in "'\""
    ]


def _spans(text: str) -> list[tuple[int, int]]:
    if not _possible(text):
        return []
    found = [match.span() for match in _SHAPES.finditer(text)]
    if "://" in text:
        found += [match.span() for match in _URL.finditer(text)]
    found += [span for match in _CONTEXT.finditer(text) if (span := _in_context(match))]
    found += [match.span() for match in _TOKEN.finditer(text) if _random(match[0])]
    return found


def _possible(text: str) -> bool:
    """A quick look that clears nearly all text: no telling word, and nothing long without a blank."""
    lowered = text.lower()
    for word in _WORDS:  # a loop costs half of what any() with a generator does
        if word in lowered:
            return True
    return max(map(len, text.split()), default=0) >= _SHORTEST


def _in_context(match: re.Match[str]) -> tuple[int, int] | None:
    """The value after ``password=`` or ``Bearer``; prose (``token: the caller's``) is left alone."""
    if match["header"] is not None:
        restless = _random(match["header"]) or any(c.isdigit() for c in match["header"])
        return match.span("header") if restless else None
    value = match["value"]
    if _HARMLESS.match(value):
        return None
    telling = match["sign"] == "=" or match["quote"] or (len(value) >= 6 and not value.strip(".").isalpha())
    return match.span("value") if telling else None


def _random(token: str) -> bool:
    """Does ``token`` change between lower case, upper case and digits as only random text does?

    ``Qwen3-4B-Instruct-2507-FP8`` and ``sha256_of_file`` do not, a base64 key or a hexadecimal digest does.
    A capital before a small letter is how words begin and does not count.
    """
    token = token[:_SAMPLE]
    if _UUID.fullmatch(token) or _DIGEST.fullmatch(token) or not any(c.isdigit() for c in token):
        return False
    changes = sum(
        1
        for a, b in pairwise(token)
        if a.isalnum() and b.isalnum() and _kind(a) != _kind(b) and not (a.isupper() and b.islower())
    )
    return changes >= 4 and changes / len(token) >= _RESTLESS


def _kind(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.isupper() else 2
