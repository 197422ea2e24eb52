"""``conduitc new NAME``: a project that builds and passes its own test at once."""

import shlex
import sys
from pathlib import Path

from conduitc.cli.out import put
from conduitc.scaffold import Refused, create


def new_command(folder: Path, template: str) -> int:
    """Make it and say what to type next; 2 where it cannot be made there."""
    try:
        paths = create(folder, template)
    except (Refused, OSError) as error:
        why = str(error) if isinstance(error, Refused) else f"{folder}: {error.strerror or error}"
        print(f"conduitc new: {why}", file=sys.stderr)
        return 2
    put("\n".join(f"  {folder / path}" for path in sorted(paths)))
    put(f"\nNow: cd {shlex.quote(str(folder))} && conduitc dev app.py")
    return 0
