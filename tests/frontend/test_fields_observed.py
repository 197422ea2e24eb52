"""Fields are compared with those of the same type in schemas of the same sort."""

from pathlib import Path

from conduitc.driver import analyse
from conduitc.frontend.observing import observe
from conduitc.mining import mine

NOTES = Path(__file__).parents[2] / "examples/fastapi_notes/notes/main.py"


def test_texts_that_are_sent_are_bounded_below() -> None:
    """Texts that are given back are not, nor are numbers that are sent: neither alone has a convention."""
    analysis = analyse(NOTES)
    assert analysis.project is not None and analysis.app is not None
    (found,) = (
        one
        for one in mine(observe(analysis.project, analysis.app))
        if one.template == "{field}: {type} = Field(min_length={min_length}, ...)"
    )
    assert found.population == "fields of type str of schemas named …Create"
    assert (found.support, found.n) == (5, 6)
    assert [one.span.file for one in found.exceptions] == ["notes/schemas.py"]
