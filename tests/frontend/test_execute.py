"""Constants computed without running are what Python computes; what cannot be known is not guessed."""

from pathlib import Path

import pytest

from conduitc import frontend
from conduitc.frontend.constants import constant
from conduitc.frontend.scope import Scope
from conduitc.frontend.values import Const, External, Module, Unknown, Value
from tests.frontend.programs import executed, load

EQUAL = {
    "text": """
        PREFIX = "/api"
        VERSION = 2
        A = PREFIX + "/v" + str(VERSION)
        B = f"{PREFIX}/v{VERSION}"
        C = f"{PREFIX!r:>10}|{VERSION:03d}|{1.5:.3f}|{VERSION + 1}"
        D = "%s/%d" % (PREFIX, VERSION)
        E = "{}/{x}".format(PREFIX, x=VERSION)
        F = "/".join(["", "a", "b"])
        G = "/Users/".strip("/").lower().replace("s", "z").removesuffix("z")
        H = "ab" * 3 + "c" "d"
        I = PREFIX[1:] + PREFIX[0]
        J = "a,b,c".split(",")[1]
        K = b"x" + b"y"
        L = "%s" % PREFIX
    """,
    "numbers": """
        A = 2 + 3 * 4 - 1
        B = 7 // 2, 7 % 3, 7 / 2, -7, +7, ~7
        C = 1 << 3 if False else 3 ^ 1
        D = 3 > 2 > 1, 3 > 2 < 1, 1 == 1.0, "a" != "b", 1 <= 2, None is None, 1 is not None
        E = 2 in (1, 2), "x" not in "abc", "k" in {"k": 1}
        F = not 1, 1 and 0, 0 or "x", (1 and "y") or "z"
        G = int("7") + int(2.9)
    """,
    "containers": """
        NAMES = ["a", "b"]
        NAMES.append("c")
        NAMES += ["d"]
        NAMES.extend(("e", "f"))
        NAMES.insert(0, "z")
        MORE = [*NAMES, "g"]
        BY = {"a": 1, **{"b": 2}}
        BY["c"] = 3
        BY.update({"d": 4})
        BY |= {"e": 5}
        KEYS = list(BY)
        PAIRS = [f"{k}{v}" for k, v in BY.items() if v > 1]
        SQUARES = {n: n * n for n in range(4)}
        GRID = [(x, y) for x in "ab" for y in (1, 2)]
        ORDER = sorted({"q", "p"})
        FIRST, *REST = NAMES
        LAST = NAMES[-1]
        PART = NAMES[1:3]
        COUNT = len(NAMES)
        ROWS = list(enumerate(NAMES, 1))
        BOTH = list(zip(NAMES, range(3)))
        TURNED = list(reversed(NAMES))
        GOT = BY.get("a"), BY.get("nothing"), BY.get("nothing", 9)
        MADE = dict(x=1, y=2)
        TUPLE = tuple(NAMES) + ("t",)
        A, (B, C) = 1, (2, 3)
        COPY = NAMES.copy()
        COPY.clear()
        NAMES.reverse()
    """,
    "flow": """
        from typing import TYPE_CHECKING
        DEBUG = False
        if DEBUG:
            A = 1
        elif __name__ == "__main__":
            A = 2
        else:
            A = 3
        B = []
        for n in range(10):
            if n == 2:
                continue
            if n == 5:
                break
            B.append(n)
        else:
            B.append("never")
        for n in ():
            pass
        else:
            B.append("else")
        if TYPE_CHECKING:
            B = None
        while False:
            B = None
        else:
            C = 1
        if (D := 5) > 3:
            E = D
        with open(__file__) as handle:
            F = 1
        try:
            G = 1
        finally:
            H = 2
        match DEBUG:
            case False:
                pass
    """,
    "classes": """
        from enum import Enum, IntEnum, StrEnum, auto

        class Paths:
            ROOT = "/api"
            USERS = ROOT + "/users"

            class Inner:
                X = 1

        class More(Paths):
            pass

        class Kind(str, Enum):
            A = "a"
            B = "b"

        class Plain(Enum):
            A = "/x"
            B = auto()

        class Level(IntEnum):
            LOW = auto()
            HIGH = auto()

        class Word(StrEnum):
            ONE = auto()

        A = Paths.USERS, More.USERS, Paths.Inner.X
        B = Kind.A.value, Plain.A.value, Plain.A.name, Level.HIGH.value, Word.ONE.value
        C = [kind.value for kind in Kind]
        D = Kind("b").name
        E = Kind.A + "/x"
        Paths.LATE = "/late"
        F = Paths.LATE
    """,
    "modules": """
        # file: app.py
        import consts
        import deep.er.thing
        from consts import *
        from deep import er, WORD as W
        from deep.er import thing as T, thing
        A = consts.X + 1, deep.er.thing.Y, er.thing.Y, T.Y, thing.Y
        B = W, Z, consts.LATER
        # file: consts.py
        __all__ = ["Z"]
        X = 1
        Z = 2
        import other
        # file: other.py
        import consts
        consts.LATER = consts.X + 10
        # file: deep/__init__.py
        from .er.thing import Y as WORD
        # file: deep/er/__init__.py
        # file: deep/er/thing.py
        from ..er import __name__ as N
        Y = 5
    """,
    "star without all": """
        # file: app.py
        from consts import *
        A = X, Z
        # file: consts.py
        from more import *
        X = 1
        _HIDDEN = 1
        # file: more.py
        Z = 9
    """,
}


