"""Templates and Python source: what matches, whatever the layout, and what stands in the holes."""

import ast
from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduitc.mining.rematch import LONGEST, covers, rematch

TEXT = '''
@router.get("/x", response_model=list[User], tags=["a"], responses={404: error, 401: {}})
@wrapped
async def show(request, id: int, user: User = Depends(get_user), *, db=Depends(of(store))) -> Page[Note]:
    """One note."""
    found = await store.get(id)
    if not found:
        raise HTTPException(
            status_code=404,
            detail=f"no {id}",
        )
    async with db.begin() as session:
        session.add(found)
    try:
        checked(found, by=user)
    except ValueError as error:
        raise HTTPException(detail="bad", status_code=400) from error
    return zen().shown(found, deep=True)


class Change(Base, Generic[T], table=True):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(..., max_length=10, description="Who")

    def to_dict(self):
        return {}
'''

MATCHES = {
    "@{router}.{method}(..., response_model={model}, ...)": {
        "router": "router",
        "method": "get",
        "model": "list[User]",
    },
    "@{router}.get({path}, response_model={model}, ...)": {
        "router": "router",
        "path": "'/x'",
        "model": "list[User]",
    },
    "@{router}.{method}(..., responses={{401: {{}}, **{others}}}, ...)": {
        "router": "router",
        "method": "get",
    },
    '@{router}.{method}(..., tags=["a", ...], ...)': {"router": "router", "method": "get"},
    '@{router}.{method}(..., tags=["a"], ...)': {"router": "router", "method": "get"},
    "@wrapped": {},
    "def {handler}(...)": {"handler": "show"},
    "async def {handler}(...)": {"handler": "show"},
    "def {handler}(..., request, ...)": {"handler": "show"},
    "def {handler}(..., {name}=Depends(get_user), ...)": {"handler": "show", "name": "user"},
    "def {handler}(..., {name}: User, ...)": {"handler": "show", "name": "user"},
    "def {handler}(..., {name}=Depends(of({what})), ...)": {"handler": "show", "name": "db", "what": "store"},
    "def {handler}(...) -> Page[{type}]": {"handler": "show", "type": "Note"},
    'def {handler}(...): """{doc}"""': {"handler": "show", "doc": "One note."},
    "if not {value}: raise HTTPException(status_code=404, ...)": {"value": "found"},
    "raise HTTPException(status_code={status}, detail={detail})": {"status": "404", "detail": "f'no {id}'"},
    "raise HTTPException(status_code=400, ...)": {},
    "except ValueError as {name}: raise HTTPException(status_code=400, ...)": {"name": "error"},
    "async with db.begin() as {session}: ...": {"session": "session"},
    "async with db.begin(): ...": {},
    "{found} = await store.{method}({key})": {"found": "found", "method": "get", "key": "id"},
    "zen()": {},
    "checked(...)": {},
    "return zen().{method}(...)": {"method": "shown"},
    "class {schema}(Base, ...)": {"schema": "Change"},
    "class {schema}(Generic[{type}], ...)": {"schema": "Change", "type": "T"},
    "class {schema}(..., table=True)": {"schema": "Change"},
    "class {schema}(...): model_config = ConfigDict(extra={extra}, ...)": {
        "schema": "Change",
        "extra": "'forbid'",
    },
    "class {schema}(...):\n    def to_dict(...): ...": {"schema": "Change"},
    "{field}: {type} = Field(description={text}, ...)": {"field": "name", "type": "str", "text": "'Who'"},
}

NO_MATCH = [
    "@other",
    "@{router}.post(...)",
    "@{router}.get({path})",
    '@{router}.{method}(..., tags=["b", ...], ...)',
    '@{router}.{method}(..., tags=["a", "a", ...], ...)',
    "@{router}.{method}(..., responses={{401: {{}}}}, ...)",
    "def {handler}(..., {name}=Depends(get_admin), ...)",
    "def {handler}(..., user: Admin, ...)",
    "def {handler}(...) -> list[{type}]",
    "with db.begin() as {session}: ...",
    "raise HTTPException(status_code=404)",
    "raise HTTPException(status_code=True, ...)",
    "if {value} is None: raise HTTPException(status_code=404, ...)",
    "except KeyError as {name}: ...",
    "class {schema}(Other, ...)",
    "class {schema}(...):\n    def from_dict(...): ...",
    "checked()",
    "{same}.{same}(...)",
]


