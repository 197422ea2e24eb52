"""``conduitc build --watch``: build, and again whenever something that the build is made of changes."""

import contextlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

from conduitc import places
from conduitc.dev.watch import Snapshot, changed, snapshot, sources

POLL_SECONDS = 0.1
#: Editors write a file in several steps, and several files one after the other.
SETTLE_SECONDS = 0.05


def rebuild(target: str, folder: Path, build: Callable[[], int], say: Callable[[str], None]) -> int:
    """Until interrupted. What ``build`` says of errors is its own affair; the next save is another chance."""
    signal.signal(signal.SIGTERM, _interrupt)
    seen: Snapshot | None = None
    try:
        while True:
            now = snapshot(watched(target, folder))
            files = changed(seen, now) if seen is not None else []
            if seen is None or files:
                if files:
                    now = _settled(now, target, folder)
                    say(f"changed: {', '.join(sorted({file.name for file in changed(seen or {}, now)}))}")
                build()
                say(f"watching {target}; Ctrl-C stops")
                seen = now
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return 0


def watched(target: str, folder: Path) -> list[Path]:
    """All Python files of the project, its settings, and what the last build and the settings add to them."""
    path = Path(places.split(target)[0])
    file = places.entry_file(str(path))
    root = places.root_and_names(file)[0] if file else path.absolute().parent
    home = places.home_of(root)
    found = {*sources(root), home / places.SETTINGS, *(root / one for one in _inputs(folder))}
    with contextlib.suppress(OSError, ValueError, AttributeError, TypeError, NotImplementedError):
        found.update(places.included(home, places.patterns_of(home)))  # the build says what is wrong there
    return sorted(found)


def _inputs(folder: Path) -> list[str]:
    try:
        return list(json.loads((folder / places.MARK).read_bytes())["inputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _settled(now: Snapshot, target: str, folder: Path) -> Snapshot:
    """What there is once nothing has changed for a moment."""
    while True:
        time.sleep(SETTLE_SECONDS)
        later = snapshot(watched(target, folder))
        if later == now:
            return now
        now = later


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
