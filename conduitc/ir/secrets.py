"""Text in → is there a secret in it, and the text without it (and without the names of users' folders).

Everything that the compiler writes about a program passes here. What is looked for: keys of known shape,
PEM blocks, JSON web tokens, credentials in URLs, values given to names such as ``password``, and strings that
look random. A false alarm costs a default or a word of documentation; a miss is published.
"""

import re
from base64 import b64decode

REDACTED = "[redacted]"

#: Tokens whose shape alone gives them away. What all share, the beginning of a word, stands before the
#: alternatives, and each begins with a letter: the engine is ten times as fast at places where none begins.
_SHAPES = re.compile(
    r"""
      \b(?:
      A[KSBC][IC]A[0-9A-Z]{16}\b                                            # AWS
    | [spr]k_(?:live|test|prod)_[A-Za-z0-9]{16,}                            # Stripe
    | [spr]k[-_](?=[A-Za-z_-]{0,80}\d)[A-Za-z0-9_-]{16,}                    # OpenAI, Anthropic, Stripe
    | whsec_[A-Za-z0-9+/=]{20,}
    | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_\w{20,}
    | gl(?:pat|dt|rt|ft|cbt|ptt|soat|oas|imt|agent)-[\w-]{16,}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?  # GitLab
    | xox[abeoprs]-[A-Za-z0-9-]{11,}                                        # Slack
    | xapp-\d-[A-Z0-9]+-\d+-[0-9a-f]{16,}
    | hooks\.slack\.com/services/[\w/-]{20,} | discord(?:app)?\.com/api/webhooks/[\w/-]{20,}
    | [MNO][A-Za-z0-9_-]{22,27}\.[\w-]{6}\.[\w-]{27,}                     # Discord
    | [0-9]{8,10}:AA[\w-]{32,}                                             # Telegram
    | AIza[\w-]{30,} | ya29\.[\w-]{20,} | GOCSPX-[\w-]{20,}                # Google
    | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{20,} | pypi-[\w-]{20,}
    | dop_v1_[0-9a-f]{32,} | SG\.[\w-]{16,}\.[\w-]{16,} | rpa_[A-Za-z0-9]{20,}
    | [AS][CK][0-9a-f]{32}\b | key-[0-9a-f]{32}\b | dapi[0-9a-f]{32}\b      # Twilio, Mailgun, Databricks
    | shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32} | sq0(?:atp|csp)-[\w-]{22,} | hvs\.[\w-]{24,}
    | lin_api_\w{32,} | AGE-SECRET-KEY-1[0-9A-Z]{50,}
    | AccountKey=[A-Za-z0-9+/]{40,} | SharedAccessKey=[A-Za-z0-9+/]{40,}
    | eyJ(?<![\w-]eyJ)[\w-]{13,}\.[\w-]{8,}\.[\w-]*                        # JSON web token
    )
    """,
    re.VERBOSE,
)
_AZURE = re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:.*?-----END [A-Z ]*-----|.*)", re.DOTALL)
_BEGIN = "-----BEGIN"
#: All of these but PEM blocks stand in one word.
_LONG = re.compile(r"\S{16,}")
_URL = re.compile(r"(?<=://)[^\s/:@'\"]*:(?![{<$%*])[^\s/'\"]+(?=@)")
#: Both are searched in small letters: what begins with one of few characters is found several times as fast.
_NAMED = re.compile(
    r"""
    (?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential
      |api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key
      |shared[_-]?key|master[_-]?key|client[_-]?key)
    (?:['"]|\b)?\s*(?P<sign>=|:|\bis\b)\s*(?P<quote>['"]?)(?P<value>[^\s'",;&)\]}]{4,})
    """,
    re.VERBOSE,
)
_HEADER = re.compile(r"b(?<!\wb)(?:earer|asic)\s+(?P<header>[a-z0-9+/=._~-]{12,})")
#: Without one of these no name and no header, and, but for long words, nothing at all.
_WORDS = ("pass", "pwd", "secret", "token", "credential", "key", "bearer", "basic")
#: The one character that is longer in small letters.
_DOTTED = "\u0130"
_SHORTEST, _TELLING = 16, 20
#: A value in quotes goes on to the next one, unless that is far. What is repeated must be no common word.
_QUOTED, _DISTINCT = 200, 8
#: With more secrets than this in one text, what is repeated of each is not looked for.
_FEW = 50
#: Not what is said to be data or a digest.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?<!base64,)(?<!sha(?:256|384|512):)(?!sha(?:256|384|512)-)[A-Za-z0-9+/_=-]{20,}"
)
#: Hashes of commits and files are everywhere; as secrets they have a name.
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
#: The home folder of somebody; its name is nobody's business.
_HOME = re.compile(r"(?:/(?:home|Users)/[^\s/'\"]+|/root|[A-Za-z]:\\Users\\[^\s\\'\"]+)(?=[/\\])")
_HOMES = ("/home/", "/Users/", "/root", "\\Users\\")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: What stands after ``password=`` without being one: placeholders, types, expressions.
_HARMLESS = re.compile(
    r"[<{$*%.\[(]|(?:none|true|false|null|str|bytes|int|optional|string|required|field|changeme)\b|.*[(\[]|os\."
    r"|\d+(?:\.\d+)?e[+-]?\d+\b|\d+\.\d+\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_]+(?:\.[A-Za-z_]+)*")
