"""Methods and attributes of values of known type: what they give, by ``local_types.kind``.

``ITEM``, ``SELF``, ``KEY`` and ``VALUE`` in a result stand for the type of the collection's items, of the
whole, and of a dict's keys and values.
"""

from collections.abc import Mapping

from conduitc.frontend.effects.local_types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    JSON,
    STR,
    STRINGS,
    iterator,
)  # fmt: skip
from conduitc.ir.types import ANY, NONE, ArrayOf, External, Scalar, TupleOf, Type, UnionOf

ITEM, SELF, VALUE, KEY = External("*item"), External("*self"), External("*value"), External("*key")

_DATE, _TIME, _DATETIME, _DELTA = map(Scalar, ("date", "time", "datetime", "timedelta"))
_OPTIONAL_STR = UnionOf((STR, NONE))
_PATH = External("pathlib.Path")
_MATCH = UnionOf((External("re.Match"), NONE))


def _named(results: Mapping[str, Type]) -> dict[str, Type]:
    return {name: type_ for names, type_ in results.items() for name in names.split()}


_TEXT = {
    "capitalize center expandtabs join ljust lower lstrip removeprefix removesuffix replace rjust rstrip"
    " strip swapcase title translate upper zfill": SELF,
    "count find index rfind rindex": INT,
    "endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith": BOOL,
    "partition rpartition": TupleOf((SELF, SELF, SELF)), "rsplit split splitlines": ArrayOf("list", SELF),
}  # fmt: skip
_CLOCK = {"isoformat strftime tzname": STR, "utcoffset dst": UnionOf((_DELTA, NONE)), "replace": SELF}
_CALENDAR = {"isoformat strftime ctime": STR, "isoweekday weekday toordinal": INT, "replace": SELF,
             "timetuple": External("time.struct_time"), "isocalendar": TupleOf((INT, INT, INT))}  # fmt: skip
_SETS = {"copy difference intersection symmetric_difference union": SELF,
         "isdisjoint issubset issuperset": BOOL}  # fmt: skip
_MULTI = {"get": _OPTIONAL_STR, "getlist": STRINGS, "keys values": iterator(STR),
          "items": iterator(TupleOf((STR, STR)))}  # fmt: skip
_LIST = {
    "append clear extend insert remove reverse sort": NONE,
    "copy": SELF,
    "count index": INT,
    "pop": ITEM,
}

_METHODS: dict[str, dict[str, Type]] = {
    "str": {**_TEXT, "casefold format format_map": STR, "encode": BYTES, "maketrans": ANY,
            "isdecimal isidentifier isnumeric isprintable": BOOL},
    "bytes": {**_TEXT, "decode hex": STR, "fromhex": BYTES},
    "builtins.bytearray": {**_TEXT, "decode hex": STR, "append extend clear": NONE},
    "int": {"bit_count bit_length": INT, "to_bytes": BYTES, "from_bytes conjugate": INT,
            "as_integer_ratio": TupleOf((INT, INT))},
    "bool": {},
    "float": {"as_integer_ratio": TupleOf((INT, INT)), "hex": STR, "is_integer": BOOL, "conjugate": FLOAT},
    "list": _LIST,
    "tuple": {"count index": INT},
    "set": {**_SETS, "add clear discard difference_update intersection_update remove update"
            " symmetric_difference_update": NONE, "pop": ITEM},
    "frozenset": _SETS,
    "dict": {"clear update": NONE, "copy": SELF, "get": UnionOf((VALUE, NONE)), "pop setdefault": VALUE,
             "popitem": TupleOf((KEY, VALUE)), "items": iterator(TupleOf((KEY, VALUE))),
             "keys": iterator(KEY), "values": iterator(VALUE), "fromkeys": ANY, "move_to_end": NONE},
    "collections.deque": {**_LIST, "appendleft extendleft rotate": NONE, "popleft": ITEM},
    "collections.Counter": {"clear subtract update": NONE, "copy": SELF, "elements": iterator(ANY),
                            "most_common": ArrayOf("list", TupleOf((ANY, INT))), "total get": INT,
                            "items": iterator(TupleOf((ANY, INT))), "keys": iterator(ANY),
                            "values": iterator(INT)},
    "date": _CALENDAR,
    "datetime": {**_CALENDAR, **_CLOCK, "astimezone": _DATETIME, "date": _DATE, "time timetz": _TIME,
                 "timestamp": FLOAT, "utctimetuple": External("time.struct_time")},
    "time": _CLOCK,
    "timedelta": {"total_seconds": FLOAT},
    "decimal": {"quantize normalize copy_abs copy_negate sqrt to_integral_value": Scalar("decimal"),
                "is_finite is_nan is_signed is_zero": BOOL, "as_integer_ratio": TupleOf((INT, INT))},
    "uuid": {},
    "fractions.Fraction": {"limit_denominator": SELF},
    "re.Pattern": {"fullmatch match search": _MATCH, "findall": ArrayOf("list", JSON), "split": STRINGS,
                   "finditer": iterator(External("re.Match")), "sub": STR, "subn": TupleOf((STR, INT))},
    "re.Match": {"group": _OPTIONAL_STR, "groups": ArrayOf("tuple", _OPTIONAL_STR), "expand": STR,
                 "groupdict": External("*groups"), "start end": INT, "span": TupleOf((INT, INT))},
    "hashlib.hash": {"digest": BYTES, "hexdigest": STR, "update": NONE, "copy": SELF},
    "pathlib.Path": {"joinpath relative_to with_name with_stem with_suffix": _PATH, "as_posix as_uri": STR,
                     "is_absolute is_relative_to match": BOOL},
    "os.environ": {"get": _OPTIONAL_STR, "items": iterator(TupleOf((STR, STR))),
    "keys values": iterator(STR)},
    "conduit.Query": _MULTI, "conduit.Headers": _MULTI, "conduit.Cookies": _MULTI,
    "conduit.State": {"clear update": NONE, "get pop setdefault": ANY, "items": iterator(TupleOf((STR, ANY))),
                      "keys": iterator(STR), "values": iterator(ANY)},
    "conduit.Request": {},
    **{f"conduit.{name}": {} for name in (
        "Event", "EventStream", "File", "HTML", "HTTPResponse", "JSON", "Redirect", "Response", "Stream",
        "Text",
    )},
    "*json": {"get pop setdefault copy keys values items": JSON,
    "append extend insert update clear sort": NONE,
              "index": INT, "bit_length": INT, "is_integer": BOOL, **_TEXT,
              "casefold format": STR, "encode": BYTES, "isdecimal isnumeric": BOOL},
}  # fmt: skip

