"""Programs of a given number of routes, as people write them: several modules, all kinds of routes.

``write(folder, routes)`` makes ``app.py``, ``shared.py`` and one module for every fifty routes.
"""

from pathlib import Path

#: Routes in one module; every kind stands five times in it.
IN_A_MODULE = 50

_APP = """\
from conduit import Conduit

{imports}

VERSION = 0

app = Conduit(title="Bench", version="1.0.0")
{includes}


@app.get("/version")
def version():
    return {{"version": VERSION}}
"""

_SHARED = """\
from dataclasses import dataclass


@dataclass
class Address:
    street: str
    city: str
    zip_code: str | None = None
"""

_MODULE_HEAD = """\
from dataclasses import dataclass, field
from uuid import UUID

from conduit import HTTPError, Request, Response, Router

from shared import Address

router = Router(prefix="/m{m}", tags=["module {m}"])
STORE: dict[int, dict[str, object]] = {{}}


@dataclass
class Item{m}:
    name: str
    price: float = 0.0
    tags: list[str] = field(default_factory=list)
    address: Address | None = None
"""

_KINDS = (
    """
@router.get("/fixed{i}")
def fixed{i}():
    return {{"fixed": {i}, "names": ["a", "b", "c"]}}
""",
    '''
@router.get("/things{i}/{{thing:int}}")
def thing{i}(thing: int, limit: int = 10, verbose: bool = False):
    """One thing, and how many there are."""
    found = STORE.get(thing)
    if found is None:
        raise HTTPError(404, "no such thing")
    return {{"thing": thing, "limit": limit, "verbose": verbose, "found": found}}
''',
    """
@router.post("/items{i}")
async def add{i}(item: Item{m}) -> Item{m}:
    STORE[len(STORE)] = {{"name": item.name}}
    return item
""",
    """
@router.delete("/items{i}/{{name}}")
def remove{i}(name: str):
    total = 0
    for key, value in list(STORE.items()):
        if value.get("name") == name:
            del STORE[key]
            total += 1
    return {{"removed": total}}
""",
    """
@router.get("/files{i}/{{rest:path}}")
def files{i}(rest: str, request: Request):
    return Response(rest.encode(), media_type="text/plain", headers={{"x-path": request.path}})
""",
    """
@router.put("/uuids{i}/{{key:uuid}}/parts/{{part:int}}")
async def put{i}(key: UUID, part: int, item: Item{m}):
    return {{"key": str(key), "part": part, "name": item.name}}
""",
    """
@router.get("/search{i}")
def search{i}(q: str, page: int = 1, sort: str | None = None, only: list[int] | None = None):
    return {{"q": q, "page": page, "sort": sort, "only": only or []}}
""",
    """
@router.patch("/items{i}/{{number:int}}/address")
def move{i}(number: int, address: Address) -> Address:
    return address
""",
    """
@router.get("/rates{i}/{{rate:float}}")
def rate{i}(rate: float) -> float:
    return rate * {i}
""",
    """
@router.get("/text{i}/{{name}}/{{other}}")
def text{i}(name: str, other: str) -> str:
    return f"{{name}} and {{other}}"
""",
)


def write(folder: Path, routes: int) -> Path:
    """The program's entry; one of its routes is `/version`."""
    folder.mkdir(parents=True, exist_ok=True)
    modules = range((routes - 1 + IN_A_MODULE - 1) // IN_A_MODULE)
    left = routes - 1
    for m in modules:
        here = min(IN_A_MODULE, left)
        left -= here
        parts = [_KINDS[i % len(_KINDS)].format(i=i, m=m) for i in range(here)]
        (folder / f"module{m}.py").write_text(_MODULE_HEAD.format(m=m) + "\n".join(["", *parts]), "utf-8")
    (folder / "shared.py").write_text(_SHARED, "utf-8")
    imports = "\n".join(f"import module{m}" for m in modules)
    includes = "\n".join(f"app.include(module{m}.router)" for m in modules)
    entry = folder / "app.py"
    entry.write_text(_APP.format(imports=imports, includes=includes), "utf-8")
    return entry
