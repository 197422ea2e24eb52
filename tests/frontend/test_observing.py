"""Programs → subjects with their traits: what is seen, where, and within which bounds."""

from pathlib import Path
from textwrap import dedent

import pytest

from conduitc import frontend, passes, places
from conduitc.frontend.observing import observe, shown
from conduitc.frontend.observing.seen import NODES, TRAITS
from conduitc.frontend.observing.tests import sources
from conduitc.ir.patterns import CATEGORIES, Subject
from conduitc.mining.rematch import parsed, rematch
from conduitc.span import Span
from tests.frontend.programs import write

APP = '''
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI()


class User(BaseModel):
    name: str = Field(description="Who", max_length=10)


def get_user(): ...


@app.put(
    "/users/{name}",
    response_model=User,
)
async def rename(name: str, data: User, user: User = Depends(get_user)) -> User:
    """Renames."""
    if user is None:
        raise HTTPException(status_code=404, detail="nobody")
    return User(name=name)
'''


def observed(folder: Path, text: str) -> list[Subject]:
    loaded = frontend.load(write(folder, text))
    assert loaded.app is not None
    return list(observe(loaded.project, passes.run(loaded.app)[0]))


def traits(subjects: list[Subject], kind: str) -> dict[str, str]:
    """Templates and where they are seen, of all subjects of a kind."""
    return {
        trait.template: f"{trait.category} {trait.span.file}:{trait.span.line}"
        for one in subjects
        if one.kind == kind
        for trait in one.traits
    }


def test_what_is_seen_of_a_handler(tmp_path: Path) -> None:
    subjects = observed(tmp_path, APP)
    seen = traits(subjects, "handler")
    assert seen["@{router}.{method}(..., response_model={response_model}, ...)"] == "route app.py:15"
    assert seen["def {handler}(..., user=Depends(get_user), ...)"] == "auth app.py:19"
    assert seen["def {handler}(..., {name}=Depends({dependency}), ...)"] == "auth app.py:19"
    assert seen["async def {handler}(...)"] == "handler app.py:19"
    assert seen["raise HTTPException(status_code=404, ...)"] == "error app.py:22"
    assert seen["return User(name={name})"] == "handler app.py:23"
    assert traits(subjects, "body parameter") == {
        "def {handler}(..., data: {type}, ...)": "handler app.py:19"
    }
    assert not traits(subjects, "path parameter")
    (handler,) = [one for one in subjects if one.kind == "handler"]
    assert handler.resource == "function:app.rename"
    assert (handler.span.line, handler.span.end_line) == (15, 23)
    assert handler.groups == ("in app.py", "of PUT", "of PUT in app.py", "below /users", "")


def test_what_is_seen_of_others(tmp_path: Path) -> None:
    subjects = observed(tmp_path, APP)
    assert traits(subjects, "error")["raise HTTPException(status_code={status_code}, detail={detail})"]
    (kind,) = {one.kind for one in subjects if one.kind.startswith("error ")}
    assert kind == "error HTTPException(status_code=404, ...)"
    assert traits(subjects, kind) == {
        "if {value} is None: raise HTTPException(status_code=404, ...)": "error app.py:21"
    }
    assert traits(subjects, "schema") == {"class {schema}(BaseModel, ...)": "schema app.py:8"}
    fields = traits(subjects, "field")
    assert fields["{field}: {type} = Field(max_length={max_length}, ...)"] == "validation app.py:9"
    assert fields["{field}: {type} = Field(description={description}, ...)"] == "schema app.py:9"


def test_every_trait_matches_its_subject_and_tells_its_holes(tmp_path: Path) -> None:
    loaded = frontend.load(write(tmp_path, APP))
    assert loaded.app is not None
    for one in observe(loaded.project, passes.run(loaded.app)[0]):
        text = shown(loaded.project, one.span)
        for trait in one.traits:
            assert trait.category in CATEGORIES
            holes = rematch(trait.template, text)
            assert holes is not None, (trait.template, text)
            assert set(holes) == {hole.name for hole in trait.holes}


@pytest.mark.parametrize(
    "example", ["shop/app.py", "everything/app.py", "gateway/app.py", "fastapi_notes/notes/main.py"]
)
def test_every_trait_of_the_examples_is_a_template(example: str) -> None:
    loaded = frontend.load(Path(__file__).parents[2] / "examples" / example)
    assert loaded.app is not None
    subjects = observe(loaded.project, passes.run(loaded.app)[0])
    assert subjects
    for one in subjects:
        text = shown(loaded.project, one.span)
        for trait in one.traits:
            assert parsed(trait.template) is not None
            assert rematch(trait.template, text) is not None, (trait.template, one.span)


