"""Secrets of twenty kinds as their makers shape them, from a seed: no literal here is one."""

import base64
import random
import string
from collections.abc import Callable

EACH = 10

_UPPER = string.ascii_uppercase + string.digits
_ALNUM = string.ascii_letters + string.digits
_WEB = _ALNUM + "-_"
_B64 = _ALNUM + "+/"
_HEX = string.hexdigits[:16]
_WORDS = ("maple", "harbor", "violet", "tractor", "window", "pepper", "salmon", "copper", "anchor", "meadow")


def _run(source: random.Random, alphabet: str, length: int) -> str:
    return "".join(source.choices(alphabet, k=length))


def _aws_id(source: random.Random) -> str:
    return source.choice(("AKIA", "ASIA")) + _run(source, string.ascii_uppercase + "234567", 16)


def _aws_secret(source: random.Random) -> str:
    return _run(source, _B64, 40)


def _github(source: random.Random) -> str:
    if source.random() < 0.3:
        return f"github_pat_{_run(source, _ALNUM, 22)}_{_run(source, _ALNUM, 59)}"
    return source.choice(("ghp_", "gho_", "ghu_", "ghs_", "ghr_")) + _run(source, _ALNUM, 36)


def _gitlab(source: random.Random) -> str:
    kind = source.choice(("glpat-", "gldt-", "glrt-", "glptt-", "glft-"))
    long = f"{_run(source, _WEB, 27)}.01.{_run(source, _HEX, 9)}"
    return kind + source.choice((_run(source, _WEB, 20), long))


def _slack(source: random.Random) -> str:
    numbers = f"{_run(source, string.digits, 12)}-{_run(source, string.digits, 13)}"
    return source.choice(
        (
            f"xoxb-{numbers}-{_run(source, _ALNUM, 24)}",
            f"xoxp-{numbers}-{_run(source, string.digits, 12)}-{_run(source, _HEX, 32)}",
            f"xapp-1-A{_run(source, _UPPER, 10)}-{_run(source, string.digits, 13)}-{_run(source, _HEX, 64)}",
            f"https://hooks.slack.com/services/T{_run(source, _UPPER, 8)}/B{_run(source, _UPPER, 8)}/"
            + _run(source, _ALNUM, 24),
        )
    )


def _stripe(source: random.Random) -> str:
    kind = source.choice(("sk_live_", "rk_live_", "sk_test_", "whsec_"))
    return kind + _run(source, _ALNUM, source.choice((24, 99)) if kind != "whsec_" else 32)


def _model(source: random.Random) -> str:
    return source.choice(
        (
            "sk-" + _run(source, _ALNUM, 48),
            f"sk-proj-{_run(source, _WEB, 74)}T3BlbkFJ{_run(source, _WEB, 74)}",
            f"sk-ant-api03-{_run(source, _WEB, 93)}AA",
        )
    )


def _google(source: random.Random) -> str:
    return source.choice(("AIza" + _run(source, _WEB, 35), "GOCSPX-" + _run(source, _WEB, 28)))


def _web64(data: str | bytes) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _jwt(source: random.Random) -> str:
    head = _web64('{"alg":"' + source.choice(("HS256", "RS256", "ES256")) + '","typ":"JWT"}')
    payload = _web64(f'{{"sub":"{source.randrange(10**9)}","exp":{source.randrange(10**10)}}}')
    return f"{head}.{payload}.{_web64(source.randbytes(source.choice((32, 64, 256))))}"


def _pem(source: random.Random) -> str:
    kind = source.choice(("RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "))
    body = base64.b64encode(source.randbytes(source.choice((96, 240)))).decode()
    lines = [body[n : n + 64] for n in range(0, len(body), 64)]
    return "\n".join((f"-----BEGIN {kind}PRIVATE KEY-----", *lines, f"-----END {kind}PRIVATE KEY-----"))


