"""``conduitc introspect METADATA|APP [COMMAND]``: ask about a build, or about a source file without one.

Imports neither typer nor argparse, and the compiler only for a source: on a build this is done in a few
milliseconds.
"""

from __future__ import annotations

import os
import sys

from conduit.introspect import filters, render
from conduit.introspect.store import MetadataError, Store, load, locate

from conduitc.cli.out import put, put_json

USAGE = """\
usage: conduitc introspect METADATA|APP [COMMAND] [--format table|json]

METADATA is a build's folder or its metadata.json; APP is app.py, a package, or module:variable.

commands:
  (none)          an overview with counts
  resources       everything that is known, one line a resource
  resource NAME   all about one resource; NAME is an id, a name or a path
  routes          method, path, handler and effective middleware of every route
                  [--method METHOD] [--middleware NAME] [--tag TAG]
  unresolved      what the analysis could not prove, and why

exit codes: 0 answered, 1 no such resource or the app has errors, 2 wrong usage or an unreadable file"""

_COMMANDS = ("overview", "resources", "resource", "routes", "unresolved")
_FILTERS = ("method", "middleware", "tag")
_FORMATS = ("table", "json")


class _Refusal(Exception):
    """Ends the command: exit code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def introspect_command(arguments: list[str]) -> int:
    """Answer one question; the exit code."""
    if "-h" in arguments or "--help" in arguments:
        put(USAGE)
        return 0
    try:
        target, command, name, options = _parse(arguments)
        answer = _answer(_store(target), command, name, options)
    except _Refusal as refusal:
        print(f"conduitc introspect: {refusal}", file=sys.stderr)
        return refusal.code
    (put_json if options.get("format") == "json" else put)(answer)
    return 0


def _parse(arguments: list[str]) -> tuple[str, str, str, dict[str, str]]:
    """Target, command, name and options, in any order but for those three words."""
    words: list[str] = []
    options: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        if not argument.startswith("--"):
            words.append(argument)
            continue
        key, given, value = argument[2:].partition("=")
        if key not in ("format", *_FILTERS):
            raise _Refusal(2, f"no such option: --{key}\n\n{USAGE}")
        options[key] = value if given else next(rest, "")
        if not options[key]:
            raise _Refusal(2, f"--{key} needs a value")
    target, command, *name = [*words, "overview"] if len(words) == 1 else words or ["", ""]
    if not target:
        raise _Refusal(2, f"what is to be asked?\n\n{USAGE}")
    if command not in _COMMANDS:
        raise _Refusal(2, f"no such command: {command}\n\n{USAGE}")
    if bool(name) != (command == "resource"):
        raise _Refusal(2, "which resource?" if not name else f"{command} takes no further word: {name[0]}")
    if options.get("format", "table") not in _FORMATS:
        raise _Refusal(2, f"--format is {' or '.join(_FORMATS)}, not {options['format']}")
    if command != "routes" and any(key in options for key in _FILTERS):
        raise _Refusal(2, f"only routes can be filtered by {', '.join(_FILTERS)}")
    return target, command, " ".join(name), options


def _answer(store: Store, command: str, name: str, options: dict[str, str]) -> str:
    form = options.get("format", "table")
    if command == "resources":
        return render.resources(filters.resources(store.rows), form)
    if command == "routes":
        chosen = {key: options.get(key) for key in _FILTERS}
        return render.routes(filters.routes(store.rows, **chosen), form)
    if command == "unresolved":
        return render.unresolved(store.unresolved(), form)
    if command == "overview":
        return render.overview(store, form)
    found = store.find(name)
    if not found:
        close = " or ".join(map(render.plain, store.suggest(name)))
        raise _Refusal(1, f"no resource {name!r}" + (f"; did you mean {close}?" if close else ""))
    if len(found) > 1:
        raise _Refusal(
            1, f"{name!r} is one of several:\n" + "\n".join(f"  {render.plain(row.id)}" for row in found)
        )
    return render.resource(store.body(found[0]), form)


def _store(target: str) -> Store:
    """Of a build where ``target`` is one, else of the app compiled in memory."""
    path = locate(target)
    if path is None and not os.path.exists(target):
        from conduitc.cli.served import mend

        mend(target)
        path = locate(target)
    if path is None and target.endswith(".json"):
        raise _Refusal(2, f"{target}: no such file")
    try:
        return load(path) if path else Store(_compiled(target))
    except (OSError, MetadataError) as error:
        raise _Refusal(2, f"{target}: {getattr(error, 'strerror', None) or error}") from None


def _compiled(target: str) -> bytes:
    from conduitc.cli.findings import shown
    from conduitc.codegen.metadata import emit_metadata
    from conduitc.driver import analyse

    analysis = analyse(target)
    if analysis.app is None:
        raise _Refusal(1, f"{target} cannot be analysed\n{shown(analysis.diagnostics, target)}")
    return emit_metadata(analysis.app, analysis.diagnostics).encode()