#: One in so many characters changes its kind in a random string; words and numbers joined change far less.
_RESTLESS = 0.24
_CHANGE = re.compile(r"[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])")
_DIGIT = re.compile(r"[0-9]")
#: What a long random string has, and which share of it at most looks like words.
_KINDS = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9+]"))
_WORDLIKE = re.compile(r"[A-Z]?[a-z]{4,}|[A-Z]{4,}|[0-9]{4,}")
_WORDY, _LONG_ENOUGH = 0.34, 30
#: So many characters tell.
_SAMPLE = 1_000


def is_secret(text: str, name: str = "") -> bool:
    """Does ``text`` hold a secret? ``name`` is what it is assigned to: ``password`` needs no random value."""
    return bool(_spans(text)) or (bool(name) and bool(text) and _is_value(name, text))


def _is_value(name: str, text: str) -> bool:
    """Does ``name`` say that ``text`` is a secret? All else is told by ``text`` alone."""
    if not _named(name.lower()):
        return False
    whole = f"{name}={text}".replace(_DOTTED, "I")
    return any(_given(match, whole) for match in _NAMED.finditer(whole.lower()))


def is_key(text: str) -> bool:
    """Does ``text`` hold a secret of known shape, whatever else looks random?"""
    return bool(keys(text))


def keys(text: str) -> list[str]:
    """The secrets of known shape in ``text``."""
    spans = _shaped(text, random=False)
    if "://" in text:
        spans += [match.span() for match in _URL.finditer(text)]
    return [text[start:stop] for start, stop in spans]


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


def found(text: str) -> list[str]:
    """The secrets in ``text``."""
    return [text[start:stop] for start, stop in _spans(text)]


def redact(text: str) -> str:
    """``text`` with every secret and home folder in it replaced by ``[redacted]``."""
    found = _spans(text)
    if any(sign in text for sign in _HOMES):
        found += [match.span() for match in _HOME.finditer(text)]
    return without(text, found) if found else text


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """``text`` with these places in it replaced by ``[redacted]``."""
    parts, end = [], 0
    for start, stop in sorted(spans):
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
    parts, end = [], 0
    for start, stop in sorted(spans):
        parts += [text[end:start], "*" * (stop - max(start, end))]
        end = max(end, stop)
    return "".join([*parts, text[end:]]) if parts else text


def places(source: str) -> list[tuple[int, int]]:
    """Line and column, from 1, where a secret begins in a source file; column 1 where it goes on."""
    found = [
        (number, start + 1)
        for number, line in enumerate(source.split("\n"), 1)
        for start, _ in _in_code(line)
    ]
    if _BEGIN in source:
        line, before = 1, 0
        for match in _PEM.finditer(source):
            line += source.count("\n", before, match.start())
            lines = match[0].count("\n")
            found += [(line + more, 1) for more in range(1, lines + 1)]
            line, before = line + lines, match.end()
    return sorted(dict(sorted(found, reverse=True)).items())


