"""What a function may call and still be proven not to block: names outside the project, and what they give.

``FUNCTIONS`` maps full names to their result; ``VALUES`` are attributes of modules. Whatever is on neither
list, nor in ``closed_methods``, is not proven. Left out on purpose: what writes (``print``), looks anything
up by name (``getattr``), touches contextvars, or may be slow by design (``pbkdf2_hmac``).
"""

from conduitc.frontend.effects.local_types import (
    BOOL,
    BYTES,
    DICT,
    ENDLESS,
    FLOAT,
    INT,
    JSON,
    LIST,
    NUMBER,
    SET,
    STR,
    STRINGS,
    iterator,
)  # fmt: skip
from conduitc.ir.types import ANY, NONE, ArrayOf, External, Scalar, TupleOf, Type, UnionOf

_PAIR = TupleOf((STR, STR))
_DATE, _TIME, _DATETIME = Scalar("date"), Scalar("time"), Scalar("datetime")
_DELTA, _UUID, _DECIMAL = Scalar("timedelta"), Scalar("uuid"), Scalar("decimal")
_MATCH = UnionOf((External("re.Match"), NONE))
_PATTERN, _HASH, _PATH = External("re.Pattern"), External("hashlib.hash"), External("pathlib.Path")
_FRACTION = External("fractions.Fraction")
_TUPLE = ArrayOf("tuple", ANY)


def _module(prefix: str, results: dict[str, Type]) -> dict[str, Type]:
    """``{"a b": T}`` → ``{"prefix.a": T, "prefix.b": T}``."""
    return {f"{prefix}.{name}": type_ for names, type_ in results.items() for name in names.split()}


