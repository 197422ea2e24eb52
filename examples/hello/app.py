"""The smallest app: an answer known at build time, and one made from the path."""

from conduit import Conduit

app = Conduit(title="Hello", version="1.0.0")


@app.get("/")
def index(request):
    return {"message": "Hello, World!"}


@app.get("/users/:id")
def get_user(request):
    return {"user_id": request.params["id"]}


app.run(host="127.0.0.1", port=8000)
