"""The command ``conduitc`` with an audit hook: ``python -m tests.build.watched LOG ARGUMENTS…``.

Appends a JSON line for each thing of note that the compiler's process does: code that is executed, processes,
sockets, files that are written. It works where there is no strace; children are not seen.
"""

import json
import os
import sys
from typing import Any

_CALLS = ("socket.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen", "pty.spawn")


def watch(log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    seen = set()

    def note(*words: str) -> None:
        if words not in seen:
            seen.add(words)
            os.write(file, (json.dumps(words) + "\n").encode())

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "exec":
            note("exec", arguments[0].co_filename)
        elif event == "open" and isinstance(arguments[0], str | bytes):
            if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                note("write", os.path.abspath(os.fsdecode(arguments[0])))
        elif event.startswith(_CALLS) and event != "socket.gethostname":
            note(event, *map(repr, arguments))

    sys.addaudithook(hook)


if __name__ == "__main__":
    from conduitc.__main__ import main

    place = sys.argv.pop(1)
    watch(place)
    main()
