"""The licence."""

from app import app


@app.resource("test://licence", media_type="text/plain")
def licence() -> str:
    """The licence."""
    return "MIT"
