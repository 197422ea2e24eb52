"""What a call did, so that two can be compared: value with types, or exception with place and locals."""

import struct
from collections.abc import Sequence
from typing import Any


def outcome(function: Any, arguments: Sequence[object]) -> tuple[object, ...]:
    """Floats by their bits (all NaNs are one); an exception with its message, line, and the locals there."""
    try:
        return "returned", exactly(function(*arguments))
    except Exception as error:
        trace = error.__traceback__
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_name != "outcome":
                values = {
                    name: exactly(value)
                    for name, value in sorted(trace.tb_frame.f_locals.items())
                    if not name.startswith("_conduit_")
                }
                frames.append((code.co_name, trace.tb_lineno, values))
            trace = trace.tb_next
        return "raised", type(error).__name__, str(error), frames


def exactly(value: object) -> object:
    """A value that is equal only to what has the same type and bits."""
    if isinstance(value, float):
        return type(value).__name__, "nan" if value != value else struct.pack("<d", value)  # noqa: PLR0124
    if isinstance(value, list | tuple):
        return type(value).__name__, [exactly(one) for one in value]
    return type(value).__name__, repr(value)
