"""Words."""

from app import app


@app.tool()
def count_words(text: str) -> int:
    """Counts the words of a text."""
    return len(text.split())
