"""The scanner on the secrets that builds are searched for, and on what ordinary programs hold."""

import pytest

from conduitc.ir import secrets
from tests.planted.ordinary import strings
from tests.planted.planted import NAMED, SHAPED, core


def test_there_are_enough() -> None:
    assert len(SHAPED) + len(NAMED) >= 40
    assert len({kind for kind, *_ in (*SHAPED, *NAMED)}) >= 20
    assert len(set(strings())) >= 200


@pytest.mark.parametrize(("kind", "secret"), SHAPED, ids=[f"{n}-{one[0]}" for n, one in enumerate(SHAPED)])
def test_a_secret_is_found_wherever_it_stands(kind: str, secret: str) -> None:
    for text in (secret, f"Use {secret} for it.", f'"{secret}"', f"key='{secret}',", f"({secret})"):
        assert secrets.is_secret(text)
        assert secret not in secrets.redact(text)
    line = f"    return connect({secret.splitlines()[0]!r})"
    assert core(secret).splitlines()[0][-12:] not in secrets.masked_line(line)


@pytest.mark.parametrize(("kind", "name", "secret"), NAMED)
def test_a_name_gives_it_away(kind: str, name: str, secret: str) -> None:
    assert not secrets.is_secret(secret) and secrets.is_secret(secret, name)
    for text in (f"{name}={secret}", f'{name} = "{secret}"', f"{name}: '{secret}'"):
        assert secret not in secrets.redact(text)
        assert secret not in secrets.masked_line(text)


@pytest.mark.parametrize("text", strings())
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert secrets.redact(text) == text
    assert secrets.masked_line(f"    return {text!r}") == f"    return {text!r}"


CODE = [
    "password = form.password",
    "token=token, secret=settings.secret",
    "if request.headers.get('authorization') == token:",
    "def login(password: str, token: str | None = None):",
    "api_key = os.environ['API_KEY']",
    "secret = secrets.token_hex(32)",
    "return {'token': make_token(user)}",
    "return await search(order_by=order_by, page_token=page_token, token=token)",
    "app.use(Sessions, secret=SECRET, key=lambda request: request.client)",
]


@pytest.mark.parametrize("line", CODE)
def test_code_that_only_names_secrets_is_left_alone(line: str) -> None:
    assert secrets.masked_line(line) == line
    assert secrets.redact(line) == line


def test_places_are_lines_and_columns() -> None:
    pem = dict(SHAPED)["pem"]
    source = f"x = 1\ny = '''{pem}'''  # end\nz = '{SHAPED[0][1]}'\npassword = form.password\n"
    assert secrets.places(source) == [(2, 8), (3, 1), (4, 1), (5, 6)]
