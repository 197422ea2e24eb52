"""Analysis → the patterns of a program, with their examples: what every writer of metadata asks."""

from msgspec import structs

from conduitc.analysis import Analysis
from conduitc.curation import curate
from conduitc.frontend.observing import observe, shown
from conduitc.frontend.source import no_collections
from conduitc.ir.patterns import Pattern
from conduitc.mining import mine


def patterns_of(analysis: Analysis) -> tuple[Pattern, ...]:
    """How things are done in a program, as far as it can be told; nothing where it has no App."""
    if analysis.app is None or analysis.project is None:
        return ()
    project = analysis.project
    with no_collections():  # the collector would walk all syntax trees of the program
        patterns = curate(mine(observe(project, analysis.app)), project.root)
        return tuple(structs.replace(one, example_text=shown(project, one.example.span)) for one in patterns)
