"""Limits and deadlines of the protocol: environment and flags → ``Settings``.

``FIELDS`` is the only table of them: environment names, the flags of ``conduitc run`` and the table in
docs/deployment.md are made of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "CONDUIT_HTTP_"
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_MEBI = 1 << 20


class SettingError(ValueError):
    """A value that is not allowed; the text says which, and what is."""


class Field:
    """One setting: its default tells its type, ``least`` and ``most`` what is allowed."""

    __slots__ = ("also", "default", "least", "most", "name", "what")

    def __init__(
        self, name: str, default: float, least: float, most: float, what: str, also: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.default = default
        self.least = least
        self.most = most
        self.what = what
        #: Other flags with the same meaning.
        self.also = also

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def allowed(self) -> str:
        """What may be said, in words."""
        if isinstance(self.default, bool):
            return "1 or 0"
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        return f"{kind} from {self.least:g} to {self.most:.15g}"

    def read(self, text: str) -> float:
        """The value that ``text`` names; ``SettingError`` where it names none."""
        value: float | None = None
        if isinstance(self.default, bool):
            value = text.lower() in _TRUE if text.lower() in _TRUE + _FALSE else None
        elif text.isascii() and text.replace(".", "", isinstance(self.default, float)).isdecimal():
            value = type(self.default)(text) if len(text) < 20 else None
        if value is None or not self.least <= value <= self.most:
            raise SettingError(f"{text!r} is not {self.allowed}")
        return value


FIELDS = (
    Field("header_bytes", 65536, 256, 16 * _MEBI, "bytes of a request's head; more is answered 431"),
    Field("header_fields", 100, 1, 10000, "fields of a request's head; more is answered 431"),
    Field("target_bytes", 8192, 16, 16 * _MEBI, "bytes of a request's target; more is answered 414"),
    Field("chunk_bytes", 16384, 16, 16 * _MEBI, "bytes of a body's chunk extensions, and of its trailers"),
    Field("body_bytes", _MEBI, 0, 1 << 40, "bytes of a body where neither app nor route says; then 413"),
    Field("header_seconds", 10.0, 0.1, 86400, "seconds for a request's head to come; then 408"),
    Field("body_seconds", 10.0, 0.1, 86400, "seconds before the rate of a body counts"),
    Field("body_rate", 240, 1, 1 << 40, "bytes a second with which a body must come; else 408"),
    Field(
        "keep_alive_seconds",
        5.0,
        0,
        86400,
        "seconds for the next request of a connection to begin",
        ("--timeout-keep-alive",),
    ),
    Field("write_seconds", 30.0, 0.1, 86400, "seconds for a client to read some of what waits for it"),
    Field("connections", 0, 0, 1 << 20, "connections of a worker; more are answered 503; 0 is any number"),
    Field("drain_moment", 0.5, 0, 3600, "seconds that live idle connections are still answered at the end"),
    Field(
        "drain_seconds",
        30.0,
        0,
        86400,
        "seconds for what is in flight at the end; then it is cut off",
        ("--timeout-graceful-shutdown",),
    ),
    Field("request_id", False, 0, 1, "answer with x-request-id, and log it"),
    Field("server_timing", False, 0, 1, "answer with server-timing"),
    Field("counters", False, 0, 1, "count requests by route and status"),
)
BY_NAME = {field.name: field for field in FIELDS}


class Settings:
    """The settings of one worker."""

    __slots__ = tuple(BY_NAME)

    header_bytes: int
    header_fields: int
    target_bytes: int
    chunk_bytes: int
    body_bytes: int
    header_seconds: float
    body_seconds: float
    body_rate: int
    keep_alive_seconds: float
    write_seconds: float
    connections: int
    drain_moment: float
    drain_seconds: float
    request_id: bool
    server_timing: bool
    counters: bool

    def __init__(self, **given: float) -> None:
        for name in given:
            if name not in BY_NAME:
                raise TypeError(f"there is no setting {name!r}")
        for field in FIELDS:
            setattr(self, field.name, type(field.default)(given.get(field.name, field.default)))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **given: float | None) -> Settings:
        """What the environment says, then what is given (None is not), then the defaults."""
        known = {name: value for name, value in given.items() if value is not None}
        for field in FIELDS:
            text = environ.get(field.variable, "").strip()
            if text:
                try:
                    known[field.name] = field.read(text)
                except SettingError as error:
                    raise SettingError(f"{field.variable}: {error}") from None
        return cls(**known)


def environment_of(values: Mapping[str, float]) -> dict[str, str]:
    """Settings as they are told to workers."""
    return {BY_NAME[name].variable: _text(value) for name, value in values.items()}


def _text(value: float) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
