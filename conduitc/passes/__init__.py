"""App → App and diagnostics, one pass a file; the order is ``PIPELINE``.

A pass is a pure function ``run(app) -> (App, diagnostics)``. The verifier runs between them.
"""

from collections.abc import Callable

from conduitc.diagnostics import Diagnostic
from conduitc.ir import verifier
from conduitc.ir.nodes import App
from conduitc.passes import bind, conflicts, paths, schemas, tools, unreachable

Pass = Callable[[App], tuple[App, tuple[Diagnostic, ...]]]

PIPELINE: tuple[tuple[str, Pass], ...] = (
    ("paths", paths.run),
    ("bind", bind.run),
    ("schemas", schemas.run),
    ("conflicts", conflicts.run),
    ("unreachable", unreachable.run),
    ("tools", tools.run),
)


def run(app: App, fold: bool = True) -> tuple[App, tuple[Diagnostic, ...]]:
    """Every pass in order; what they found, each finding once, in source order.

    A handler in two groups, or a group included twice, would say everything twice.
    """
    found: dict[tuple[object, ...], Diagnostic] = {}
    for name, one in PIPELINE:
        if name == "fold" and not fold:
            continue
        app, diagnostics = one(app)
        verifier.verify(app, after=name)
        for diagnostic in diagnostics:
            found.setdefault((diagnostic.rule.code, diagnostic.span, diagnostic.message), diagnostic)
    return app, tuple(sorted(found.values(), key=lambda d: (d.span, d.rule.code, d.message)))
