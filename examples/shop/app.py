"""A shop of several modules: groups, bodies, middleware, errors."""

import logging

from conduit import Conduit
from shop import account, admin, catalogue, orders, pages
from shop.errors import OutOfStock, as_conflict, as_problem
from shop.middleware import request_id, timing
from shop.store import close_store, open_store

API = "/api"
VERSION = 1

app = Conduit(title="Shop", version="1.2.0", description="A small shop", lifespan=open_store)

app.middleware(request_id)
app.middleware(timing)

app.include(catalogue.router, prefix=f"{API}/v{VERSION}")
app.include(orders.router, prefix=f"{API}/v{VERSION}")
app.include(account.router, prefix=API)
app.include(admin.router)
app.include(pages.router)

app.exception_handler(OutOfStock)(as_conflict)
app.exception_handler(ZeroDivisionError)(as_problem)


@app.on_startup
def announce():
    logging.getLogger("shop").info("open")


@app.on_shutdown
async def farewell():
    await close_store()


@app.fallback
def nothing_here(request):
    return {"error": "nothing here", "path": request.path}, 404


if __name__ == "__main__":
    app.run(port=8000)
