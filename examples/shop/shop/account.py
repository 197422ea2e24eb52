"""Customers and their addresses."""

from conduit import Router

from shop import store
from shop.schemas import Address, Public

router = Router(prefix="/customers")


@router.get("/")
def customers() -> list[Public]:
    """A declared type filters: no secret leaves the house."""
    return store.CUSTOMERS


@router.route("/{name}/address", methods=["PUT", "POST"])
def set_address(name: str, address: Address):
    return {"name": name, "address": address}


@router.put("/{name}/nickname")
async def set_nickname(request, name: str):
    nickname = await request.json()
    return {"name": name, "nickname": nickname}


@router.post("/{name}/greeting")
def greet(name: str, address: Address | None = None):
    """No body is no address."""
    return f"Hello {name}" if address is None else f"Hello {name} of {address['city']}"
