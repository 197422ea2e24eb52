"""The app: `uvicorn notes.main:app` serves it."""

from fastapi import FastAPI

from notes.errors import QuotaExceeded, as_conflict
from notes.middleware import RequestId, no_sniffing
from notes.routers import accounts, admin, comments, health, notebooks, notes, sharing, tags

API = "/api/v1"

app = FastAPI(title="Notes", version="2.1.0")

app.add_middleware(RequestId, header="x-request-id")
app.middleware("http")(no_sniffing)
app.add_exception_handler(QuotaExceeded, as_conflict)

app.include_router(health.router)
for module in (accounts, notebooks, notes, comments, tags, sharing, admin):
    app.include_router(module.router, prefix=API)
