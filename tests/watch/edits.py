"""A program and random numbers → the program with one edit more, as somebody at work might make it.

Most edits leave a program that works. Some break it, and a broken file is mended soon.
"""

import ast
import re
from collections.abc import Callable
from random import Random

from tests.watch.programs import Program

Edit = Callable[[Random, Program, str], str | None]

_TYPES = ("int", "str", "float", "bool", "list[int]", "dict[str, int]", "int | None", "Missing", '"User"')
_BODIES = (
    "return 1", 'return {"x": 1}', "return None", "x = 1\n    return x",
    "import time\n    time.sleep(1)\n    return 2",
    'return open("x").read()', "global VERSION\n    VERSION = 4\n    return VERSION", "return LIMIT",
    "import shared\n    shared.LIMIT = 3\n    return shared.NAME",
    "for one in range(3):\n        pass\n    return one",
    'from models import User\n    return User("x").title()',
)  # fmt: skip
_LINES = (
    "X{n} = {n}", "TAGS = [{n}]", "# a remark {n}", "", 'NOTE{n} = "text {n}"', "import json",
    "import shared", "shared.TAGS.append({n})", "shared.LIMIT = {n}", "shared.NAME += 'x'",
    "from shared import *",
    "from shared import LIMIT as NAME", "from models import User as Count", "import pkg.other as shared",
    "class Extra{n}(str): pass", "from missing import nothing", "SIZES = (1, 2, {n})", "len(SIZES)",
    "from extra import helper", "describe = print", "Count = str", "if NAME:\n    LIMIT = {n}",
    "from settings import NAMES", "NAMES.append('n{n}')", "setattr(shared, 'NAME', 'n{n}')",
    "def describe(name): return 'one line {n}'", "list_users = print", "from users import users",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from models import User",
)  # fmt: skip


def _words(text: str) -> list[str]:
    return sorted(set(re.findall(r"(?:^|\n)\s*(?:def|class|async def) (\w+)", text)) | set(
        re.findall(r"(?:^|\n)(\w+)(?:: [^=\n]+)? =", text)
    ))  # fmt: skip


def _rename(random: Random, program: Program, path: str) -> str | None:
    """In one file, which others may go on to name as before."""
    if not (words := _words(program[path])):
        return None
    old = random.choice(words)
    new = random.choice([f"{old}_{random.randrange(9)}", *words])
    return re.sub(rf"\b{old}\b", new, program[path])


def _constant(random: Random, program: Program, path: str) -> str | None:
    """A number or a text becomes another one."""
    return _replaced(random, program[path], r'(?<![\w."])\d+(?![\w.])|"[\w/ ]*"', lambda old: (
        str(random.randrange(200)) if old.isdigit()
        else random.choice([old[:-1] + 'x"', '"/other"', '"z"', '""'])
    ))  # fmt: skip


def _type(random: Random, program: Program, path: str) -> str | None:
    named = r"(?<=: )(?:int|str|float|bool|User|Item|Note|Base|Count)\b(?!\()"
    return _replaced(random, program[path], named,
                     lambda _: random.choice(_TYPES))  # fmt: skip


def _returned(random: Random, program: Program, path: str) -> str | None:
    return _replaced(random, program[path], r"(?<=\)) -> [\w\[\]., ]+(?=:)",
                     lambda _: random.choice(["", *(f" -> {one}" for one in _TYPES)]))  # fmt: skip


def _replaced(random: Random, text: str, pattern: str, new: Callable[[str], str]) -> str | None:
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    one = random.choice(found)
    return text[: one.start()] + new(one[0]) + text[one.end() :]


