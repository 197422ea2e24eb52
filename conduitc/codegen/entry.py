"""App → ``dist/app.py``: finds the build, imports the user's module, binds the two."""

import zlib
from collections.abc import Mapping

from conduitc import __version__
from conduitc.codegen.code import Code, constant
from conduitc.ir.nodes import App


def emit_entry(app: App, sources: Mapping[str, bytes], *, loops: bool = False) -> str:
    """The module's text. ``sources`` are the copied files by their path under ``src/``; ``loops``: some of
    them find compiled loops where these are loaded first."""
    code = Code()
    code.header("The built app: serve app:app.", __version__, app.entry)
    code.lines("import sys", "from importlib import import_module")
    code.lines("from os.path import abspath, dirname, join", "from zlib import crc32")
    code.lines("", f"MODULE = {constant(app.module)}", f"VARIABLE = {constant(app.variable)}")
    code.comment("Whether there are compiled loops: the user's modules find them where they are loaded.")
    code.line(f"LOOPS = {loops}")
    code.comment("Python sources of this build; one that changed since makes the tables wrong.")
    code.line("SOURCES = {")
    for file in sorted(sources):
        if file.endswith(".py"):
            code.line(f"    {constant(file)}: {zlib.crc32(sources[file])},")
    code.line("}")
    return code.text() + _BODY


_BODY = '''

def changed(folder):
    """The source files that are not what was built."""
    found = []
    for file, digest in SOURCES.items():
        try:
            with open(join(folder, file), "rb") as source:
                same = crc32(source.read()) == digest
        except OSError:
            same = False
        if not same:
            found.append(file)
    return found


def load():
    """The user's app, bound to this build."""
    dist = dirname(abspath(__file__))
    source = join(dist, "src")
    if stale := changed(source):
        raise ImportError("changed since it was built: " + ", ".join(stale) + "; run conduitc build again")
    sys.path[:0] = [source, dist]
    if LOOPS:
        import_module("_conduit.loops")
    here = sys.modules.pop(__name__) if MODULE.partition(".")[0] == __name__ else None
    try:
        found = getattr(import_module(MODULE), VARIABLE)
    except BaseException:
        if here is not None:
            sys.modules[__name__] = here
        raise
    from _conduit.wiring import bind
    from conduit._abi import bind_build

    bind_build(found, bind)
    if here is not None:
        offer(sys.modules[__name__], found)
    return found


def offer(module, found):
    """Let `module`, the user's, answer as this one too: servers ask it for `app`.

    The user's package is called as this file is, so the import system hands out the user's. Where `app` is a
    submodule there, that stays, and is made callable as the app, which is its `_conduit`; an object of the
    user's is served as it is.
    """
    taken = getattr(module, "app", None)
    if taken is None:
        module.app = found
    elif isinstance(taken, type(sys)):

        async def call(self, scope, receive, send):
            await found(scope, receive, send)

        taken.__class__ = type("module", (type(taken),), {"__call__": call, "_conduit": found})


app = load()
'''
