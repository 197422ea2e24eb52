"""``check --against``: an earlier build's metadata.json, and where the program breaks what it promised."""

from pathlib import Path

from conduitc.analysis import Analysis
from conduitc.cli.out import Refused
from conduitc.contract.changes import compare
from conduitc.contract.offered import Contract, of_app
from conduitc.contract.read import NotAContract, of_metadata
from conduitc.diagnostics import Diagnostic


def promised(file: Path) -> Contract:
    """What the build promised whose metadata this is; its folder will do.

    Raises:
        Refused: there is none, or it is something else.
    """
    place = file / "metadata.json" if file.is_dir() else file
    try:
        if place.exists() and not place.is_file():  # a pipe may never end
            raise Refused(f"{file} is no file")
        return of_metadata(place.read_bytes())
    except FileNotFoundError:
        raise Refused(f"there is no {place}; `conduitc build` writes one into its folder") from None
    except OSError as error:
        raise Refused(f"{place} cannot be read: {error.strerror}") from None
    except NotAContract as error:
        raise Refused(f"{place} {error}") from None


def broken(before: Contract, analysis: Analysis, file: Path) -> tuple[Diagnostic, ...]:
    """The findings on a program that could be read."""
    return compare(before, of_app(analysis.app), str(file)) if analysis.app is not None else ()
