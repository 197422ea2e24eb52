"""What goes wrong below the endpoints, and how callers are told."""

from fastapi import Request
from fastapi.responses import JSONResponse


class QuotaExceeded(Exception):
    """A user keeps as many notes as one may."""

    def __init__(self, quota: int) -> None:
        super().__init__(f"no more than {quota} notes")
        self.quota = quota


async def as_conflict(request: Request, error: QuotaExceeded) -> JSONResponse:
    """409 with the quota, so that a client can say it."""
    return JSONResponse({"detail": str(error), "quota": error.quota}, status_code=409)
