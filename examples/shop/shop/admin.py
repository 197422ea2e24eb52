"""The back office: routes made in a loop, errors of every sort, a handler that blocks."""

import time

from conduit import HTTPError, Router

from shop.middleware import no_store

REPORTS = ("daily", "weekly")

router = Router(prefix="/admin", middleware=[no_store])

for name in REPORTS:

    @router.get(f"/reports/{name}", name=name)
    def report(request):
        return {"report": request.path.rpartition("/")[2]}


@router.get("/slow")
def slow():
    """Blocks, so it runs on a thread."""
    time.sleep(0.01)
    return {"slow": True}


@router.get("/broken")
def broken():
    return 1 // 0


@router.get("/bug")
def bug():
    raise RuntimeError("never shown to the caller")


@router.get("/teapot")
def teapot():
    raise HTTPError(418, "short and stout", headers={"x-pot": "tea"})
