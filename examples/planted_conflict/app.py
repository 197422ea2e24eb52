"""Two modules, one path: `conduitc check examples/planted_conflict/app.py` exits 1 and shows both places."""

from accounts import router
from conduit import Conduit

app = Conduit(title="Planted conflict")
app.include(router, prefix="/users")


@app.get("/users/:id<int>")
def get_user(id: int):
    return {"user_id": id}