def _database(source: random.Random) -> str:
    scheme = source.choice(
        ("postgresql", "mysql+pymysql", "mongodb+srv", "amqp", "postgresql+asyncpg", "redis")
    )
    word = source.choice(_WORDS) + _run(source, _ALNUM, 5)
    user = source.choice(("app", "shop_rw", ""))
    return f"{scheme}://{user}:{word}@db{source.randrange(9)}.internal:{source.randrange(1024, 9999)}/shop"


def _twilio(source: random.Random) -> str:
    return source.choice(("AC", "SK")) + _run(source, _HEX, 32)


def _sendgrid(source: random.Random) -> str:
    return f"SG.{_run(source, _WEB, 22)}.{_run(source, _WEB, 43)}"


def _npm(source: random.Random) -> str:
    return "npm_" + _run(source, _ALNUM, 36)


def _pypi(source: random.Random) -> str:
    return "pypi-AgEIcHlwaS5vcmc" + _run(source, _WEB, 150)


def _azure(source: random.Random) -> str:
    key = base64.b64encode(source.randbytes(64)).decode()
    return source.choice((key, f"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={key}"))


def _bot(source: random.Random) -> str:
    discord = (
        f"{source.choice('MNO')}T{_run(source, _ALNUM, 24)}.{_run(source, _WEB, 6)}.{_run(source, _WEB, 38)}"
    )
    telegram = f"{source.randrange(10**8, 10**10)}:AA{_run(source, _WEB, 33)}"
    return source.choice((discord, telegram))


def _header(source: random.Random) -> str:
    plain = f"{source.choice(_WORDS)}:{_run(source, _ALNUM, source.randrange(8, 20))}"
    return "Authorization: Basic " + base64.b64encode(plain.encode()).decode()


def _password(source: random.Random) -> str:
    value = f"{source.choice(_WORDS)}{source.choice('-_!')}{source.choice(_WORDS)}{source.randrange(10, 99)}"
    return source.choice(("password={}", "passwd: {}", "db_password = '{}'", 'secret: "{}"')).format(value)


def _named(source: random.Random) -> str:
    value = source.choice(
        (_run(source, _HEX, 64), _run(source, _HEX, 40), base64.b64encode(source.randbytes(24)).decode())
    )
    return source.choice(("api_key={}", "signing_key: {}", 'client_secret="{}"', "X_TOKEN={}")).format(value)


KINDS: dict[str, Callable[[random.Random], str]] = {
    "aws key id": _aws_id,
    "aws secret key": _aws_secret,
    "github": _github,
    "gitlab": _gitlab,
    "slack": _slack,
    "stripe": _stripe,
    "openai, anthropic": _model,
    "google": _google,
    "jwt": _jwt,
    "pem": _pem,
    "database url": _database,
    "twilio": _twilio,
    "sendgrid": _sendgrid,
    "npm": _npm,
    "pypi": _pypi,
    "azure": _azure,
    "bot": _bot,
    "basic auth": _header,
    "password in text": _password,
    "random under a name": _named,
}


def made(seed: int = 2026, each: int = EACH) -> list[tuple[str, str]]:
    """Kind and secret, ``each`` of every kind."""
    source = random.Random(seed)
    return [(kind, make(source)) for kind, make in KINDS.items() for _ in range(each)]


def core(secret: str) -> str:
    """What of it must not be seen anywhere: the last piece of what is secret in it."""
    if "://" in secret and "@" in secret:
        return secret.rpartition("@")[0].rpartition(":")[2]
    if secret.startswith("-----"):
        return secret.splitlines()[1]
    for sign in ("Basic ", "AccountKey="):
        if sign in secret:
            return secret.partition(sign)[2]
    name, sign, value = secret.partition("=")
    if sign and value.strip("'\" ") and name.strip().replace("_", "").isalpha():
        return value.strip("'\" ")
    name, sign, value = secret.partition(": ")
    return value.strip("'\"") if sign else secret
