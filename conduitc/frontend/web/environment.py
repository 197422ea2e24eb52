"""What is read from the environment: the default, as what holds unless the environment says otherwise."""

from __future__ import annotations

from conduitc.frontend.constants import assumed
from conduitc.frontend.scope import Call
from conduitc.frontend.values import Bound, Class, Const, External, Unknown, Value, derives

_READERS = ("os.getenv", "os.environ.get")
#: What is set on every machine.
_SET = frozenset({"HOME", "PATH", "USER", "PWD", "SHELL", "LANG", "TMPDIR", "TERM", "LOGNAME", "HOSTNAME"})
_SETTINGS = ("pydantic_settings.BaseSettings", "pydantic_settings.main.BaseSettings", "pydantic.BaseSettings")


def read(function: Value, call: Call) -> Value | None:
    """The value of ``os.getenv(name, default)`` where the environment says nothing."""
    match function:
        case External(name=name) if name in _READERS:
            pass
        case Bound(owner=External(name="os.environ"), name="get"):
            pass
        case _:
            return None
    variable, default = call.argument("key", 0), call.argument("default", 1) or Const(None)
    if isinstance(variable, Const) and variable.value not in _SET and isinstance(default, Const):
        call.scope.project.assumed += 1
        return assumed(default)
    return Unknown("the environment says", call.span)


def is_settings(cls: Class) -> bool:
    """Whether the attributes of a class are read from the environment."""
    return derives(cls, *_SETTINGS) is not None