@pytest.mark.parametrize("template", MATCHES)
def test_match(template: str) -> None:
    assert rematch(template, TEXT) == MATCHES[template]


@pytest.mark.parametrize("template", NO_MATCH)
def test_no_match(template: str) -> None:
    assert rematch(template, TEXT) is None


@pytest.mark.parametrize("template", MATCHES)
def test_layout_does_not_matter(template: str) -> None:
    assert rematch(template, ast.unparse(ast.parse(TEXT))) is not None
    assert rematch(template, indent(TEXT, "    ")) is not None
    assert rematch(template, f"if x:\n{indent(TEXT, '  ')}") is not None


def test_pieces() -> None:
    assert rematch("except {e} as {name}: ...", "  except ValueError as error:\n    raise") is not None
    assert rematch("if not {x}: raise {e}", "elif not a:\n    raise B()") == {"x": "a", "e": "B()"}
    assert rematch("{a} = {b}", "  x = 1\n  y = 2") == {"a": "x", "b": "1"}


@pytest.mark.parametrize(
    "text", ["def f(", "\0", "x = (" * 5_000, "(" * 190 + ")" * 190, "1" * (LONGEST + 1), ""]
)
def test_text_that_is_no_python_matches_nothing(text: str) -> None:
    assert rematch("{a} = {b}", text) is None


@pytest.mark.parametrize(
    "template", ["", "def", "def {h}(", "a b", "x = 1\ny = 2", "@", "{a", "class {x}(A, ...", "{1}("]
)
def test_what_is_no_template(template: str) -> None:
    with pytest.raises(ValueError, match="no template"):
        rematch(template, "x = 1")


def test_braces_are_doubled() -> None:
    assert rematch("{x} = {{}}", "y = {}") == {"x": "y"}
    assert rematch("{x} = {{'a': {b}}}", "y = {'a': 1}") == {"x": "y", "b": "1"}


@pytest.mark.parametrize(
    ("general", "special", "expected"),
    [
        ("def {h}(..., {n}=Depends({d}), ...)", "def {h}(..., user=Depends(get_user), ...)", True),
        ("def {h}(..., user=Depends(get_user), ...)", "def {h}(..., {n}=Depends({d}), ...)", False),
        ("raise E(...)", "raise E(status_code={s}, detail={d})", True),
        ("raise E(status_code={s})", "raise E(status_code=404, ...)", False),
        ("@{r}.{m}(..., a={a}, ...)", "@{r}.{m}(..., a=1, ...)", True),
        ("@{r}.{m}(..., a={a}, ...)", "@{r}.{m}(..., b=1, ...)", False),
        ("opened()", "with opened() as {x}: ...", True),
        ("opened()", "@opened()", False),
        ("X.{method}(...)", "X.get(...)", True),
    ],
)
def test_covers(general: str, special: str, expected: bool) -> None:
    assert covers(general, special) is expected


NAMES = st.sampled_from(["a", "b_1", "User", "get", "x"])
ARGUMENTS = st.lists(
    st.tuples(NAMES, st.sampled_from(["1", "'t'", "f(x)", "[1, 2]", "a.b"])), unique_by=lambda a: a[0]
)


@given(NAMES, ARGUMENTS, st.randoms(use_true_random=False))
def test_keywords_in_any_order_are_found_and_told(
    name: str, arguments: list[tuple[str, str]], random: object
) -> None:
    """Holes hold what stands there, however the call is written."""
    holes = ", ".join(f"{key}={{{key}}}" for key, _ in arguments)
    mixed = list(arguments)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    text = f"{name}(\n" + ",\n".join(f"  {key} = {value}" for key, value in mixed) + "\n)"
    expected = {key: ast.unparse(ast.parse(value, mode="eval")) for key, value in arguments}
    assert rematch(f"{name}({holes})", text) == expected
    assert rematch(f"{name}({holes}, ...)" if holes else f"{name}(...)", text) == expected
    assert (
        rematch(f"{name}({holes})", f"{name}({'' if not holes else text[len(name) + 1 : -1] + ','} more=1)")
        is None
    )
