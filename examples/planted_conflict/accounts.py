"""A group that another module includes under /users."""

from conduit import Router

router = Router()


@router.get("/{number:int}")
def get_account(number: int):
    return {"account": number}
