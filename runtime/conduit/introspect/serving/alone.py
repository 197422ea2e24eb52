"""``conduitc introspect METADATA serve``: the door without an app, under our own server.

In: a metadata.json and the words after ``serve``. Out: served until stopped, and the exit code. Another
metadata.json in its place is loaded whole, and then taken.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from conduit.introspect.audit import Audit
from conduit.introspect.codebase import load
from conduit.introspect.errors import MetadataError
from conduit.introspect.serving.rate import rate_of
from conduit.introspection import AUDIT, TOKEN, Introspection
from conduit.server.listen import Refused, address_of, bound
from conduit.server.settings import SettingError, Settings
from conduit.server.words import parser as server_words

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from conduit.app import Conduit
    from conduit.http.entry import Finders, Hit

PORT = 8765
#: What processes of the server read, which all begin anew.
_GIVEN = "CONDUIT_INTROSPECTION_ALONE"
_PATH = "/introspect/v1"
_APP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "standing")


def serve(metadata: str, words: Sequence[str], program: str) -> int:
    """Serve the metadata.json; 2 where that cannot be done."""
    options = _parser(program).parse_args(words)
    path = os.path.abspath(metadata)
    try:
        load(path)
        rate_of(options.rate)
        if options.audit:
            Audit(options.audit).close()
        made = _tokens(options.token_env)
        listener = bound(options.host, options.port, "http")
        settings = Settings.from_environment(os.environ)
    except (MetadataError, OSError, Refused, SettingError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        file = getattr(error, "filename", None) or metadata
        what = f"{file}: {why}" if isinstance(error, MetadataError | OSError) else why
        print(f"{program}: {what}", file=sys.stderr)
        return 2
    given = {"metadata": path, "rate_limit": options.rate, "memory_limit_mb": options.memory}
    os.environ[_GIVEN] = json.dumps(given)
    if options.audit:
        os.environ[AUDIT] = os.path.abspath(options.audit)
    address = f"{address_of(listener, options.host, 'http')}{_PATH}/"
    said = f"Introspection at {address}"
    if made is not None:
        said += f'\nToken, for this time: {made}\n  curl -H "Authorization: Bearer {made}" {address}'
    return _served(options, settings, listener, said, program)


def app_of_environment() -> Conduit:
    """What each process serves."""
    from conduit.app import Conduit
    from conduit.http.served import serving
    from conduit.introspect.serving.door import Door
    from conduit.introspect.serving.opening import entries_of, guards_of
    from conduit.introspect.serving.source import of_file

    given = json.loads(os.environ[_GIVEN])
    path = given.pop("metadata")
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    settings = Introspection(enabled=True, **given)
    door = Door(guards_of(settings, of_file(path, watched=True), folder))
    entry, models = entries_of(door, 2)

    def find_models(asked: str) -> Hit | None:
        return (models,) if asked == f"{_PATH}/mcp" else None

    def find_models_segments(segments: list[str]) -> Hit | None:
        return find_models("/" + "/".join(segments))

    def find(asked: str) -> Hit | None:
        if asked == _PATH:
            return (entry,)
        if asked == f"{_PATH}/mcp":
            return (models,)
        return (entry, asked[len(_PATH) + 1 :]) if asked.startswith(f"{_PATH}/") else None

    def find_segments(segments: list[str]) -> Hit | None:
        return find("/" + "/".join(segments))

    app = Conduit(title="introspection")
    finders: Finders = dict.fromkeys(("GET", "HEAD"), (find, find_segments))
    finders.update(dict.fromkeys(("DELETE", "POST"), (find_models, find_models_segments)))
    made = serving(finders)
    made.adopt(app, None, None)
    app._serve, app._served = made.serve, made
    return app


def _parser(program: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=program, description="Answer questions over HTTP.", allow_abbrev=False
    )
    add = made.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=PORT, help="port to listen on (%(default)s); 0: any")
    add("--workers", type=int, default=1, help="processes (%(default)s)")
    add("--token-env", metavar="NAME", help=f"the variable that holds the tokens ({TOKEN})")
    add("--rate", default="100/second", help="questions that each token may ask of a process (%(default)s)")
    add("--audit", metavar="FILE", help="the file that gets a line an access (standard error)")
    add(
        "--memory",
        type=float,
        default=100,
        metavar="MB",
        help="above it introspection gives way (%(default)s)",
    )
    return made


def _tokens(name: str | None) -> str | None:
    """See that there are tokens; the one that was made, if there were none.

    Raises:
        Refused: the variable that was named is not set.
    """
    given = os.environ.get(name or TOKEN, "").strip()
    if given:
        os.environ[TOKEN] = given
        return None
    if name is not None:
        raise Refused(f"--token-env {name}: the variable is not set")
    from secrets import token_urlsafe

    os.environ[TOKEN] = made = token_urlsafe(32)
    return made


def _served(
    options: argparse.Namespace, settings: Settings, listener: socket.socket, said: str, program: str
) -> int:
    words = [_APP, "--host", options.host, "--workers", str(options.workers), "--log-level", "warning"]
    try:
        server = server_words(f"{program}").parse_args(words)
        server.program = program
        if _APP not in sys.path:
            sys.path.insert(0, _APP)
        if server.workers > 1:
            from conduit.server.supervisor import supervise

            return supervise(server, settings, listener, said)
        from conduit.server.process import Process
        from conduit.server.process import serve as serve_one

        return serve_one(Process(server, settings, listener, lambda: print(said, flush=True)))
    finally:
        listener.close()