FUNCTIONS: dict[str, Type] = {
    **_module("builtins", {
        "all any bool callable isinstance issubclass": BOOL,
        "ascii bin chr format hex oct repr str": STR,
        "hash id int len ord": INT,
        "float": FLOAT, "bytes": BYTES, "bytearray": External("builtins.bytearray"),
        "complex": External("builtins.complex"), "slice": External("builtins.slice"),
        "abs divmod max min next pow round sum type object": ANY,
        "dict": DICT, "frozenset": ArrayOf("frozenset", ANY), "list sorted": LIST, "set": SET,
        "tuple": _TUPLE,
        "dict.fromkeys": DICT,
        "enumerate filter iter map reversed zip": iterator(ANY), "range": iterator(INT),
    }),
    **_module("json", {"dumps": STR, "loads": JSON}),
    **_module("msgspec", {"to_builtins": JSON, "convert": ANY, "json.decode": JSON, "json.encode": BYTES,
                          "msgpack.decode": JSON, "msgpack.encode": BYTES, "structs.replace": ANY,
                          "structs.asdict": DICT, "structs.astuple": _TUPLE}),
    **_module("math", {
        "acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees dist erf erfc exp exp2"
        " expm1 fabs fmod fsum gamma hypot ldexp lgamma log log10 log1p log2 nextafter pow radians remainder"
        " sin sinh sqrt tan tanh ulp": FLOAT,
        "ceil comb factorial floor gcd isqrt lcm perm trunc": INT,
        "isclose isfinite isinf isnan": BOOL, "prod": NUMBER,
        "frexp modf": ArrayOf("tuple", NUMBER),
    }),
    **_module("re", {"compile": _PATTERN, "fullmatch match search": _MATCH, "findall": ArrayOf("list", JSON),
                     "finditer": iterator(External("re.Match")), "split": STRINGS, "escape sub": STR,
                     "subn": TupleOf((STR, INT))}),
    **_module("datetime", {
        "date date.fromisocalendar date.fromisoformat date.fromordinal date.fromtimestamp date.today": _DATE,
        "datetime datetime.combine datetime.fromisocalendar datetime.fromisoformat datetime.fromordinal"
        " datetime.fromtimestamp datetime.now datetime.strptime datetime.today datetime.utcfromtimestamp"
        " datetime.utcnow": _DATETIME,
        "time time.fromisoformat": _TIME, "timedelta": _DELTA, "timezone": External("datetime.timezone"),
    }),
    **_module("uuid", {"UUID uuid3 uuid4 uuid5": _UUID}),
    **_module("decimal", {"Decimal Decimal.from_float": _DECIMAL}),
    **_module("fractions", {"Fraction": _FRACTION}),
    **_module("statistics", {
        "correlation covariance fmean geometric_mean harmonic_mean mean median pstdev pvariance"
        " stdev variance": NUMBER, "median_high median_low mode": JSON,
        "multimode quantiles": ArrayOf("list", JSON),
    }),
    **_module("hashlib", {
        "blake2b blake2s md5 new sha1 sha224 sha256 sha384 sha3_256 sha3_512 sha512": _HASH,
    }),
    **_module("hmac", {"compare_digest": BOOL, "digest": BYTES, "new": _HASH}),
    **_module("secrets", {"compare_digest": BOOL, "randbelow randbits": INT, "token_bytes": BYTES,
                          "token_hex token_urlsafe": STR}),
    **_module("random", {"random uniform gauss triangular": FLOAT, "randint randrange getrandbits": INT}),
    **_module("base64", {
        "a85decode a85encode b16decode b16encode b32decode b32encode b64decode b64encode b85decode b85encode"
        " standard_b64decode standard_b64encode urlsafe_b64decode urlsafe_b64encode": BYTES,
    }),
    **_module("binascii", {"a2b_base64 a2b_hex b2a_base64 b2a_hex hexlify unhexlify": BYTES, "crc32": INT}),
    **_module("zlib", {"adler32 crc32": INT}),
    **_module("html", {"escape unescape": STR}),
    **_module("textwrap", {"dedent fill indent shorten": STR, "wrap": STRINGS}),
    **_module("string", {"capwords": STR}),
    **_module("unicodedata", {"category normalize": STR}),
    **_module("urllib.parse", {
        "quote quote_plus unquote unquote_plus urlencode urljoin urlunsplit": STR,
        "parse_qs": DICT, "parse_qsl": ArrayOf("list", _PAIR), "urlsplit urlparse": ArrayOf("tuple", STR),
    }),
    **_module("itertools", {
        "accumulate chain chain.from_iterable combinations combinations_with_replacement compress dropwhile"
        " filterfalse groupby islice pairwise permutations product starmap takewhile zip_longest":
        iterator(ANY),
        "count cycle repeat": ENDLESS,
    }),
    **_module("functools", {"reduce": ANY, "cmp_to_key partial": ANY}),
    **_module("operator", {
        "itemgetter attrgetter": External("operator.getter"),
        "add floordiv getitem mod mul neg pow sub truediv": ANY,
        "contains eq ge gt le lt ne not_ truth": BOOL,
    }),
    **_module("collections", {
        "Counter": External("collections.Counter"), "OrderedDict defaultdict": DICT,
        "deque": ArrayOf("collections.deque", ANY),
    }),
    **_module("copy", {"copy deepcopy": ANY}),
    **_module("dataclasses", {"asdict": DICT, "astuple": _TUPLE, "replace": ANY}),
    **_module("heapq", {"heapify heappush": NONE, "heappop heappushpop heapreplace": ANY,
                        "nlargest nsmallest": LIST}),
    **_module("bisect", {"bisect bisect_left bisect_right": INT, "insort insort_left insort_right": NONE}),
    **_module("time", {"monotonic perf_counter process_time thread_time time": FLOAT,
                       "monotonic_ns perf_counter_ns time_ns": INT, "ctime strftime": STR,
                       "gmtime localtime": External("time.struct_time")}),
    **_module("os", {"fspath": STR, "getpid": INT, "getenv": UnionOf((STR, NONE)),
    "path.basename path.dirname"
                     " path.join path.normpath": STR, "path.split path.splitext": _PAIR, "path.isabs": BOOL}),
    **_module("pathlib", {"Path PurePath PurePosixPath": _PATH}),
    **_module("typing", {"cast": ANY}),
    **_module("contextlib", {"nullcontext suppress": External("*context")}),
    **{f"conduit.{name}": External(f"conduit.{name}") for name in (
        "Event", "EventStream", "HTML", "HTTPError", "HTTPResponse", "JSON", "Redirect", "Response",
        "Stream", "Text",
    )},
}  # fmt: skip