def top(loaded: frontend.Loaded) -> Scope:
    return next(iter(loaded.project.scopes.values()))


@pytest.mark.parametrize("name", EQUAL)
def test_equal_to_python(name: str, tmp_path: Path) -> None:
    loaded = load(tmp_path, EQUAL[name])
    assert loaded.diagnostics == ()
    scope = top(loaded)
    compared = 0
    with executed(tmp_path, "app") as module:
        for key, value in scope.names.items():
            found = constant(value, "")
            if key.isupper() and not isinstance(value, External | Module):
                assert found is not None, key
                assert found.value == getattr(module, key), key
                compared += 1
    assert compared


UNKNOWN = {
    "import os\nX = os.environ['A']": "X",
    "def f(): return 1\nX = f()": "X",
    "import os\nif os.sep == '/':\n    X = 1\nelse:\n    X = 2": "X",
    "X = []\ndef f(x): x.append(1)\nf(X)": "X",
    "import os\nX = []\nfor n in os.listdir():\n    X.append(n)": "X",
    "X = 1\nimport os\nfor n in os.listdir():\n    X += 1": "X",
    "import os\nX = 1\ntry:\n    os.stat('x')\n    X = 2\nexcept OSError:\n    pass": "X",
    "X = {'a', 'b'}\nY = [x for x in X]": "Y",
    "X = [0] * 3": "X",
    "X = 'x' * 10 ** 9": "X",
    "X = 2 ** 10 ** 10": "X",
    "import random\nX = [1, 2]\nif random.random() > .5:\n    X.append(3)": "X",
    "X = lambda: 1": "X",
    "import os\nX = [p for p in ('a', 'b') if os.path.exists(p)]": "X",
    "from enum import Enum\nclass K(Enum):\n    A = 'a'\nX = f'{K.A}'": "X",
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_not_guessed(text: str, tmp_path: Path) -> None:
    value = top(load(tmp_path, text)).names[UNKNOWN[text]]
    assert constant(value, "") is None


def test_both_branches_equal(tmp_path: Path) -> None:
    text = "import os\nif os.sep == '/':\n    X = 1\nelse:\n    X = 1\n"
    value = top(load(tmp_path, text)).names["X"]
    assert isinstance(value, Const)
    assert value.value == 1


def test_branch_that_raises_does_not_count(tmp_path: Path) -> None:
    text = "import os\nX = 1\nif os.sep == '?':\n    X = 2\n    raise SystemExit\n"
    value = top(load(tmp_path, text)).names["X"]
    assert isinstance(value, Const)


def test_reasons_name_the_cause(tmp_path: Path) -> None:
    def reason(text: str) -> str:
        value: Value = top(load(tmp_path, text)).names["X"]
        assert isinstance(value, Unknown)
        return value.reason

    assert reason("def f(): ...\nX = f() + '/x'") == "f() would have to be run"
    assert reason("X = missing") == "missing is not defined at module level"
    assert "depends on a test" in reason("import os\nif os.sep:\n    X = 1\nelse:\n    X = 2")


def test_large_loops_are_bounded(tmp_path: Path) -> None:
    text = """
    X = []
    for n in range(10 ** 9):
        X.append(n)
    for n in range(15000):
        for m in range(15000):
            X.append(m)
    """
    assert load(tmp_path, text).diagnostics == ()
