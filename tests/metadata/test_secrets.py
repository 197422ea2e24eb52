"""The scanner: what it must find, what it must leave alone."""

import random
import string

import pytest

from conduitc.codegen.metadata.redaction import redact
from conduitc.ir import secrets

SECRETS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "sk-" + "proj-abcdefghijklmnop1234",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "ghp_" + "a" * 36,
    "github_pat_" + "11ABCDEFG0123456789abc",
    "xoxb-" + "1234567890-abcdefghij",
    "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
    "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEF",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nand cut off here",
    "postgresql://shop:hunter2@db.internal/shop",
    "password=hunter2",
    "PASSWORD = 'correct horse'",
    'api_key: "k3y-value"',
    "the token is abc123xyz",
    "Authorization: Bearer abcdef0123456789",
    "8a477f597d28d172789f06886806bc55",
    "wJalr7UtnF3MI/K7MD3NG/bPxR4iCY2m8qL0pXz",
]
HARMLESS = [
    "",
    "Hello, World!",
    "Qwen/Qwen3-4B-Instruct-2507-FP8",
    "token: the caller's own token",
    "password: str",
    "password=None and token=...",
    "secret={CONDUIT_SECRET}",
    "password = os.environ['PASSWORD']",
    "https://example.com:8080/users/{id}",
    "123e4567-e89b-12d3-a456-426614174000",
    "test_input_required_result_elicitation_2025",
    "application/vnd.api+json; charset=utf-8",
    "sha256_of_utf8_text_in_base64_v2",
    "The quick brown fox jumps over 13 lazy dogs.",
    "TypeVarOrTypeVarTupleOrParamSpecMatchType",
]


@pytest.mark.parametrize("text", SECRETS)
def test_finds(text: str) -> None:
    assert secrets.is_secret(text)
    assert secrets.is_secret(f"Call it with {text} please.")
    cleaned = secrets.redact(f"before {text} after")
    assert secrets.REDACTED in cleaned
    assert cleaned.startswith("before ")
    assert text not in cleaned


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_alone(text: str) -> None:
    assert not secrets.is_secret(text)
    assert secrets.redact(text) == text


def test_only_the_secret_goes() -> None:
    assert secrets.redact("see https://ann:pw12@host/x?a=1") == "see https://[redacted]@host/x?a=1"
    assert secrets.redact("password=hunter2, user=ann") == "password=[redacted], user=ann"


def test_the_name_counts() -> None:
    assert secrets.is_secret("hunter2", "password")
    assert not secrets.is_secret("hunter2", "greeting")
    assert not secrets.is_secret("", "password")


@pytest.mark.parametrize("alphabet", [string.ascii_letters + string.digits, "0123456789abcdef"])
def test_random_strings_are_found(alphabet: str) -> None:
    source = random.Random(7)
    tokens = ["".join(source.choices(alphabet, k=32)) for _ in range(1000)]
    assert sum(map(secrets.is_secret, tokens)) >= 970


@pytest.mark.parametrize(
    "text",
    [
        "ann@example.com",
        "Ann.Example+shop@mail.example.co.uk",
        "+49 30 1234567",
        "(555) 123-4567",
        "555-123-4567",
        "4111 1111 1111 1111",
        "378282246310005",
        "123-45-6789",
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
    ],
)
def test_personal_data(text: str) -> None:
    assert redact(f"Ask {text}, please.") == "Ask [redacted], please."


@pytest.mark.parametrize(
    "text",
    [
        "since 2026-11-20, version 1.2.3, 10.0.0.1",
        "4111 1111 1111 1112 is no card",
        "at most 1048576 bytes, 0000000000000000",
        "ISO 8601, RFC 9457, HTTP 404",
        "@app.get and @cache",
        "GET /users/{id} and /home",
    ],
)
def test_numbers_that_are_nobody(text: str) -> None:
    assert redact(text) == text


def test_home_folders() -> None:
    assert redact("reads /home/ann/data.csv") == "reads [redacted]/data.csv"
    assert redact(r"reads C:\Users\ann\x") == r"reads [redacted]\x"