VALUES: dict[str, Type] = {
    **_module("math", {"e inf nan pi tau": FLOAT}),
    **_module("string", {
        "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits printable punctuation"
        " whitespace": STR,
    }),
    **_module("datetime", {"UTC timezone.utc": External("datetime.timezone"), "date.max date.min": _DATE,
                           "datetime.max datetime.min": _DATETIME, "timedelta.max timedelta.min": _DELTA}),
    **_module("re", {
        "A ASCII DOTALL I IGNORECASE M MULTILINE S U UNICODE VERBOSE X": External("re.RegexFlag"),
    }),
    **_module("uuid", {"NAMESPACE_DNS NAMESPACE_OID NAMESPACE_URL NAMESPACE_X500": _UUID}),
    **_module("decimal", {"ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP"
                          " ROUND_UP": STR}),
    **_module("sys", {"maxsize": INT, "platform version": STR}),
    **_module("os", {"linesep sep": STR, "environ": External("os.environ")}),
}  # fmt: skip

#: Calls whose arguments may be anything: they store or encode them, or look at the type alone.
TAKES_ANYTHING = frozenset({
    "builtins.callable", "builtins.id", "builtins.isinstance", "builtins.issubclass", "builtins.object",
    "builtins.type", "builtins.zip", "builtins.enumerate", "builtins.iter", "builtins.next",
    "contextlib.nullcontext", "contextlib.suppress", "functools.partial", "json.dumps", "msgspec.json.encode",
    "msgspec.msgpack.encode", "typing.cast",
    *(name for name in FUNCTIONS if name.startswith("conduit.")),
})  # fmt: skip

#: Arguments of which only the outside is touched: it is iterated over or counted.
SHALLOW = frozenset({
    "builtins.dict", "builtins.len", "builtins.list", "builtins.reversed", "builtins.tuple", "copy.copy",
    "builtins.bool", "builtins.map", "builtins.filter", "collections.deque", "collections.defaultdict",
    "itertools.chain", "itertools.chain.from_iterable", "itertools.islice", "itertools.pairwise",
    "itertools.starmap", "itertools.zip_longest", "itertools.count", "itertools.cycle", "itertools.repeat",
    "functools.reduce", "itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse",
})  # fmt: skip

#: May be given something without an end.
ENDS_BY_ITSELF = frozenset({
    "builtins.zip", "builtins.next", "builtins.iter", "itertools.islice", "builtins.enumerate",
})  # fmt: skip

#: Positions and keywords at which a function is called back.
CALLBACKS: dict[str, tuple[int | str, ...]] = {
    "builtins.filter": (0,), "builtins.map": (0,), "builtins.max": ("key",), "builtins.min": ("key",),
    "builtins.sorted": ("key",), "collections.defaultdict": (0,), "functools.cmp_to_key": (0,),
    "functools.partial": (0,), "functools.reduce": (0,), "heapq.nlargest": ("key",),
    "heapq.nsmallest": ("key",),
    "itertools.accumulate": (1, "func"), "itertools.dropwhile": (0,), "itertools.filterfalse": (0,),
    "itertools.groupby": (1, "key"), "itertools.starmap": (0,), "itertools.takewhile": (0,),
    "json.dumps": ("default", "cls"), "json.loads": ("object_hook", "parse_float", "parse_int", "cls"),
    "msgspec.convert": ("dec_hook",), "msgspec.json.decode": ("dec_hook",),
    "msgspec.json.encode": ("enc_hook",), "msgspec.to_builtins": ("enc_hook",), "re.sub": (1, "repl"),
    "re.subn": (1, "repl"),
}  # fmt: skip
