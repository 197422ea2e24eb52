"""What `--lazy`, `--strip` and compiled loops make of the App and of the copied sources."""

import io
import tokenize
from collections.abc import Iterator, Mapping

from conduitc.copied import placed
from conduitc.frontend import lazy
from conduitc.frontend.edits import Offsets, Replacement, apply
from conduitc.frontend.project import Project
from conduitc.frontend.strip import strip
from conduitc.ir.loops import NumericLoops
from conduitc.ir.nodes import App
from conduitc.options import Options


def grouped(app: App, project: Project, options: Options) -> tuple[App, lazy.Lazy]:
    """The App with its lazy groups, and what these change; as it was where none were asked for."""
    if not options.lazy:
        return app, lazy.NONE
    found = lazy.find(project, app)
    return lazy.with_groups(app, found), found


def notes(lazily: lazy.Lazy) -> Iterator[str]:
    """What waits for its first request, and what does not and why."""
    if lazily.groups:
        names = ", ".join(group.module for group in lazily.groups)
        yield f"imported when a route of theirs is first asked for: {names}"
    for one in lazily.eager:
        yield f"{one.module} is imported at the start: {one.why}"


def sources(
    copies: Mapping[str, bytes], app: App, lazily: lazy.Lazy, loops: NumericLoops, options: Options
) -> Mapping[str, bytes]:
    """The copied sources, by path under ``src/``, with stand-ins for lazy imports, calls of compiled loops,
    and stripped."""
    compiled = {one.file: one for one in loops.modules}
    made = dict(copies)
    for module in app.modules:
        if module.file in lazily.edits:
            path = placed(module)
            made[path] = _put_off(made[path], lazily.edits[module.file])
        if module.file in compiled:
            from conduitc.frontend.numeric.headers import with_loops

            path = placed(module)
            text, encoding = _text(made[path])
            made[path] = with_loops(text, compiled[module.file]).encode(encoding)
    if options.strip:
        made = {path: strip(data) if path.endswith(".py") else data for path, data in made.items()}
    return made


def _put_off(data: bytes, edits: lazy.Edits) -> bytes:
    """Slots are on other lines than the statements replaced, so that their places still hold."""
    text, encoding = _text(data)
    offsets = Offsets(text)
    return apply(text, [Replacement(*offsets.of(span), new) for span, new in edits]).encode(encoding)


def _text(data: bytes) -> tuple[str, str]:
    """A source, and its encoding."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding), encoding