def test_names_and_constants_that_need_care(tmp_path: Path) -> None:
    """Braces are doubled, names said twice in a template, errors of several, lines that are not ASCII."""
    text = """
    from fastapi import Depends, FastAPI, HTTPException
    app = FastAPI()

    def of(*a): ...

    @app.get("/é", responses={404: dict, "x": 1}, method="é")
    def é(a=Depends(of({"ä": 1}, *[1])), router=Depends(of)):
        try:
            return of(a, key=router)
        except (ValueError, KeyError) as error:
            raise HTTPException(status_code=400, detail=f"{a!r}") from error
    """
    subjects = observed(tmp_path, text)
    for one in subjects:
        for trait in one.traits:
            assert rematch(trait.template, dedent(text)) is not None, trait.template
    seen = traits(subjects, "handler")
    assert "@{router}.{method}(..., responses={{404: dict, **{others}}}, ...)" in seen
    assert "@{router}.{method}(..., method={method_2}, ...)" in seen
    (handler,) = [one for one in subjects if one.kind == "handler"]
    assert {hole.text for trait in handler.traits for hole in trait.holes} >= {"é", "app", '"é"'}


def test_bounds(tmp_path: Path) -> None:
    """What is longer, deeper or more than anybody writes costs no more than that, and says nothing wrong."""
    deep = "f(" * 80 + ")" * 80
    calls = "\n".join(f"    of{at}(x)" for at in range(NODES))
    many = ", ".join(f"a{at}=Depends(of)" for at in range(300))
    line = "; ".join(f"of('ü', x{at}.y)" for at in range(3_000))
    text = f"""
from fastapi import Depends, FastAPI
app = FastAPI()
def of(*a): ...
@app.get("/a")
def a({many}): return {deep}
@app.get("/b")
def b(x=Depends({deep})):
{calls}
@app.get("/c")
def c(x: {"list[" * 60 + "int" + "]" * 60}): {line}
@app.get("/d")
def d(x={"a." * 90}b): return {"[" * 60}{"]" * 60}
"""
    subjects = observed(tmp_path, text)
    handlers = [one for one in subjects if one.kind == "handler"]
    assert len(handlers) == 4
    for one in subjects:
        assert len(one.traits) <= TRAITS
        for trait in one.traits:
            assert len(trait.template) < 600 and all(len(hole.text) < 100 for hole in trait.holes)
            parsed(trait.template)


# -- tests beside the project --------------------------------------------------------------------------------


def test_which_files_are_tests(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        # file: app.py
        # file: test_app.py
        # file: conftest.py
        # file: tests/deep/of_it_test.py
        # file: tests/test_a.py
        # file: tests/.hidden/test_b.py
        # file: tests/built/conduit-build.json
        # file: tests/built/test_c.py
        # file: elsewhere/test_d.py
        """,
    )
    assert places.test_files(tmp_path) == ["test_app.py", "tests/test_a.py", "tests/deep/of_it_test.py"]


def test_tests_beside_src(tmp_path: Path) -> None:
    write(tmp_path, "# file: pyproject.toml\n# file: src/app.py\n# file: tests/test_a.py\n")
    assert places.test_files(tmp_path / "src") == ["../tests/test_a.py"]


def test_tests_that_cannot_be_read_say_nothing(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        # file: app.py
        from conduit import Conduit
        app = Conduit()
        # file: tests/test_a.py
        def test_a(client): ...
        # file: tests/test_b.py
        def test_b(client:
        """,
    )
    (tmp_path / "tests/test_c.py").symlink_to("nowhere.py")
    (tmp_path / "tests/test_d.py").write_bytes(b"\xff\xfe")
    loaded = frontend.load(tmp_path / "app.py")
    assert [one.file for one in sources(loaded.project)] == ["tests/test_a.py"]
    assert not loaded.diagnostics


def test_examples_are_cut_where_a_statement_ends(tmp_path: Path) -> None:
    body = "\n".join(f"    x{at} = [\n        {at},\n    ]" for at in range(60))
    text = f"from conduit import Conduit\napp = Conduit()\n\n\n@app.get('/')\ndef root():\n{body}\n"
    loaded = frontend.load(write(tmp_path, text))
    cut = shown(loaded.project, Span("app.py", 5, 1, 6 + 180, 6))
    assert cut.startswith("@app.get('/')\ndef root():\n    x0 = [") and cut.endswith("]\n    ...")
    assert rematch("@{router}.get({path})", cut) is not None
    assert shown(loaded.project, Span("gone.py", 1, 1, 1, 2)) == ""


def test_a_place_within_a_statement_is_shown_with_it(tmp_path: Path) -> None:
    text = """
    from conduit import Conduit
    app = Conduit()


    def root(x):
        match x:
            case 1:
                try:
                    y = (
                        x
                        or root(1)
                    )
                except ValueError as error:
                    raise KeyError(1) from error
    """
    loaded = frontend.load(write(tmp_path, text))
    assert shown(loaded.project, Span("app.py", 12, 16, 12, 23)) == "y = (\n    x\n    or root(1)\n)"
    assert shown(loaded.project, Span("app.py", 14, 13, 15, 45)).startswith(
        "except ValueError as error:\n    raise"
    )
    assert shown(loaded.project, Span("app.py", 3, 1, 3, 2)) == "app = Conduit()"
