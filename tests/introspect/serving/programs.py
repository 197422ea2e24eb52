"""Programs with introspection, or without."""

TOKEN = "a-token-of-the-tests"
VARIABLE = "CONDUIT_INTROSPECTION_TOKEN"

_SHOP = '''

@dataclass
class Item:
    """What is sold."""

    name: str
    price: float = 0.0


@app.get("/users/:id")
def get_user(id: int) -> dict[str, int]:
    """One user."""
    return {"id": id}


@app.post("/items")
def add_item(item: Item) -> Item:
    """Add an item."""
    return item


def loaded() -> list[str]:
    return sorted(name for name in sys.modules if name.startswith("conduit.introspect."))


@app.get("/loaded")
def show_loaded():
    return loaded()
'''


def shop(declared: str = "introspection=Introspection(enabled=True)", head: str = "") -> str:
    """A small shop; ``declared`` are the arguments of its ``Conduit(...)``."""
    names = "Conduit, Introspection" if "Introspection" in declared else "Conduit"
    imports = f"import os\nimport sys\nfrom dataclasses import dataclass\n\nfrom conduit import {names}\n"
    return f"{imports}{head}\napp = Conduit({declared})\n{_SHOP}"
