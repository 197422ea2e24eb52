"""App → App and diagnostics, one pass a file; the order is ``PIPELINE``.

A pass is a pure function ``run(app) -> (App, diagnostics)``. The verifier runs between them.
"""

from types import ModuleType

from conduitc.diagnostics import Diagnostic
from conduitc.ir import verifier
from conduitc.ir.nodes import App
from conduitc.passes import (
    arguments,
    auth,
    bind,
    blocks,
    conflicts,
    deadcode,
    fold,
    introspection,
    models,
    paths,
    placement,
    schemas,
    secret_literals,
    secret_names,
    served,
    sockets,
    texts,
    tools,
    unreachable,
    usage,
)

PIPELINE: tuple[ModuleType, ...] = (
    paths,  # converters and annotations agree
    bind,  # every parameter has a place
    arguments,  # those of tools, too
    sockets,  # handlers of connections take them
    schemas,  # what is read has a schema
    conflicts,
    unreachable,
    placement,  # inline, thread or task
    fold,  # answers known now
    usage,
    tools,
    auth,  # who may call them
    introspection,  # nothing stands where questions are answered
    blocks,
    models,
    served,
    secret_literals,
    secret_names,
    texts,
    deadcode,
)

#: For apps of other frameworks: what can be said of any set of routes.
OF_ROUTES: tuple[ModuleType, ...] = (conflicts, unreachable)


def run(app: App, fold: bool = True) -> tuple[App, tuple[Diagnostic, ...]]:
    """Every pass in order; what they found, each finding once, in source order.

    A handler in two groups, or a group included twice, would say everything twice.
    """
    found: dict[tuple[object, ...], Diagnostic] = {}
    verifier.verify(app, after="frontend")
    for one in PIPELINE if app.dialect == "conduit" else OF_ROUTES:
        name = one.__name__.rpartition(".")[2]
        if name == "fold" and not fold:
            continue
        before = app
        app, diagnostics = one.run(before)
        verifier.verify(app, after=name, before=before)
        for diagnostic in diagnostics:
            found.setdefault((diagnostic.rule.code, diagnostic.span, diagnostic.message), diagnostic)
    return app, tuple(sorted(found.values(), key=lambda d: (d.span, d.rule.code, d.message)))
