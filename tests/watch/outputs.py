"""A program in a folder → all that is said and written of it, as text.

``python -m tests.watch.outputs TARGET`` prints it: so says a process that has done nothing else.
"""

import sys
from pathlib import Path

from conduitc.analysis import analyse
from conduitc.codegen.emit import emit_service
from conduitc.codegen.mcp_json import emit_mcp
from conduitc.codegen.metadata import emit_metadata
from conduitc.codegen.openapi import emit_openapi
from conduitc.diagnostics import has_errors
from conduitc.frontend.observing import observe
from conduitc.kept import Kept
from conduitc.mined import patterns_of
from conduitc.report.json import render
from tests.watch.programs import Program


def outputs(target: Path, kept: Kept | None) -> dict[str, str]:
    """By name: findings always, the rest where there is an App, what serves where nothing is wrong."""
    analysis = analyse(target, compiled=True, kept=kept)
    made = {"findings": render(analysis.diagnostics), "heeded": repr(analysis.heeded)}
    if analysis.app is None or analysis.project is None:
        return made
    app = analysis.app
    made["app"] = repr(app)
    patterns = patterns_of(analysis)
    made["metadata.json"] = emit_metadata(app, analysis.diagnostics, patterns, kept=kept)
    made["stripped"] = emit_metadata(app, analysis.diagnostics, patterns, stripped=True, kept=kept)
    made["subjects"] = repr(observe(analysis.project, app))
    made["openapi.json"] = emit_openapi(app)
    if app.dialect == "conduit" and app.variable and not has_errors(analysis.diagnostics):
        texts = {one.source.file: one.source.text for one in analysis.project.scopes.values()}
        emitted = emit_service(app, "python", texts, kept)
        made |= {"wiring": emitted.wiring, "adapters": emitted.adapters, "map": emitted.sourcemap}
        made |= {"dispatch": emitted.dispatch, "mcp.json": emit_mcp(app) or ""}
    return made


def write(folder: Path, before: Program, program: Program) -> None:
    """Make ``folder`` hold ``program``, where it holds ``before``; other files are left alone."""
    for path in before.keys() - program.keys():
        (folder / path).unlink()
    for path, text in program.items():
        if before.get(path) != text:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")


if __name__ == "__main__":
    for name, text in outputs(Path(sys.argv[1]), None).items():
        print(f"== {name}\n{text}")
