"""``conduitc doctor``: what is missing on this machine, and how to get it."""

import msgspec

from conduitc.cli.out import put, put_json
from conduitc.doctor import Finding, examine

_SIGNS = {"ok": "ok", "optional": "--", "missing": "NO"}


def doctor_command(format_: str) -> int:
    """Print what was found; 2 where something is missing without which conduitc cannot work."""
    found = examine()
    if format_ == "json":
        document = {"version": 1, "findings": found}
        put_json(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        put("\n".join(_line(one) for one in found))
        put("\n" + _verdict(found))
    return 2 if any(one.status == "missing" for one in found) else 0


def _line(one: Finding) -> str:
    line = f"{_SIGNS[one.status]}  {one.name:<20} {one.found}"
    return f"{line}\n    {'':<20} {one.get}" if one.get else line


def _verdict(found: tuple[Finding, ...]) -> str:
    missing = [one.name for one in found if one.status == "missing"]
    if missing:
        return f"missing: {', '.join(missing)}"
    spare = [one.name for one in found if one.status == "optional"]
    return f"everything works; it would be better with: {', '.join(spare)}" if spare else "everything is here"
