"""The only place that knows Jinja: whole files from ``templates/``."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> "Environment":
    # Imported on first use: most runs of the compiler render nothing, and Jinja costs 40 ms.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("conduitc.templates", ""),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(template: str, **context: object) -> str:
    """The text of ``templates/TEMPLATE``. What comes from users is in ``context`` as a ``repr`` already."""
    return _environment().get_template(template).render(context)
