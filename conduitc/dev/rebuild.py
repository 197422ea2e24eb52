"""``conduitc build --watch``: build, and again whenever something that the build is made of changes."""

import contextlib
import gc
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from conduitc import places
from conduitc.dev.watch import Snapshot, changed, snapshot, sources

#: What looking at the files costs is at most one part of the time in so many.
POLL_SECONDS, POLL_SHARE = 0.02, 20
#: Editors write a file in several steps, and several files one after the other; one that is empty is mostly
#: about to be written. Somebody who never stops writing is not waited for.
SETTLE_SECONDS, EMPTY_SECONDS, STORM_SECONDS = 0.01, 0.1, 1.0


def rebuild(target: str, folder: Path, build: Callable[[], int], say: Callable[[str], None]) -> int:
    """Until interrupted. What ``build`` says of errors is its own affair; the next save is another chance."""
    signal.signal(signal.SIGTERM, _interrupt)
    files, seen = Watched(target, folder), None
    gc.disable()
    try:
        while True:
            began = time.monotonic()
            now = files.look()
            pause = max(POLL_SECONDS, (time.monotonic() - began) * POLL_SHARE)
            if seen is None or changed(seen, now):
                if seen is not None:
                    now = _settled(seen, now, files)
                    say(f"changed: {', '.join(sorted({file.name for file in changed(seen, now)}))}")
                build()
                now = _still_watched(now, files)
                say(f"watching {target}; Ctrl-C stops")
                _tidied()
            seen = now
            time.sleep(pause)
    except KeyboardInterrupt:
        return 0
    finally:
        gc.unfreeze()
        gc.enable()


def _tidied() -> None:
    """What is kept is many objects, and going through them while somebody waits would take longer than the
    build. So garbage is collected when nobody does; what stays holds no cycles, and is set aside from the
    collections to come."""
    gc.collect()
    gc.freeze()


class Watched:
    """What a build of ``target`` into ``folder`` is made of, as far as files go."""

    def __init__(self, target: str, folder: Path) -> None:
        self._target = target
        self._mark = folder / places.MARK
        self._marked: tuple[tuple[int, int, int], list[str]] | None = None

    def files(self) -> list[str]:
        """All Python files of the project, its settings, and what the last build and the settings add."""
        path = Path(places.split(self._target)[0])
        file = places.entry_file(str(path))
        root = places.root_and_names(file)[0] if file else path.absolute().parent
        home = places.home_of(root)
        found = {*sources(root), *(f"{root}/{one}" for one in self._inputs())}
        found |= {str(home / name) for name in (places.SETTINGS, places.PATTERNS)}
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError, NotImplementedError):
            found.update(
                map(str, places.included(home, places.patterns_of(home)))
            )  # the build says what is wrong
        return sorted(found)

    def look(self) -> Snapshot:
        return snapshot(self.files())

    def _inputs(self) -> list[str]:
        """What the last build was made of; its mark may be large, and is read once."""
        try:
            found = self._mark.stat()
            now = found.st_mtime_ns, found.st_size, found.st_ino
            if self._marked is None or self._marked[0] != now:
                self._marked = now, list(json.loads(self._mark.read_bytes())["inputs"])
            return self._marked[1]
        except (OSError, ValueError, KeyError, TypeError):
            return []


def _still_watched(seen: Snapshot, files: Watched) -> Snapshot:
    """Without what the new build is no longer made of. What is gone stays: somebody removed it meanwhile."""
    names = set(files.files())
    return {name: look for name, look in seen.items() if name in names or not os.path.exists(name)}


def _settled(seen: Snapshot, now: Snapshot, files: Watched) -> Snapshot:
    """What there is once nothing has changed for a moment."""
    end = time.monotonic() + STORM_SECONDS
    while time.monotonic() < end:
        emptied = any(look[0][2] == 0 != seen.get(name, look)[0][2] for name, look in now.items())
        time.sleep(EMPTY_SECONDS if emptied else SETTLE_SECONDS)
        later = files.look()
        if not changed(now, later):
            return later
        now = later
    return now


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