def _in_code(line: str) -> list[tuple[int, int]]:
    """As ``_spans``, less names: ``password=form.password`` gives nothing away, a comment or string may."""
    return [
        (start, stop)
        for start, stop in _spans(line)
        if not _NAME.fullmatch(line, start, stop) or "#" in line[:start] or line[start - 1] in "'\""
    ]


def _spans(text: str) -> list[tuple[int, int]]:
    found = _shaped(text)
    if "://" in text:
        found += [match.span() for match in _URL.finditer(text)]
    lowered = text.lower()
    if _named(lowered):
        if len(lowered) != len(text):
            lowered = text.replace(_DOTTED, "I").lower()
        found += [span for match in _NAMED.finditer(lowered) if (span := _given(match, text))]
        found += [span for match in _HEADER.finditer(lowered) if (span := _header(match, text))]
    return found + _repeated(text, found) if found else found


def _repeated(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the same stands once more, without what gave it away."""
    again: list[tuple[int, int]] = []
    if len(found) > _FEW:
        return again
    for secret in {text[start:stop] for start, stop in found}:
        if len(secret) >= _DISTINCT and not _NAME.fullmatch(secret) and text.count(secret) > 1:
            again += [match.span() for match in re.finditer(re.escape(secret), text)]
    return again


def _shaped(text: str, *, random: bool = True) -> list[tuple[int, int]]:
    """Keys of known shape, and what looks random. Prose has few long words, so it is mostly skipped."""
    if len(text) < _SHORTEST:
        return []
    found = [match.span() for match in _PEM.finditer(text)] if _BEGIN in text else []
    if max(map(len, text.split()), default=0) < _SHORTEST:
        return found
    for word in _LONG.finditer(text):
        start, stop = word.span()
        found += [match.span() for match in _SHAPES.finditer(text, start, stop)]
        if "Q~" in word[0]:
            found += [match.span() for match in _AZURE.finditer(text, start, stop)]
        if random and stop - start >= _TELLING:
            found += [match.span() for match in _TOKEN.finditer(text, start, stop) if _random(match[0])]
    return found


def _named(lowered: str) -> bool:
    """A quick look that clears nearly all text of names; a loop costs half of what any() does."""
    for word in _WORDS:  # noqa: SIM110
        if word in lowered:
            return True
    return False


def _header(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """What stands after ``Bearer`` or ``Basic``, unless it is a word."""
    header = text[match.start("header") : match.end("header")]
    telling = any(c.isdigit() for c in header) or _random(header) or _is_login(header)
    return match.span("header") if telling else None


def _given(match: re.Match[str], text: str) -> tuple[int, int] | None:
    """The value after ``password=``; prose (``token: the caller's``) is left alone."""
    start, stop = match.span("value")
    value, sign, quote = text[start:stop], match["sign"], match["quote"]
    if _HARMLESS.match(value):
        return None
    if not quote and _NAME.fullmatch(value) and ("." in value or text[stop : stop + 1] in {",", ")"}):
        return None  # a variable that is handed on
    if quote:
        return start, max(stop, text.find(quote, stop, stop + _QUOTED))
    plain = value.strip(".").replace("-", "") if sign == "is" else value.strip(".")
    return (start, stop) if sign == "=" or (len(value) >= 6 and not plain.isalpha()) else None


def _is_login(header: str) -> bool:
    """Is it ``user:password`` in base64?"""
    try:
        return b":" in b64decode(header + "=" * (-len(header) % 4), validate=True)
    except ValueError:
        return False


def _random(token: str) -> bool:
    """Does ``token`` change between lower case, upper case and digits as only random text does?

    ``Qwen3-4B-Instruct-2507-FP8`` and ``sha256_of_file`` do not, a base64 key or a hexadecimal digest does.
    A capital before a small letter is how words begin and does not count. What is long and of every kind of
    characters is random, too, where few of these are in anything like a word.
    """
    token = token[:_SAMPLE]
    if _UUID.fullmatch(token) or _DIGEST.fullmatch(token):
        return False
    changes = len(_CHANGE.findall(token))
    if changes >= 4 and changes / len(token) >= _RESTLESS and _DIGIT.search(token):
        return True
    if len(token) < _LONG_ENOUGH or not all(kind.search(token) for kind in _KINDS):
        return False
    return sum(map(len, _WORDLIKE.findall(token))) / len(token) < _WORDY
