"""Forty made-up secrets of twenty-five kinds, written so that no other scanner takes this file for a leak."""

import re

_LOWER, _MIXED = "x7k2m9q4w8r3t6y1p5z0", "hT7kQ2mZ9xW4vB8nR3cJ6pL1sD5fG0yE"
_HEX = "9f86d081884c7d659a2feaa0c55ad015"
_UUID = "01234567-89ab-4cde-8f01-23456789abcd"
_B64 = "wJa7rXUtn3EM1K7MD3NGbPxR4iCY2m8qL0pXz9Tv"

#: Kind and secret; all of these are found whatever they are called.
SHAPED: list[tuple[str, str]] = [
    ("aws", "AKIA" + "Q4T7ZX2M9W5K8R3J"),
    ("aws", "ASIA" + "Z8Y2X7W3V6U4T9S5"),
    ("github", "ghp_" + _MIXED + "a1B2"),
    ("github", "gho_" + _MIXED + "c3D4"),
    ("github fine-grained", "github_pat_" + "11ABCDEFG0" + _MIXED),
    ("gitlab", "glpat-" + _LOWER),
    ("slack", "xoxb-" + "1234567890-" + _LOWER),
    ("slack", "xapp-" + "1-A0B1C2D3E4F-1234567890123-" + _HEX),
    ("slack hook", "https://hooks.slack.com/services/" + "T0A1B2C3D/B4E5F6G7H/" + _MIXED[:24]),
    ("stripe", "sk_" + "live_" + _MIXED),
    ("stripe", "rk_" + "test_" + _MIXED),
    ("stripe hook", "whsec_" + _MIXED),
    ("openai", "sk-" + "proj-" + _MIXED),
    ("anthropic", "sk-" + "ant-api03-" + _MIXED + "-AA"),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NSJ9." + _MIXED),
    ("pem", "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEow" + _MIXED + "\n-----END RSA PRIVATE KEY-----"),
    (
        "pem",
        "-----BEGIN " + "OPENSSH PRIVATE KEY-----\nb3Blbn" + _MIXED + "\n-----END OPENSSH PRIVATE KEY-----",
    ),
    ("basic auth", "https://ann:" + "s3cr3tPw9@example.com/x"),
    ("database", "postgresql://shop:" + "hunter2hunter2@db.internal:5432/shop"),
    ("database", "mongodb+srv://root:" + "Tr0ub4dor3@cluster0.mongodb.net"),
    ("database", "redis://:" + "p4ssw0rdp4ss@cache:6379/0"),
    ("azure", "AccountName=shop;AccountKey=" + _B64 + _B64 + "=="),
    ("azure", "abc" + "8Q~" + _MIXED),
    ("sendgrid", "SG." + _MIXED[:22] + "." + _MIXED),
    ("twilio", "SK" + _HEX),
    ("twilio", "AC" + _HEX[::-1]),
    ("npm", "npm_" + _MIXED + "e5F6"),
    ("pypi", "pypi-" + "AgEIcHlwaS5vcmc" + _MIXED),
    ("google", "AIza" + "Sy" + _MIXED + "a"),
    ("google", "GOCSPX-" + _MIXED[:28]),
    ("telegram", "123456789:" + "AA" + _MIXED + "x"),
    ("discord", "MTA" + "x7k2m9q4w8r3t6y1p5z0ab" + ".Gh1jk2." + _MIXED),
    ("discord hook", "https://discord.com/api/webhooks/" + "123456789012345678/" + _MIXED),
    ("huggingface", "hf_" + _MIXED),
    ("shopify", "shpat_" + _HEX),
    ("high entropy", _MIXED + "8q"),
    ("high entropy", _HEX[:16] + _HEX[::-1][:16]),
    ("high entropy", _B64),
]
#: Name and secret: nothing of the value alone gives these away.
NAMED: list[tuple[str, str, str]] = [
    ("heroku", "heroku_api_key", _UUID),
    ("password", "db_password", "Blau-Pferd-Haken"),
    ("hex", "signing_key", _HEX + _HEX),
]


def core(secret: str) -> str:
    """What of it must not be seen: of an address the password."""
    match = re.search(r"://[^:/]*:([^@]+)@", secret)
    return match[1] if match else secret
