"""The scanner: what it must find, what it must leave alone."""

import random
import string
from pathlib import Path

import pytest

from conduitc.analysis import analyse
from conduitc.codegen.metadata import emit_metadata
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
        "+1 (555) 123-4567",
        "5500-0000-0000-0004",
        "30569309025904",
        "AB 12 34 56 C",
        "RSSMRA85T10A562S",
        "529.982.247-25",
        "12345678Z",
        "X1234567L",
        "11010519491231002X",
        "2341 2341 2346",
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
        "made at 1700000000000, id 4111111111111, 9007199254740991 at most",
        "000-12-3456, 666-12-3456, 900-12-3456, 123-00-4567",
        "12345678A, 529.982.247-26, 110105194912310021, 2341 2341 2341, RSSMRA85Z10A562S",
        "EUR 1,299.00 or 1.299,00; 0.15 per 1,000; 12.50; port 8080; 1/3",
        "ISBN 978-3-16-148410-0, EAN 4006381333931, DE89 2026 1234, INV-2026-001234",
        "10.255.0.1:5432, ::1, 00:1b:44:11:3a:b7, 2026-11-20T10:00:00.000Z, 12:30-13:45",
        "123e4567-e89b-12d3-a456-426614174000, 1.2.3-beta.4+build.5, v2.0.0-rc.1",
        "lat 52.520008, long 13.404954; 6.02214076e23; 0x7fffffff; 1_000_000",
        "a@b, @scope/pkg@1.2.3, user@host, x@2x.png1",
    ],
)
def test_numbers_that_are_nobody(text: str) -> None:
    assert redact(text) == text


def test_home_folders() -> None:
    assert redact("reads /home/ann/data.csv") == "reads [redacted]/data.csv"
    assert redact(r"reads C:\Users\ann\x") == r"reads [redacted]\x"


@pytest.mark.parametrize("word", ["phone", "Phone:", "Tel.", "tel:", "Fax:", "mobile"])
def test_a_number_that_is_called_so(word: str) -> None:
    assert redact(f"{word} 030 1234567, please") == f"{word} [redacted], please"
    assert redact("a 030 1234567 b") == "a 030 1234567 b"


@pytest.mark.parametrize(
    ("place", "value"),
    [("default", "ann@corp.io"), ("tag", "ann@corp.io"), ("name", "ann@corp.io"), ("path", "ann@corp.io")],
)
def test_personal_data_in_names_and_defaults(place: str, value: str, tmp_path: Path) -> None:
    given = {one: repr(value if one == place else "a") for one in ("default", "tag", "name")}
    (tmp_path / "app.py").write_text(
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        f"@app.get('/a/{value if place == 'path' else 'b'}', tags=[{given['tag']}], name={given['name']})\n"
        f"def a(q: str = {given['default']}):\n    return 1\n"
    )
    analysis = analyse(tmp_path / "app.py")
    assert analysis.app is not None
    assert value not in emit_metadata(analysis.app, analysis.diagnostics)