def _functions(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    return [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]


def _body(random: Random, program: Program, path: str) -> str | None:
    """Another body for a function: its dependants, if any, see nothing of it."""
    text = program[path]
    if not (functions := _functions(text)):
        return None
    one = random.choice(functions)
    lines = text.split("\n")
    body = "    " + random.choice(_BODIES)
    doc = [f'    """Text {random.randrange(9)}.', "", f'    More.{chr(10) * random.randrange(3)}    """']
    made = [*(doc if random.random() < 0.3 else []), body]
    return "\n".join([*lines[: one.body[0].lineno - 1], *made, *lines[one.end_lineno or 0 :]])


def _add_route(random: Random, program: Program, path: str) -> str | None:
    found = re.search(r"^(\w+) = (?:Conduit|Router|FastAPI|APIRouter)\(", program[path], re.M)
    if found is None:
        return None
    n = random.randrange(6)
    typed = random.choice(["", ": int", ": Count", ": User", ": list[str] = TAGS", ": int = LIMIT"])
    tail = random.choice(_BODIES)
    status = random.choice(["", ", status=201", ", deprecated=True", ', tags=["new"]'])
    way = random.choice(["get", "post", "put"])
    handler = f"def added{n}(value{typed}):\n    {tail}"
    return f'{program[path]}\n\n@{found[1]}.{way}("/added{n}"{status})\n{handler}\n'


def _remove(random: Random, program: Program, path: str) -> str | None:
    """Take a function out, decorators and all."""
    text = program[path]
    if not (functions := _functions(text)):
        return None
    one = random.choice(functions)
    first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
    lines = text.split("\n")
    return "\n".join([*lines[: first - 1], *lines[one.end_lineno or 0 :]])


def _line(random: Random, program: Program, path: str) -> str | None:
    """A line more at the top level: a name, an import, something done to another module."""
    lines = program[path].split("\n")
    places = [n for n, line in enumerate(lines) if line[:1] not in (" ", ")", "}", "")]
    places = [n for n in places if n == 0 or not lines[n - 1].startswith("@")]
    new = random.choice(_LINES).replace("{n}", str(random.randrange(9)))
    at = random.choice(places or [0])
    return "\n".join([*lines[:at], new, *lines[at:]])


def _drop(random: Random, program: Program, path: str) -> str | None:
    lines = program[path].split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _twice(random: Random, program: Program, path: str) -> str | None:
    """A function is defined again under the same name."""
    text = program[path]
    if not (functions := _functions(text)):
        return None
    one = random.choice(functions)
    first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
    return "\n".join([text, "", *text.split("\n")[first - 1 : one.end_lineno], ""])


def _field(random: Random, program: Program, path: str) -> str | None:
    n = random.randrange(5)
    given = random.choice(
        [f"    extra{n}: int = {n}\n", f"    extra{n}: str | None = None\n", f"    x{n}: Missing = 1\n"]
    )
    return _replaced(random, program[path], r"(?<=:\n)(?=    (?:\"\"\"|\w+: ))", lambda _: given)


def _condition(random: Random, program: Program, path: str) -> str | None:
    """A statement happens only if something says so."""
    test = random.choice(["NAME", "__debug__", "LIMIT > 5", "True", "False", "unknown()", "DEBUG"])
    call = r"(?<=\n)(?:app|users|items|inner|router|register)\b[^\n=]*\(.*\)(?=\n)"
    pattern = call + r"|(?<=\n)(?:from|import) [^\n]*(?=\n)"
    return _replaced(random, program[path], pattern, lambda old: f"if {test}:\n    {old}")


def _broken(random: Random, program: Program, path: str) -> str | None:
    lines = program[path].split("\n")
    at = random.randrange(len(lines))
    lines[at] += random.choice([" (", ")", " =", ":", ' "', " match"])
    return "\n".join(lines)


EDITS: tuple[Edit, ...] = (
    _rename, _constant, _constant, _type, _returned, _body, _body, _body, _add_route, _remove, _line, _line,
    _line, _drop, _twice, _field, _condition, _broken,
)  # fmt: skip

_EXTRA = "import shared\n\nVALUE = {n}\n\n\ndef helper() -> int:\n    return shared.LIMIT + {n}\n"


def edited(random: Random, program: Program, start: Program) -> tuple[str, Program]:
    """What was done, and the program after it. ``start`` is what its files once were."""
    new = dict(program)
    paths = sorted(new)
    kind = random.random()
    if kind < 0.05 and len(paths) > 3:
        gone = random.choice(paths[1:])
        del new[gone]
        return f"delete {gone}", new
    if kind < 0.09 and len(paths) > 1:
        one, other = random.sample(paths, 2)
        new[one], new[other] = new[other], new[one]
        return f"swap {one} and {other}", new
    if kind < 0.12:
        path = random.choice(["extra.py", "missing.py", "json.py", "pkg/shared.py", "shared/__init__.py"])
        new[path] = _EXTRA.replace("{n}", str(random.randrange(9)))
        return f"add {path}", new
    if kind < 0.15:
        one = random.choice(paths)
        new[one] = "\n" * random.randrange(1, 4) + new[one]
        return f"move {one} down", new
    if kind < 0.3:
        one = random.choice(sorted(start))
        new[one] = start[one]
        return f"put {one} back", new
    path = random.choice(paths)
    for edit in random.sample(EDITS, len(EDITS)):
        text = edit(random, new, path)
        if text is not None:
            new[path] = text
            return f"{edit.__name__[1:]} in {path}", new
    return "nothing", new