_ATTRIBUTES: dict[str, dict[str, Type]] = {
    "int": {"denominator imag numerator real": INT},
    "float": {"imag real": FLOAT},
    "date": {"day month year": INT},
    "datetime": {"day hour fold microsecond minute month second year": INT, "tzinfo": ANY},
    "time": {"fold hour microsecond minute second": INT, "tzinfo": ANY},
    "timedelta": {"days microseconds seconds": INT},
    "uuid": {"hex urn": STR, "int": INT, "bytes": BYTES, "version": INT},
    "fractions.Fraction": {"denominator numerator": INT},
    "re.Match": {"string": STR, "lastindex": UnionOf((INT, NONE))},
    "re.Pattern": {"flags groups": INT, "pattern": STR},
    "hashlib.hash": {"name": STR, "block_size digest_size": INT},
    "pathlib.Path": {"name stem suffix drive root anchor": STR, "parent": _PATH, "suffixes": STRINGS,
                     "parts": ArrayOf("tuple", STR), "parents": iterator(_PATH)},
    "time.struct_time": {"tm_hour tm_isdst tm_mday tm_min tm_mon tm_sec tm_wday tm_yday tm_year": INT},
    **{f"conduit.{name}": {"status": INT, "headers": External("conduit.Headers"), "body": BYTES} for name in (
        "HTML", "HTTPResponse", "JSON", "Redirect", "Response", "Text",
    )},
}  # fmt: skip

METHODS = {kind: _named(results) for kind, results in _METHODS.items()}
ATTRIBUTES = {kind: _named(results) for kind, results in _ATTRIBUTES.items()}

#: Methods that change what they are called on.
CHANGES = frozenset(
    [
        "add",
        "append",
        "appendleft",
        "clear",
        "difference_update",
        "discard",
        "extend",
        "extendleft",
        "insert",
        "intersection_update",
        "move_to_end",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "reverse",
        "rotate",
        "setdefault",
        "sort",
        "subtract",
        "symmetric_difference_update",
        "update",
    ]
)
#: Those that make a list longer.
GROWS = frozenset(("append", "appendleft", "extend", "extendleft", "insert"))
#: Those whose arguments are stored, not looked at.
STORES = frozenset(("append", "appendleft", "insert", "extend", "extendleft"))
#: Those that look at their first argument only.
KEYED = frozenset(("get", "getlist", "pop", "setdefault"))
#: Those that call a function given as ``key`` or at this place.
CALLS_BACK: dict[str, tuple[int | str, ...]] = {"sort": ("key",), "sub": (0, "repl"), "subn": (0, "repl")}
